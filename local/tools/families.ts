import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../paths.ts";
import { familyKey } from "./key.ts";
import { previousIstio, recipes, type Recipe } from "./recipes.ts";

/** Holds the tools folders, and beside them what they link to. */
export const toolsRoot = join(cacheDir, "tools");

/** Where a family's build is kept; the folder exists only when it is whole. */
export function familyDir(recipe: Recipe): string {
  return join(toolsRoot, "families", `${recipe.name}-${familyKey(recipe)}`);
}

const isBuilt = (recipe: Recipe): boolean => existsSync(familyDir(recipe));

/**
 * The families of the tools folder, in the order in which they are built. With those of the previous Istio where they
 * are asked for or were built before: then the images are theirs, which have the others' too.
 */
export function families(withPreviousIstio: boolean): Recipe[] {
  if (!withPreviousIstio && !previousIstio.every(isBuilt)) return recipes;
  return [...recipes.filter(({ kind }) => kind !== "images"), ...previousIstio];
}

/** Those that are not built yet. */
export function missing(of: readonly Recipe[]): Recipe[] {
  return of.filter((recipe) => !isBuilt(recipe));
}

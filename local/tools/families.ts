import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../paths.ts";
import { familyKey } from "./key.ts";
import { recipes, type Recipe } from "./recipes.ts";

/** Holds the tools folders, and beside them what they link to. */
export const toolsRoot = join(cacheDir, "tools");

/** Where a family's build is kept; the folder exists only when it is whole. */
export function familyDir(recipe: Recipe): string {
  return join(toolsRoot, "families", `${recipe.name}-${familyKey(recipe)}`);
}

/** The families that are not built yet, in the order in which they are built. */
export function missingFamilies(): Recipe[] {
  return recipes.filter((recipe) => !existsSync(familyDir(recipe)));
}

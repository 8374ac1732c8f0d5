import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { previousIstio, recipes, type Recipe } from "./recipes.ts";

const local = join(import.meta.dirname, "..");

/**
 * A digest of all that decides what a family's build makes: its recipe with the versions, its go.mod, go.sum and Go
 * sources, and for images our own code and the keys of the families inside them. Twelve hex digits.
 */
export function familyKey(recipe: Recipe): string {
  const hash = createHash("sha256").update(JSON.stringify(recipe));
  for (const file of sources(recipe)) {
    hash.update(`\n${relative(local, file)}\n`).update(readFileSync(file));
  }
  if (recipe.kind === "images") {
    for (const name of recipe.needs) hash.update(familyKey(recipeOf(name)));
  }
  return hash.digest("hex").slice(0, 12);
}

let known: string | undefined;

/** A digest of every family's key: names the tools folder. It stays the same as long as a process lives. */
export function toolsKey(): string {
  return (known ??= digestOfAll());
}

function digestOfAll(): string {
  const hash = createHash("sha256");
  for (const recipe of [...recipes, ...previousIstio]) hash.update(`${recipe.name} ${familyKey(recipe)}\n`);
  return hash.digest("hex").slice(0, 12);
}

function recipeOf(name: string): Recipe {
  const recipe = [...recipes, ...previousIstio].find((one) => one.name === name);
  if (recipe === undefined) throw new Error(`No family of tools is called ${name}.`);
  return recipe;
}

function sources(recipe: Recipe): string[] {
  switch (recipe.kind) {
    case "go":
      return filesBelow(join(local, recipe.module), /((?<!_test)\.go|go\.mod|go\.sum)$/);
    case "charts":
      return [join(local, recipe.module, "go.mod"), join(import.meta.dirname, "charts.ts")];
    case "images":
      return filesBelow(join(local, "images"), /\.ts$/);
    default:
      return [];
  }
}

function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

import { join } from "node:path";
import type { GoRecipe } from "./recipes.ts";
import { run } from "./run.ts";

const local = join(import.meta.dirname, "..");

/** Compiles a Go family's executables into `<dest>/<recipe.into>`. Modules and objects stay in Go's own caches. */
export async function buildGo(recipe: GoRecipe, dest: string, logFile: string): Promise<void> {
  await run("go", goArguments(recipe, dest), {
    cwd: join(local, recipe.module),
    // Without C there is nothing to match with the host's libraries, and the executables run in any image.
    env: { CGO_ENABLED: "0", GOOS: "linux", GOWORK: "off" },
    logFile,
  });
}

/** Only what go.sum names is used (`-mod=readonly`); `-v` prints each compiled package, which counts as progress. */
export function goArguments(recipe: GoRecipe, dest: string): string[] {
  const stamps = Object.entries(recipe.stamps ?? {}).map(([variable, value]) => `-X ${variable}=${value}`);
  return [
    "build",
    "-v",
    "-mod=readonly",
    "-buildvcs=false",
    "-trimpath",
    ...(recipe.tags === undefined ? [] : ["-tags", recipe.tags.join(",")]),
    "-ldflags",
    ["-s", "-w", ...stamps].join(" "),
    "-o",
    // The trailing slash makes it a folder also for a single package.
    join(dest, recipe.into) + "/",
    ...recipe.packages,
  ];
}

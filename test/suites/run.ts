/**
 * Runs the suites of a set, one after the other, and prints a table with their times.
 *
 *     node test/suites/run.ts gate     what a change must pass; stops at the first suite that fails
 *     node test/suites/run.ts full     everything; a suite that has passed on the very files that it reads is not run again
 *     node test/suites/run.ts full experiments     of that, the suites with this word in their name
 *
 * Logs stay beside the cache (`$ISTIO_LAB_CACHE`, default `~/.cache/istio-lab`), outside the checkout.
 */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cacheDir } from "../../local/paths.ts";
import { treeHash } from "../../local/tree-hash.ts";
import { count, type Count } from "./count.ts";
import { suites, type Suite } from "./suites.ts";

interface Result extends Count {
  readonly suite: string;
  readonly seconds: number;
  readonly note: string;
}

const root = resolve(import.meta.dirname, "../..");

async function main(set: string | undefined, word = ""): Promise<number> {
  if (set !== "gate" && set !== "full") {
    process.stderr.write('Name a set: "gate" or "full", as in: npm run test:full\n');
    return 2;
  }
  const wanted = suites.filter(({ name, sets }) => sets.includes(set) && name.includes(word));
  if (wanted.length === 0) {
    process.stderr.write(
      `No suite has "${word}" in its name. There are: ${suites.map(({ name }) => name).join("; ")}\n`,
    );
    return 2;
  }
  const folder = join(cacheDir, "suites");
  await mkdir(folder, { recursive: true });
  const results: Result[] = [];
  for (const suite of wanted) {
    const result = await runSuite(suite, folder, set === "full");
    results.push(result);
    if (set === "gate" && result.failed > 0) break;
  }
  return report(results, folder);
}

async function runSuite(suite: Suite, folder: string, resume: boolean): Promise<Result> {
  const name = join(folder, `${suite.name.replace(/[^a-z]+/g, "-")}-${treeHash(root, suite.reads)}`);
  const passedFile = `${name}.passed`;
  if (
    resume &&
    (await access(passedFile).then(
      () => true,
      () => false,
    ))
  ) {
    const earlier = JSON.parse(await readFile(passedFile, "utf8")) as Result;
    return { ...earlier, note: "passed earlier on the same files" };
  }
  process.stdout.write(`\n== ${suite.name}: npm run ${suite.script.join(" ")}\n`);
  const started = performance.now();
  const logFile = `${name}.log`;
  const { output, exitCode } = await runScript(suite.script, logFile);
  const counted = count(output, exitCode);
  const seconds = (performance.now() - started) / 1000;
  const result: Result = { suite: suite.name, seconds, ...counted, note: counted.failed > 0 ? `see ${logFile}` : "" };
  if (counted.failed === 0) await writeFile(passedFile, JSON.stringify(result));
  return result;
}

function runScript(script: readonly string[], logFile: string): Promise<{ output: string; exitCode: number }> {
  return new Promise((done, fail) => {
    const child = spawn("npm", ["run", "--silent", ...script], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(logFile);
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
      log.write(chunk);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", fail);
    child.on("close", (code) => {
      log.end();
      done({ output, exitCode: code ?? 1 });
    });
  });
}

function report(results: readonly Result[], folder: string): number {
  const width = Math.max(...results.map(({ suite }) => suite.length));
  process.stdout.write("\n");
  for (const { suite, seconds, passed, failed, note } of results) {
    const row = `${suite.padEnd(width)}  ${seconds.toFixed(0).padStart(5)} s  ${String(passed)} passed, ${String(failed)} failed`;
    process.stdout.write(`${row}${note === "" ? "" : `  (${note})`}\n`);
  }
  const passed = results.reduce((total, result) => total + result.passed, 0);
  const failed = results.reduce((total, result) => total + result.failed, 0);
  const minutes = results.reduce((total, { seconds }) => total + seconds, 0) / 60;
  process.stdout.write(
    `${minutes.toFixed(1)} min in all. Logs: ${folder}\n\n${String(passed)} passed, ${String(failed)} failed\n`,
  );
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv[2], process.argv[3]);

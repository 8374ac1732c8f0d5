/**
 * Starts a program as Pulumi's language host does: the SDK's run script (which loads source-map-support), the `nodeargs`
 * of Pulumi.yaml, configuration in the environment.
 * https://github.com/pulumi/pulumi, sdk/nodejs/cmd/pulumi-language-nodejs/main.go; `nodeargs` without quotes.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { parse } from "yaml";

export const root = resolve(import.meta.dirname, "../..");
const runScript = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run");
const usageHook = resolve(import.meta.dirname, "usage.mjs");

export interface Program {
  /** The file that exports the program. */
  readonly path: string;
  /** As the engine hands it over: full keys, structures as JSON text. */
  readonly config: Readonly<Record<string, string>>;
  /** Further environment of the process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What one process took, by the operating system's count. */
export interface Usage {
  /** Seconds from start to end. */
  readonly wall: number;
  /** Seconds of processor time, of all its threads. */
  readonly cpu: number;
  /** Peak of resident memory, MiB. */
  readonly peak: number;
}

/**
 * Runs a program to its end.
 * @param engine address of the engine and resource monitor
 * @throws when it ends with an error, with all that it printed
 */
export async function runProgram(program: Program, engine: string): Promise<Usage> {
  const started = performance.now();
  const child = spawn(process.execPath, runArguments(program.path, engine), {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: { ...process.env, ...environment(program) },
  });
  const printed = [child.stdout, child.stderr, child.stdio[3]].map((stream) => text(stream as Readable));
  const [code] = (await once(child, "exit")) as [number | null];
  const wall = (performance.now() - started) / 1000;
  const [output = "", errors = "", usage = ""] = await Promise.all(printed);
  if (code !== 0) throw new Error(`${program.path} ended with exit code ${code ?? "none"}:\n${output}${errors}`);
  const { cpuMicroseconds, peakKiB } = JSON.parse(usage) as { cpuMicroseconds: number; peakKiB: number };
  return { wall, cpu: cpuMicroseconds / 1e6, peak: peakKiB / 1024 };
}

function runArguments(path: string, engine: string): string[] {
  const { nodeargs } = runtimeOptions();
  return [
    ...nodeargs.split(/\s+/),
    `--import=${usageHook}`,
    runScript,
    ...["--monitor", engine, "--engine", engine],
    ...["--organization", "organization", "--project", "istio-lab", "--stack", "bench"],
    ...["--pwd", root, "--root_directory", root],
    // The engine's own default: https://github.com/pulumi/pulumi, pkg/cmd/pulumi/operations/up.go
    ...["--parallel", String(4 * availableParallelism())],
    path,
  ];
}

function environment({ config, environment: further }: Program): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: "[]",
    PULUMI_NODEJS_TYPESCRIPT: String(runtimeOptions().typescript),
    ...further,
  };
}

/** The `runtime: options:` of Pulumi.yaml. */
function runtimeOptions(): { nodeargs: string; typescript: boolean } {
  const project = parse(readFileSync(resolve(root, "Pulumi.yaml"), "utf8")) as {
    runtime: { options: { nodeargs: string; typescript: boolean } };
  };
  return project.runtime.options;
}

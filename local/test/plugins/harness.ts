import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, places } from "../../commands/environment.ts";
import { toolsDir } from "../../paths.ts";
import { installCommands, installPlugins } from "../../plugins/host/launchers.ts";

/** The SDKs that a program imports are those of the lab itself. */
const modules = join(import.meta.dirname, "..", "..", "..", "node_modules");
const toolsBin = join(toolsDir(), "bin");

/** Whether there is a real engine to test with. */
export const engineBuilt = existsSync(join(toolsBin, "pulumi")) && existsSync(modules);

/** What a command printed (both streams, in order of arrival per stream) and how it ended. */
export interface Ran {
  code: number;
  output: string;
}

/** A throwaway Pulumi project on the stand-ins, with a state of its own, outside the closed world. */
export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), "istio-lab-test-"));
  readonly at = places(join(this.directory, "run"));
  readonly #program = join(this.directory, "program");

  constructor() {
    installCommands(this.at.bin);
    installPlugins(this.at.pulumiHome, modules);
    mkdirSync(this.at.backend);
    mkdirSync(this.#program);
    symlinkSync(modules, join(this.#program, "node_modules"));
    writeFileSync(join(this.#program, "package.json"), JSON.stringify({ name: "test", type: "module" }));
    this.write("");
  }

  /** Replaces the program, and the options of its runtime. */
  write(source: string, options = "typescript: false"): void {
    writeFileSync(join(this.#program, "index.ts"), source);
    writeFileSync(
      join(this.#program, "Pulumi.yaml"),
      `name: test\nruntime: {name: nodejs, options: {${options}}}\nmain: index.ts\n`,
    );
  }

  /** Adds a file beside the program. */
  writeFile(name: string, content: string): void {
    writeFileSync(join(this.#program, name), content);
  }

  /** Runs the real Pulumi CLI. */
  pulumi(args: string[], environmentChanges: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const env = { ...environment(this.at, toolsBin), ...environmentChanges };
    const all = [...args, "--non-interactive", "--color", "never"];
    return new Promise((resolve) => {
      execFile(
        join(toolsBin, "pulumi"),
        all,
        { cwd: this.#program, env, maxBuffer: 1 << 26 },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
          resolve({ code, output: `${stdout}\n${stderr}` });
        },
      );
    });
  }

  /** The stack's outputs, secrets in clear. */
  async outputs(): Promise<Record<string, unknown>> {
    const { output } = await this.pulumi(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1)) as Record<string, unknown>;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

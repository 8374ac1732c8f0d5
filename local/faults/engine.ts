/** The real Pulumi engine against the local cloud, as the fault suites use it. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../cloud/faults.ts";
import { enterCommand } from "../cloud/world.ts";
import { places } from "../commands/environment.ts";
import { writeKubeconfig } from "../commands/kubeconfig.ts";
import { openSession } from "../commands/session.ts";
import type { Session } from "../commands/session.ts";
import { cacheDir, runDir } from "../paths.ts";
import { callCloud, cloudSocket } from "../plugins/aws/transport.ts";
import { runWithin } from "./deadline.ts";
import type { Limit, Outcome } from "./deadline.ts";
import type { Position } from "./seeded.ts";

/** Seconds in which a line ends that nothing else is known of: a whole `up` with nodes takes a third of that. */
const patience = 1200;

/** What Pulumi says went wrong, without the hundreds of lines of what it did before. */
export function diagnostics(output: string): string {
  const begin = output.lastIndexOf("\nDiagnostics:");
  const end = output.slice(begin).search(/\n(Outputs|Resources):/) + begin;
  if (begin < 0) return output.trimEnd().split("\n").slice(-30).join("\n");
  return output.slice(begin + 1, end < begin ? undefined : end).trimEnd();
}

/** @throws AssertionError with what Pulumi said went wrong */
export function succeeded(outcome: Outcome): void {
  if (outcome.exitCode !== 0)
    assert.fail(
      `exit code ${String(outcome.exitCode)}\n${diagnostics(outcome.output)}\nThe whole output is in ${logs}`,
    );
}

/** How the provider names an object or a release that was made and does not get ready. */
const unready = /(Helm release "|resource |reported that ")[\w./-]+.* failed to (fully )?initialize/;

/** What Pulumi says of the stack after the errors of its resources. */
const closing = /^error: update failed(\n|$)/;

/** @throws AssertionError when a run failed without naming what does not get ready, or over something else too */
export function succeededOrNamedUnready(outcome: Outcome): void {
  const errors = errorsOf(diagnostics(outcome.output)).filter((error) => !closing.test(error));
  if (errors.length === 0 || !errors.every((error) => unready.test(error))) succeeded(outcome);
}

/** Each with its further lines, up to the next message. */
function errorsOf(text: string): string[] {
  return text.split(/^\s*(?=(?:error|warning|info): )/m).filter((message) => message.startsWith("error: "));
}

/** A resource as Pulumi's state has it. */
export interface Recorded {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  /** Of what a plugin has made. */
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: string[];
  /** It has been replaced, and its own deletion is still to come. */
  readonly delete?: boolean;
}

/** An operation that was begun: `creating`, `updating`, `deleting` and others. */
export interface Pending extends Recorded {
  readonly operation: string;
}

type Variables = Readonly<Record<string, string>>;

/** What each run of the engine printed: kept until the next suite. */
const logs = join(cacheDir, "faults", "log");

/** Where Pulumi keeps the stack's state; its attributes lie beside it. */
export const stateFile = join(places(runDir).backend, ".pulumi", "stacks", "istio-lab", "multi.json");

const withoutNodes = process.env["ISTIO_LAB_NODES"] === "none";

/** An upgrade of these releases closes Istio's webhooks until istiod opens them again, and without nodes none runs. */
const failOpen = ["base", "istiod"]
  .map((chart) => `'istio-lab:mesh.values.${chart}.base.validationFailurePolicy'`)
  .map((path) => `pulumi config set --stack multi --path ${path} Ignore`)
  .join(" && ");

/** The stack `multi` on this suite's own cloud. */
export class Engine {
  readonly session: Session;
  /** Runs of the engine so far. */
  runs = 0;

  private constructor(session: Session) {
    this.session = session;
  }

  static async open(): Promise<Engine> {
    rmSync(logs, { recursive: true, force: true });
    mkdirSync(logs, { recursive: true });
    const engine = new Engine(await openSession());
    await engine.inside("pulumi stack select --create multi --non-interactive");
    if (withoutNodes) succeeded(await engine.inside(failOpen));
    return engine;
  }

  /**
   * Runs a line on the user's machine.
   * @throws Error when it has not ended in time; then it is no more, and neither is what it had started
   */
  inside(line: string): Promise<Outcome> {
    return this.#run({ what: line, seconds: patience }, line);
  }

  /** `pulumi up` without the preview, which would only take its time. */
  up(flags = "", seconds = patience): Promise<Outcome> {
    return this.pulumi(`up --skip-preview ${flags}`, seconds);
  }

  destroy(flags = "", seconds = patience, env: Variables = {}): Promise<Outcome> {
    return this.pulumi(`destroy --skip-preview ${flags}`, seconds, env);
  }

  async pulumi(command: string, seconds = patience, env: Variables = {}): Promise<Outcome> {
    const number = String(++this.runs).padStart(3, "0");
    const log = join(logs, `${number}-${command.split(" ")[0] ?? ""}.log`);
    const line = `pulumi ${command} --yes --stack multi --non-interactive --color never`;
    const done = await this.#run({ what: `pulumi ${command.trim()}`, seconds, log }, line, env);
    process.stderr.write(`      pulumi ${command.trim()}: ${done.exitCode} after ${done.seconds.toFixed(0)} s\n`);
    return done;
  }

  /** The resources of the state. */
  resources(): Recorded[] {
    return this.#state().resources ?? [];
  }

  /** All that is made by a plugin, which can fail; components and providers are Pulumi's own records. */
  positions(): Position[] {
    const made = this.resources().filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    return made.map(({ urn, type }) => ({ urn, type }));
  }

  /** What a run has begun and not ended, or a killed one has left in the state as begun. */
  pending(): Pending[] {
    return (this.#state().pending_operations ?? []).map(({ type, resource }) => ({ ...resource, operation: type }));
  }

  async arm(faults: readonly Fault[]): Promise<void> {
    await callCloud("/faults", { faults }, cloudSocket(runDir));
  }

  /** URNs whose fault has fired since faults were armed. */
  async fired(): Promise<string[]> {
    return ((await callCloud("/faults", undefined, cloudSocket(runDir))) as { fired: string[] }).fired;
  }

  /** Refreshes the contexts that kubectl knows, one for each cluster, and returns them. */
  async connect(): Promise<string[]> {
    await writeKubeconfig(runDir);
    const { output } = await this.inside("kubectl config get-contexts -o name");
    return output.split("\n").filter(Boolean);
  }

  #run(limit: Limit, line: string, env: Variables = {}): Promise<Outcome> {
    const argv = enterCommand(["bash", "-c", line], { cwd: this.session.workspace, runDir });
    return runWithin(limit, argv, { ...this.session.env, ...env });
  }

  #state(): { resources?: Recorded[]; pending_operations?: { type: string; resource: Recorded }[] } {
    if (!existsSync(stateFile)) return {};
    const { checkpoint } = JSON.parse(readFileSync(stateFile, "utf8")) as { checkpoint: { latest?: object } };
    return checkpoint.latest ?? {};
  }
}

/**
 * Runs the very program that `pulumi up` runs, without an engine, and returns what it registered.
 */
import * as pulumi from "@pulumi/pulumi";
import { type RecordedMessage, ResourceGraph } from "./graph.ts";
import { Recording } from "./monitor.ts";

export interface RecordOptions {
  /** The stack's name, such as `single`. */
  readonly stack: string;
  /** Configuration as the engine hands it over: full keys such as `istio-lab:clusters`, structures as JSON text. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys of `config` whose values are encrypted in the stack file. Default: none. */
  readonly secretKeys?: readonly string[];
  /** True: nothing exists yet and computed outputs are unknown, as in `pulumi preview`. Default: false. */
  readonly preview?: boolean;
  /** What to run instead of index.ts: a function whose result becomes the stack's outputs. */
  readonly program?: () => unknown;
}

const project = "istio-lab";
const entryPoint = new URL("../../index.ts", import.meta.url);

/** Pulumi's runtime has one global state, so runs in one process wait for each other. */
let previous: Promise<unknown> = Promise.resolve();

/** How a run went: what was registered until it ended, and every error, the program's own or the recorder's. */
export interface RecordedRun {
  readonly graph: ResourceGraph;
  readonly errors: readonly Error[];
}

/**
 * Records a run of the program. Runs in one process are queued; each takes well under a second once the SDKs are
 * loaded.
 * @returns every resource, call, message and stack output
 * @throws the recorder's error first (something that it has no fake for), else the program's own, which is a
 *   `pulumi.RunError` for a bad configuration
 */
export async function recordProgram(options: RecordOptions): Promise<ResourceGraph> {
  const { graph, errors } = await recordRun(options);
  if (errors[0] !== undefined) throw errors[0];
  return graph;
}

/** As `recordProgram`, but a run that fails is a result too. */
export function recordRun(options: RecordOptions): Promise<RecordedRun> {
  const run = previous.then(() => record(options));
  previous = run.catch(() => undefined);
  return run;
}

async function record(options: RecordOptions): Promise<RecordedRun> {
  const { stack, config, secretKeys = [], preview = false, program = loadAndRun } = options;
  const recording = new Recording(project, stack, preview);
  await recording.start();
  pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
  const { errors, messages } = await observed(async () => {
    await pulumi.runtime.runInPulumiStack(() => Promise.resolve().then(program));
    await waitForRequests();
  });
  const graph = new ResourceGraph(recording.nodes, recording.invokes, messages);
  return { graph, errors: [...recording.failures, ...errors] };
}

/** As Pulumi's own runner does: import the main module, and call what it exports by default. */
async function loadAndRun(): Promise<unknown> {
  const module = (await import(entryPoint.href)) as { default: () => unknown };
  return module.default();
}

/** Resolves when no request to the engine is on its way any more; the SDK does not declare it. */
function waitForRequests(): Promise<void> {
  return (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

/**
 * Runs `body` and returns its errors and its messages for the user. Errors in outputs surface as unhandled rejections,
 * one per output that they reach; Pulumi's runner listens for them in the same way.
 */
async function observed(body: () => Promise<void>): Promise<{ errors: Error[]; messages: RecordedMessage[] }> {
  const errors: Error[] = [];
  const note = (error: unknown): void => void errors.push(error instanceof Error ? error : new Error(String(error)));
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  const { messages, restore } = captureMessages();
  try {
    await body();
  } catch (error) {
    note(error);
  }
  // Rejections are reported after the microtasks of the turn in which they happened.
  await new Promise((resolve) => setImmediate(resolve));
  restore();
  process.removeListener("unhandledRejection", note);
  for (const listener of others) process.on("unhandledRejection", listener);
  return { errors, messages };
}

/** Without an engine to tell, the SDK prints `pulumi.log` messages to the console. */
function captureMessages(): { messages: RecordedMessage[]; restore: () => void } {
  const messages: RecordedMessage[] = [];
  const original = { log: console.log, warn: console.warn, error: console.error };
  for (const method of ["log", "warn", "error"] as const) {
    console[method] = (...args: unknown[]) => {
      const [, severity, text] = /^(info|warning|error): \[runtime\] ([^]*)$/.exec(String(args[0])) ?? [];
      if (severity === undefined || text === undefined) original[method](...args);
      else messages.push({ severity: severity as RecordedMessage["severity"], text });
    };
  }
  return { messages, restore: () => void Object.assign(console, original) };
}

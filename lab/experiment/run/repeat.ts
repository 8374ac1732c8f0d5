/** One repeat: load, steady state, the fault, the undo, steady state again. */
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "../../plan/usage-error.ts";
import { outside, type ClientOf, type Experiment, type Scene } from "../experiment.ts";
import { droppedOf } from "../measure/dropped.ts";
import { figuresOf, type Mark } from "../measure/figures.ts";
import type { Request } from "../measure/request.ts";
import type { Repeat } from "../result.ts";
import type { Clock, Phase } from "../show/progress.ts";
import type { LoadOptions } from "../workload/load.ts";
import { outsidePath } from "../workload/server.ts";
import { steady, type LoadClient, type ZoneOf } from "./load-client.ts";
import { OutsideClient } from "./outside-client.ts";
import { PodClient } from "./pod-client.ts";
import type { Meddling } from "./meddling.ts";
import { clusterOf } from "./running-lab.ts";
import { until } from "../../cluster/wait.ts";

export interface RepeatOptions {
  readonly load: LoadOptions;
  readonly zoneOf: ZoneOf;
  /** Aborted by whoever wants to end the run. */
  readonly signal: AbortSignal;
  /** Called each second while the load runs. */
  readonly progress: (clock: Pick<Clock, "phase" | "seconds">, load: readonly LoadClient[]) => void;
}

/** Seconds of the steady state that was waited for: they count as those before the fault. */
const settled = 5;

/** What a repeat yields before it is written down. */
export interface Measured extends Omit<Repeat, "log"> {
  readonly requests: readonly Request[];
}

/**
 * Undoes what it did, however it ends.
 * @throws UsageError where the lab is not in its steady state to begin with: nothing was done to it then
 */
export async function runRepeat(
  experiment: Experiment,
  scene: Scene,
  meddling: Meddling,
  options: RepeatOptions,
): Promise<Measured> {
  const { before = 10, during = 10, after = 10 } = experiment.timing ?? {};
  const clients: LoadClient[] = [];
  const clock = new Ticker(options.progress, clients);
  const rest = (seconds: number) => sleep(seconds * 1000, undefined, { signal: options.signal });
  const done = meddling.left.length;
  try {
    clients.push(...(await startAll(scene, clientsOf(experiment, scene), options)));
    clock.phase = "settling";
    await steadyState(clients, options);
    const origin = Date.now() - settled * 1_000;
    clock.phase = "before";
    await rest(before - settled);
    clock.phase = "during";
    const fault = await marked(experiment.fault(scene), meddling);
    await rest(during);
    clock.phase = "undoing";
    const undo = await markedUndo(meddling, done);
    clock.phase = "after";
    await rest(after);
    const unsteady = clients
      .map((client) => steady(client, options.load.rate, Date.now()))
      .find((seen) => seen !== true);
    const end = Date.now();
    // k6 gives up what is under way when it is ended: that is not to be of what counts.
    await rest(2);
    const logs = await Promise.all(clients.map(async (client) => [client.name, await client.stop()] as const));
    return measured({ origin, end, marks: [fault, undo], unsteady }, logs, options.load.rate);
  } finally {
    clock.stop();
    await meddling.undo(done);
    await Promise.all(clients.map((client) => client.dispose()));
  }
}

/** Who asks: one in each of the two clusters, unless the experiment says otherwise. */
export function clientsOf(experiment: Experiment, scene: Scene): readonly ClientOf[] {
  const both = new Set([scene.near.name, scene.far.name]);
  return experiment.clients?.(scene) ?? [...both].map((cluster) => ({ cluster }));
}

/** Leaves none behind where one does not start. */
async function startAll(
  scene: Scene,
  asks: readonly ClientOf[],
  options: RepeatOptions,
): Promise<readonly LoadClient[]> {
  const started = await Promise.allSettled(asks.map((ask) => startClient(scene, ask, options)));
  const clients = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = started.find((each) => each.status === "rejected");
  if (failed === undefined) return clients;
  await Promise.all(clients.map((client) => client.dispose()));
  throw failed.reason as Error;
}

function startClient({ lab }: Scene, ask: ClientOf, { load, zoneOf }: RepeatOptions): Promise<LoadClient> {
  const { globalIngress, artifacts } = lab.plan;
  if (ask.cluster === outside && globalIngress)
    return OutsideClient.start({ ...load, url: `http://${globalIngress.host}${outsidePath}` }, zoneOf);
  return PodClient.start(clusterOf(lab, ask.cluster), artifacts.sampleImages, ask, load, zoneOf);
}

async function steadyState(clients: readonly LoadClient[], { load, signal }: RepeatOptions): Promise<void> {
  try {
    const look = (): Promise<string | true> => {
      const seen = clients.map((client) => steady(client, load.rate, Date.now()));
      return Promise.resolve(seen.find((each) => each !== true) ?? true);
    };
    await until("every client is answered steadily", 60, look, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new UsageError(
      `The lab is not in its steady state, so nothing was done to it. ${(error as Error).message} ` +
        "`istioctl proxy-status` and the pods of the namespace experiment tell more.",
    );
  }
}

async function marked(faults: ReturnType<Experiment["fault"]>, meddling: Meddling): Promise<Mark> {
  const asked = Date.now();
  const begun: number[] = [];
  await Promise.all(faults.map((fault) => meddling.inject(fault, (at) => void begun.push(at))));
  const begin = begun.length > 0 ? Math.min(...begun) : asked;
  return { what: "fault", says: faults.map(({ says }) => says).join("; "), begin, end: Date.now() };
}

async function markedUndo(meddling: Meddling, keep: number): Promise<Mark> {
  const begin = Date.now();
  await meddling.undo(keep);
  return { what: "undo", says: "undone", begin, end: Date.now() };
}

type Times = Pick<Measured, "origin" | "end" | "marks"> & { readonly unsteady: string | undefined };

function measured(
  { unsteady, ...times }: Times,
  logs: readonly (readonly [string, readonly Request[]])[],
  rate: number,
): Measured {
  const within = logs.map(([name, requests]) => [name, inTime(requests, times)] as const);
  return {
    ...times,
    ...(unsteady === undefined ? {} : { unsteady }),
    dropped: Object.fromEntries(logs.map(([name, requests]) => [name, droppedOf(requests, times, rate)])),
    figures: Object.fromEntries(within.map(([name, requests]) => [name, figuresOf(requests, times.marks, times.end)])),
    requests: within.flatMap(([, requests]) => requests).sort((a, b) => a.start - b.start),
  };
}

const inTime = (requests: readonly Request[], { origin, end }: Pick<Times, "origin" | "end">): Request[] =>
  requests.filter(({ start }) => start >= origin && start < end);

/** Tells once a second how it goes. */
class Ticker {
  phase: Phase = "starting";
  readonly #timer: NodeJS.Timeout;

  constructor(progress: RepeatOptions["progress"], clients: readonly LoadClient[]) {
    const begun = Date.now();
    this.#timer = setInterval(() => {
      progress({ phase: this.phase, seconds: (Date.now() - begun) / 1_000 }, clients);
    }, 1_000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** What a terminal shows while an experiment runs: one line for each second. */
import { rollups } from "d3-array";
import type { Colours } from "../../plan/colours.ts";
import { succeeded, type Request } from "../measure/request.ts";

/** What a repeat is at. */
export type Phase = "starting" | "settling" | "before" | "during" | "undoing" | "after";

export interface Clock {
  /** Seconds since the repeat began. */
  readonly seconds: number;
  readonly phase: Phase;
  /** All that send requests, in the order of the line. */
  readonly clients: readonly string[];
}

/**
 * Who answered each client in the last second, such as
 * `  12 s  during   east: 200 east   west: 120 west, 3 failed`.
 * @param requests that ended in the last second
 */
export function progressLine(requests: readonly Request[], clock: Clock, colours: Colours): string {
  const { seconds, phase, clients } = clock;
  const byClient = Map.groupBy(requests, ({ client }) => client);
  const cells = clients.map((client) => `${colours.bold(client)}: ${answers(byClient.get(client) ?? [], colours)}`);
  const time = `${Math.round(seconds)} s`.padStart(6);
  const paddedPhase = phase.padEnd("settling".length);
  return [`${time}  ${phase === "during" ? colours.yellow(paddedPhase) : paddedPhase}`, ...cells].join("   ");
}

function answers(requests: readonly Request[], colours: Colours): string {
  if (requests.length === 0) return colours.red("no answer");
  const good = requests.filter(succeeded);
  const failed = requests.length - good.length;
  const counts = rollups(
    good,
    (each) => each.length,
    ({ answered }) => answered?.cluster ?? "not said where",
  ).sort();
  const parts = counts.map(([cluster, count]) => `${count} ${cluster}`);
  return [...parts, ...(failed === 0 ? [] : [colours.red(`${failed} failed`)])].join(", ");
}

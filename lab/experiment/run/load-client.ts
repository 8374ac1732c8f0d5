/** One client of the load, while it runs: whoever runs k6 for it. */
import { steadyShare, steadyWindow } from "../measure/figures.ts";
import { succeeded, type Request } from "../measure/request.ts";
import { requestOf } from "../workload/load.ts";

/** The zone of a cluster's node. */
export type ZoneOf = (cluster: string, node: string) => string;

export interface LoadClient {
  /** The cluster in which it runs, or `outside`. */
  readonly name: string;
  /** Requests that were sent from `from` on, in milliseconds since 1970, as far as they have been told. */
  since(from: number): Request[];
  /** Ends the load and returns all of it. */
  stop(): Promise<Request[]>;
  /** Removes what it consists of, whether it was stopped or not. */
  dispose(): Promise<void>;
}

/** Requests as k6 tells them, in the order in which they ended. */
export class Told {
  readonly #client: string;
  readonly #zoneOf: ZoneOf;
  readonly #requests: Request[] = [];
  #rest = "";

  constructor(client: string, zoneOf: ZoneOf) {
    this.#client = client;
    this.#zoneOf = zoneOf;
  }

  get count(): number {
    return this.#requests.length;
  }

  /** Takes a piece of output, from the middle of a line to the middle of another. */
  hear(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#requests.push(...lines.flatMap((line) => requestOf(line, this.#client, this.#zoneOf) ?? []));
  }

  since(from: number): Request[] {
    // Nothing that is told a minute late is of interest to whoever watches.
    const first = this.#requests.findLastIndex(({ start }) => start < from - 60_000) + 1;
    return this.#requests.slice(first).filter(({ start }) => start >= from);
  }

  all(): Request[] {
    return [...this.#requests];
  }
}

/** What a proxy has just answered needs a moment to be told. */
const delay = 1_000;

/**
 * Whether a client's last seconds were steady, or else why they were not.
 *
 * @param rate requests a second that it is to send
 * @param now in milliseconds since 1970
 */
export function steady(load: Pick<LoadClient, "since" | "name">, rate: number, now: number): string | true {
  const sent = load.since(now - steadyWindow - delay).filter(({ start }) => start < now - delay);
  const expected = (rate * steadyWindow) / 1000;
  if (sent.length < 0.95 * expected)
    return `the client in ${load.name} sent ${sent.length} requests in five seconds, and should send ${expected}`;
  const failed = sent.filter((request) => !succeeded(request));
  if (sent.length - failed.length >= steadyShare * sent.length) return true;
  const statuses = [...new Set(failed.map(({ status }) => (status === 0 ? "no answer" : String(status))))].join(", ");
  return `${failed.length} of ${sent.length} requests of the client in ${load.name} failed in five seconds (${statuses})`;
}

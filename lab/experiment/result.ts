/** What `result.json` holds: all that was measured, and all that it depends on. */
import type { Figures, Mark } from "./measure/figures.ts";
import type { Summaries, Verdict } from "./measure/verdict.ts";

export interface Repeat {
  /** The raw log, a file beside `result.json`: see measure/request.ts. */
  readonly log: string;
  /** Milliseconds since 1970; the raw log counts from here. */
  readonly origin: number;
  /** When the load ended, in milliseconds since 1970. */
  readonly end: number;
  readonly marks: readonly Mark[];
  /** Requests that the load did not send in time, by client: with any, it was no constant rate. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Why the lab was not steady again at the end; absent where it was. */
  readonly unsteady?: string;
  /** By client. */
  readonly figures: Readonly<Record<string, Figures>>;
}

/** Whether a repeat counts: the load was constant, and the lab was steady again at the end. */
export const isSound = ({ dropped, unsteady }: Pick<Repeat, "dropped" | "unsteady">): boolean =>
  unsteady === undefined && Object.values(dropped).every((count) => count === 0);

export interface ClusterInfo {
  readonly name: string;
  readonly region: string;
  readonly network: string;
  readonly roles: readonly string[];
  readonly kubernetes: string;
  readonly nodes: number;
  readonly zones: readonly string[];
}

/** An object that was in force, by where it was, without what the API server keeps for itself. */
export interface PolicyObject {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly spec: object;
}

export interface Result {
  readonly experiment: string;
  /** In one line, what was done. */
  readonly title: string;
  /** A control shows that the measurement notices what is wrong: its expectations are of a failure. */
  readonly control: boolean;
  readonly stack: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly platform: string;
  readonly versions: { readonly istio: string; readonly envoy: string; readonly k6: string; readonly lab: string };
  /** Where the command ran; on the local cloud, where everything ran. */
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly kernel: string;
  };
  readonly clusters: readonly ClusterInfo[];
  /** Istio's objects for the service under load, as they were in force. */
  readonly policy: readonly PolicyObject[];
  readonly load: {
    /** Requests a second from each client, sent whether earlier ones were answered or not. */
    readonly rate: number;
    /** Seconds after which a client gives a request up. */
    readonly timeout: number;
    readonly clients: readonly string[];
    /** Milliseconds by which each client's clock was ahead, and how far that may be off. Empty where all have one clock. */
    readonly skew: Readonly<Record<string, { readonly ahead: number; readonly within: number }>>;
  };
  readonly repeats: readonly Repeat[];
  /** By client and figure. */
  readonly summary: Readonly<Record<string, Summaries>>;
  readonly verdict: Verdict;
}

import type { EngineLog } from "../host/engine.ts";
import type { Cluster } from "./cluster.ts";
import type { ProviderOptions } from "./config.ts";

/** What every operation of a configured provider works with. */
export interface Session {
  cluster: Cluster;
  options: ProviderOptions;
  engine: EngineLog;
  /** Aborted when the run is cancelled. */
  signal: AbortSignal;
}

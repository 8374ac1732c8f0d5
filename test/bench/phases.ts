/** What the bench and its program inside the measured process tell each other, through two files. */
import type { BareResource } from "./programs/bare.ts";

/** What to do: evaluate a lab of this configuration, or register resources bare. */
export type Phase = { readonly lab: Readonly<Record<string, string>> } | { readonly bare: readonly BareResource[] };

/** Seconds that a phase took until the engine had answered everything. */
export interface PhaseTimes {
  readonly wall: number;
  /** Processor time of all threads. */
  readonly cpu: number;
}

/** Names of the environment's variables that name the file with the phases and the file for their times. */
export const phasesVariable = "ISTIO_LAB_BENCH_PHASES";
export const timesVariable = "ISTIO_LAB_BENCH_TIMES";

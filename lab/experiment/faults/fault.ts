/**
 * What an experiment does to the lab. A fault is plain data, and so is all that its removal needs: both are written to a
 * journal before anything is done, so that whoever comes after a killed run can undo what it left.
 */
import type { Json } from "../platforms/platform.ts";
import type { RunningLab } from "../run/running-lab.ts";

export interface Fault {
  /** Whose code it is: a key of `faultKinds`. */
  readonly kind: string;
  /** What is done, such as `server of east to 0 replicas`. */
  readonly says: string;
}

export interface FaultKind<F extends Fault, Found extends Json> {
  /** Looks up what the other two need, and changes nothing. */
  prepare(lab: RunningLab, fault: F): Promise<Found>;
  /**
   * Resolves when it has happened.
   * @param begins told when it began, in milliseconds since 1970, where that is later than asked for
   */
  inject(lab: RunningLab, fault: F, found: Found, begins: (at: number) => void): Promise<void>;
  /** Undoes it, also where it never happened or is undone already. Resolves when all that it had taken away is back. */
  remove(lab: RunningLab, fault: F, found: Found): Promise<void>;
}

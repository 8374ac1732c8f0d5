import type { Props } from "../aws/resource.ts";

/** One creation that is to go wrong, once. */
export interface Fault {
  /** The resource's URN. */
  urn: string;
  /**
   * - `refused`: nothing is made.
   * - `half-made`: it is made, does not become what it should be, and Pulumi records it as such.
   * - `answer-lost`: it is made, and all that Pulumi hears is the error.
   */
  how: "refused" | "half-made" | "answer-lost";
  /** AWS's or Kubernetes' own code for it, such as `VpcLimitExceeded` or `403`. */
  code: string;
  message: string;
  /** What differs in AWS from what was asked for, when it is half made. */
  state?: Props;
}

/**
 * Which creations are to fail. Plugins ask at every creation (plugins/host/faults.ts); with nothing armed, as always
 * outside of `npm run test:faults`, nothing happens.
 */
export class Faults {
  readonly #armed = new Map<string, Fault>();
  readonly #fired: string[] = [];

  /** Replaces what is armed, and forgets what has fired. */
  arm(faults: readonly Fault[]): void {
    this.#armed.clear();
    this.#fired.length = 0;
    for (const fault of faults) this.#armed.set(fault.urn, fault);
  }

  /** The fault of a resource that is being created. It is still to come if the creation fails by itself. */
  of(urn: string | undefined): Fault | undefined {
    return urn === undefined ? undefined : this.#armed.get(urn);
  }

  /** Notes that a fault has fired. */
  fire({ urn }: Fault): void {
    this.#armed.delete(urn);
    this.#fired.push(urn);
  }

  /** The fault of a resource that is being created, which has then fired. */
  take(urn: string): Fault | undefined {
    const fault = this.of(urn);
    if (fault !== undefined) this.fire(fault);
    return fault;
  }

  /** URNs: what waits, and what has fired since it was armed. */
  report(): { armed: string[]; fired: string[] } {
    return { armed: [...this.#armed.keys()], fired: [...this.#fired] };
  }
}

import assert from "node:assert/strict";
import type { Fault } from "../cloud/faults.ts";
import { diagnostics } from "./engine.ts";
import type { Engine } from "./engine.ts";

/** One failed `up`: which creations failed, and nothing else stood in the way. */
export type Step = readonly string[];

export interface March {
  readonly steps: readonly Step[];
  /** What the very next `up` did not make, because that run had ended before, by another failure. */
  readonly late: ReadonlySet<string>;
}

/** More help than this in one march is no help. */
const enough = 6;

/** What else happens between the runs of a march. */
export interface Between {
  /** Of each `up`. Default `--continue-on-error`: as many creations as possible fail in one run. */
  readonly flags?: string;
  /** Looks at what there is after each run. */
  readonly check: () => Promise<void>;
  /** Types what docs/en/recovery.md says when an `up` fails without any fault of ours. */
  readonly help: () => Promise<void>;
}

/**
 * Lets creations fail once each, as many in one `up` as do not depend on each other, and goes on with `up` until all is
 * made. So each position's failure is followed by an `up` that makes it, and the positions that wait for it come next.
 * The last `up` succeeded.
 */
export async function march(
  engine: Engine,
  faults: readonly Fault[],
  { flags = "--continue-on-error", check, help }: Between,
): Promise<March> {
  await engine.arm(faults);
  const steps: Step[] = [];
  const late = new Set<string>();
  let known: readonly string[] = [];
  for (let helped = 0; ;) {
    const { exitCode, output } = await engine.up(flags);
    const fired = await engine.fired();
    const now = fired.filter((urn) => !known.includes(urn));
    const unmade = notMade(engine, known);
    if (exitCode === 0) assert.deepEqual(unmade, [], "not made although `up` succeeded");
    unmade.forEach((urn) => late.add(urn));
    await check();
    known = fired;
    if (exitCode === 0) {
      assert.deepEqual(now, [], "a creation failed and `up` did not say so");
      assert.deepEqual(surplusOf(faults, fired), [], "positions whose creation was never asked for");
      return { steps, late };
    }
    if (now.length > 0) {
      steps.push(now);
      assertRecorded(engine, faults, now);
    } else {
      assert.ok(helped++ < enough, `no way on:\n${diagnostics(output)}`);
      await help();
      // Help may be an `up` too, in which further creations fail.
      known = await engine.fired();
      if (known.length > fired.length) steps.push(known.slice(fired.length));
    }
  }
}

/** What was refused is not in the state, and neither is what was made unheard; what is half made is, with its failure. */
function assertRecorded(engine: Engine, faults: readonly Fault[], fired: Step): void {
  const state = new Map(engine.resources().map((resource) => [resource.urn, resource]));
  for (const { urn, how } of faults.filter((fault) => fired.includes(fault.urn))) {
    const found = state.get(urn);
    if (how === "half-made") assert.ok((found?.initErrors ?? []).length > 0, `${urn} is not recorded as half made`);
    else assert.equal(found, undefined, `${urn} is in the state although its creation failed`);
  }
}

/** What of this is not in the state, or not whole. */
function notMade(engine: Engine, urns: readonly string[]): string[] {
  const whole = new Set(engine.resources().flatMap(({ urn, initErrors }) => (initErrors?.length ? [] : [urn])));
  return urns.filter((urn) => !whole.has(urn));
}

function surplusOf(faults: readonly Fault[], fired: readonly string[]): string[] {
  return faults.map(({ urn }) => urn).filter((urn) => !fired.includes(urn));
}

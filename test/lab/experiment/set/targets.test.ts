import assert from "node:assert/strict";
import type { Expectation, FigureName } from "../../../../lab/experiment/measure/verdict.ts";
import { experiments } from "../../../../lab/experiment/set/all.ts";
import { expectationsOf } from "../../../docs/experiment-pages.ts";

interface Target {
  readonly figure: FigureName;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly never?: true;
}

const noneFails: Target = { figure: "failed", atMost: 0 };
const within = (figure: FigureName, seconds: number): Target => ({ figure, atMost: seconds * 1_000 });
/** Before the client itself gives up, after 5 s. */
const failsFast = within("failureP99", 4.5);
const neverSteady: Target = { figure: "steadyAfterFault", never: true };

/** What the shipped policy has to reach. An experiment may ask for more, and not for less. */
const targets: Readonly<Record<string, readonly Target[]>> = {
  "pod-kill": [noneFails],
  "pod-kill-most": [noneFails],
  "scale-to-zero": [noneFails],
  "sidecar-drain": [noneFails],
  "istiod-loss": [noneFails],
  "intermediate-rotation": [noneFails],
  "root-rotation": [noneFails],
  "remote-secret-rotation": [noneFails],
  "node-drain": [noneFails],
  "zone-loss": [noneFails],
  // One for each of three endpoints.
  "sick-service": [{ figure: "failed", atMost: 3 }],
  "slow-service": [noneFails, { figure: "homeShareDuring", atLeast: 1 }],
  "stuck-service": [noneFails, within("p99During", 4.5)],
  "api-server-loss": [noneFails],
  "istiod-restart": [within("restored", 30), noneFails],
  "gateway-pod-loss": [within("steadyAfterFault", 5)],
  "gateway-loss": [noneFails],
  "gateway-loss-remote": [failsFast, within("steadyAfterUndo", 5)],
  partition: [noneFails],
  "partition-remote": [failsFast, within("steadyAfterUndo", 5)],
  "cluster-loss": [noneFails, within("steadyAfterFault", 5)],
  // What is under way: ten of 200 requests a second that take 50 ms.
  "cluster-loss-outside": [{ figure: "failed", atMost: 10 }],
  "fail-back": [noneFails, { figure: "moves", atMost: 2 }],
  "no-outlier-detection": [neverSteady],
  "default-max-ejection": [neverSteady],
  "different-roots": [neverSteady],
  "no-locality": [{ figure: "homeShareDuring", atMost: 0.8 }],
};

const meets = (target: Target, { figure, atMost, atLeast, never }: Expectation): boolean =>
  figure === target.figure &&
  (target.never ?? false) === (never ?? false) &&
  (target.atMost === undefined || (atMost !== undefined && atMost <= target.atMost)) &&
  (target.atLeast === undefined || (atLeast !== undefined && atLeast >= target.atLeast));

const missing = (wanted: readonly Target[], expectations: readonly Expectation[]): Target[] =>
  wanted.filter((target) => !expectations.some((expectation) => meets(target, expectation)));

describe("what the shipped policy has to reach", () => {
  it("is said of every experiment", () => {
    assert.deepEqual(Object.keys(targets).sort(), experiments.map(({ name }) => name).sort());
  });

  for (const experiment of experiments)
    it(`is expected of ${experiment.name}, or more than that`, () => {
      assert.deepEqual(missing(targets[experiment.name] ?? [], expectationsOf(experiment)), []);
    });

  it("is noticed when it is loosened, or left out", () => {
    const loose: Expectation = { figure: "failed", atMost: 1, because: "One is nearly none." };
    assert.deepEqual(missing([noneFails], [loose]), [noneFails]);
    assert.deepEqual(missing([neverSteady], [loose]), [neverSteady]);
    assert.deepEqual(missing([noneFails], [{ ...loose, atMost: 0 }]), []);
  });
});

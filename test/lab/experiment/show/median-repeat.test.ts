import assert from "node:assert/strict";
import type { Figures } from "../../../../lab/experiment/measure/figures.ts";
import type { Repeat } from "../../../../lab/experiment/result.ts";
import { medianRepeat } from "../../../../lab/experiment/show/median-repeat.ts";
import { sample } from "../samples.ts";

const { result } = sample({ failures: [0] });
const [plain] = result.repeats as [Repeat];

/** A repeat with these figures of its two clients. */
function repeatOf(log: string, east: Partial<Figures>, west: Partial<Figures> = {}): Repeat {
  const { east: own, west: other } = plain.figures as { east: Figures; west: Figures };
  return { ...plain, log, figures: { east: { ...own, ...east }, west: { ...other, ...west } } };
}

const chosen = (...repeats: Repeat[]): string => medianRepeat({ experiment: "scale-to-zero", repeats }).log;

describe("the median repeat", () => {
  it("is the middle one by failed requests of all clients", () => {
    const repeats = [repeatOf("7", { failed: 7 }), repeatOf("0", {}), repeatOf("1+2", { failed: 1 }, { failed: 2 })];
    assert.equal(chosen(...repeats), "1+2");
    assert.equal(chosen(...repeats.toReversed()), "1+2");
  });

  it("is among equals the middle one by its slowest client, and a client that is never steady is slower than any", () => {
    const quick = repeatOf("quick", { steadyAfterFault: 10 }, { steadyAfterFault: 20 });
    const slow = repeatOf("slow", { steadyAfterFault: 900 }, { steadyAfterFault: 0 });
    const { steadyAfterFault: _, ...unsteady } = plain.figures["east"]!;
    const never: Repeat = { ...plain, log: "never", figures: { ...plain.figures, east: unsteady } };
    assert.equal(chosen(never, quick, slow), "slow");
    assert.equal(chosen(never, quick, never), "never");
  });

  it("is among those the middle one by the time to steady state after the undo", () => {
    const after = [30, 10, 20].map((steadyAfterUndo) => repeatOf(String(steadyAfterUndo), { steadyAfterUndo }));
    assert.equal(chosen(...after), "20");
  });

  it("is of an even number the better of the two in the middle, and of one that one", () => {
    const failed = [4, 3, 2, 1].map((each) => repeatOf(String(each), { failed: each }));
    assert.equal(chosen(...failed), "2");
    assert.equal(chosen(repeatOf("only", {})), "only");
  });

  it("is not there without repeats", () => {
    assert.throws(() => chosen(), /scale-to-zero holds no repeat/);
  });
});

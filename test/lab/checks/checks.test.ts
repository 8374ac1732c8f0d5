import assert from "node:assert/strict";
import pc from "picocolors";
import { allHold, failed, ok, runChecks, skipped, type Check } from "../../../lab/checks/check.ts";
import { checkLines, summary } from "../../../lab/checks/report.ts";

const check = (name: string, look: Check["look"]): Check => ({ name, page: "docs/en/recovery.md", look });

describe("checks", () => {
  it("are answered in the order in which they are asked, whichever is ready first", async () => {
    const slow = check("slow", async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return ok("late");
    });
    const checked = await runChecks([slow, check("fast", () => ok("soon"))]);
    assert.deepEqual(
      checked.map(({ name }) => name),
      ["slow", "fast"],
    );
    assert.ok(allHold(checked));
  });

  it("fail where asking fails or takes too long, with the words and the page", async () => {
    const broken = check("broken", () => {
      throw new Error("no such host");
    });
    const hanging = check("hanging", () => new Promise(() => undefined));
    const checked = await runChecks([broken, hanging], 50);
    const [first, second] = checked;
    assert.deepEqual(first, {
      ...{ name: "broken", outcome: "failed", cause: "no such host" },
      ...{ fix: "Mend what it says, then ask again.", page: "docs/en/recovery.md" },
    });
    assert.match(second?.outcome === "failed" ? second.cause : "", /no answer within 0\.05 seconds/);
    assert.ok(!allHold(checked));
  });

  it("are a line each, and a failure has its fix and its page below it", () => {
    const checked = [
      { name: "Node.js", ...ok("24.21.0") },
      { name: "AWS CLI", ...failed("It is not there.\nAt all.", "Install it.", "https://aws.amazon.com/cli/") },
      { name: "kubectl", ...skipped("not needed") },
    ];
    assert.deepEqual(checkLines(checked, pc.createColors(false)), [
      "✔ Node.js  24.21.0",
      "✘ AWS CLI  It is not there. At all.",
      "           fix: Install it.",
      "           see: https://aws.amazon.com/cli/",
      "– kubectl  not needed",
    ]);
    assert.equal(summary(checked), "1 check failed, 1 passed, 1 not asked.");
    assert.ok(allHold(checked.filter(({ outcome }) => outcome !== "failed")), "what was not asked is no failure");
  });
});

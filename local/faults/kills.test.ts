/**
 * SIGKILL in the middle of `up` and of `destroy`, and then what docs/recovery.md says to type: the next run makes what a
 * run without a kill makes, or leaves nothing. Without nodes, see creations.test.ts.
 */
import assert from "node:assert/strict";
import { Engine, succeeded } from "./engine.ts";
import type { Pending } from "./engine.ts";
import { account, assertSame, everything } from "./inventory.ts";
import type { Inventory } from "./inventory.ts";
import { killedAt } from "./kill.ts";
import type { Moment, Victim } from "./kill.ts";
import { afterKill, destroyAfterKill, upAgain } from "./recovery.ts";

interface Point {
  readonly when: string;
  readonly victim: Victim;
  readonly moment: (engine: Engine, total: number) => ReturnType<Moment>;
}

const under = (operation: string, urn: RegExp) => (engine: Engine) =>
  engine.pending().some((pending: Pending) => pending.operation === operation && urn.test(pending.urn));

const ups: readonly Point[] = [
  { when: "AWS makes the clusters", victim: "everything", moment: under("creating", /aws:eks\/cluster:Cluster::/) },
  {
    when: "Helm installs Istio's definitions",
    victim: "everything",
    moment: under("creating", /Release::west-istio-base$/),
  },
  { when: "Helm installs istiod", victim: "engine", moment: under("creating", /Release::east-istio-istiod$/) },
  { when: "Helm installs a gateway", victim: "everything", moment: under("creating", /Release::east-east-west$/) },
  {
    when: "nine tenths are made",
    victim: "engine",
    moment: (engine, total) => engine.resources().length >= 0.9 * total,
  },
];

const destroys: readonly Point[] = [
  {
    when: "a tenth is gone",
    victim: "everything",
    moment: (engine, total) => engine.resources().length <= 0.9 * total,
  },
  {
    when: "a load balancer is awaited that goes with its Service",
    victim: "everything",
    moment: under("deleting", /core\/v1:Service::east-east-west$/),
  },
  { when: "AWS takes nodes away", victim: "engine", moment: under("deleting", /eks\/nodeGroup:NodeGroup::/) },
  { when: "AWS deletes a cluster", victim: "everything", moment: under("deleting", /aws:eks\/cluster:Cluster::/) },
  {
    when: "nine tenths are gone",
    victim: "engine",
    moment: (engine, total) => engine.resources().length <= 0.1 * total,
  },
];

describe("[full] the engine is killed", function () {
  this.timeout(3_600_000);
  const report: string[] = [];
  let engine: Engine;
  let reference: Inventory = [];
  let total = 0;

  before(async () => {
    engine = await Engine.open();
    await engine.arm([]);
    succeeded(await engine.up());
    reference = await everything(engine);
    total = engine.resources().length;
    succeeded(await engine.destroy());
  });

  after(() => process.stdout.write(`\n${report.map((line) => `    ${line}`).join("\n")}\n`));

  // Each up begins with nothing, each destroy with everything.
  for (const [index, up] of ups.entries()) {
    it(`in up, when ${up.when} (${up.victim})`, async () => {
      await killedAt(engine, "up", () => up.moment(engine, total), up.victim);
      const removed = [...(await afterKill(engine)), ...(await upAgain(engine))];
      assertSame(await everything(engine), reference);
      report.push(`up, ${up.when}: pulumi up${removed.length > 0 ? ` after removing ${removed.join(", ")}` : ""}`);
    });

    const down = destroys[index] ?? assert.fail("as many points of destroy");
    it(`in destroy, when ${down.when} (${down.victim})`, async () => {
      await killedAt(engine, "destroy", () => down.moment(engine, total), down.victim);
      const removed = await afterKill(engine);
      const typed = await destroyAfterKill(engine);
      assert.deepEqual(engine.resources(), []);
      assert.deepEqual(await account(), []);
      report.push(
        `destroy, ${down.when}: ${typed}${removed.length > 0 ? ` after removing ${removed.join(", ")}` : ""}`,
      );
    });
  }
});

/**
 * SIGKILL in the middle of `up` and of `destroy`, and then what docs/en/recovery.md says to type: the next run makes what a
 * run without a kill makes, or leaves nothing. Without nodes, see creations.test.ts.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { Engine, stateFile, succeeded } from "./engine.ts";
import type { Pending } from "./engine.ts";
import { account, assertSame, everything } from "./inventory.ts";
import type { Inventory } from "./inventory.ts";
import { killedAt } from "./kill.ts";
import type { Moment, Victim } from "./kill.ts";
import { afterKill, destroyAfterKill, mendState, upAgain } from "./recovery.ts";

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
  });

  after(() => process.stdout.write(`\n${report.map((line) => `    ${line}`).join("\n")}\n`));

  const beginWithNothing = async () => {
    if (engine.resources().length > 0) succeeded(await engine.destroy());
  };
  const beginWithEverything = async () => {
    if (engine.resources().length < total) succeeded(await engine.up());
  };

  const killInUp = ({ when, victim, moment }: Point) => {
    it(`in up, when ${when} (${victim})`, async () => {
      await beginWithNothing();
      await killedAt(engine, "up", () => moment(engine, total), victim);
      const removed = [...(await afterKill(engine)), ...(await upAgain(engine))];
      assertSame(await everything(engine), reference);
      report.push(`up, ${when}: pulumi up${removed.length > 0 ? ` after removing ${removed.join(", ")}` : ""}`);
    });
  };

  const killInDestroy = ({ when, victim, moment }: Point) => {
    it(`in destroy, when ${when} (${victim})`, async () => {
      await beginWithEverything();
      await killedAt(engine, "destroy", () => moment(engine, total), victim);
      const removed = await afterKill(engine);
      const typed = await destroyAfterKill(engine);
      assert.deepEqual(engine.resources(), []);
      assert.deepEqual(await account(), []);
      report.push(`destroy, ${when}: ${typed}${removed.length > 0 ? ` after removing ${removed.join(", ")}` : ""}`);
    });
  };

  // In turn, so that each finds what the one before has left; by itself each brings about what it begins with.
  for (let index = 0; index < Math.max(ups.length, destroys.length); index++) {
    const [up, destroy] = [ups[index], destroys[index]];
    if (up) killInUp(up);
    if (destroy) killInDestroy(destroy);
  }

  it("leaves attributes half written: Pulumi says so, and goes on without them", async () => {
    await beginWithEverything();
    for (const half of ["", '{"user.cache_control":"","user.con']) {
      writeFileSync(`${stateFile}.attrs`, half);
      assert.deepEqual(await mendState(engine), ["the state's attributes"]);
      succeeded(await engine.up("--expect-no-changes"));
    }
    assert.deepEqual(await mendState(engine), []);
  });
});

/**
 * Every creation of the stack `multi` fails once, as AWS, Kubernetes, Helm or a plugin would fail it, and `pulumi up`
 * or `pulumi destroy` go on from there. The engine, the API servers and Helm are real; there are no nodes, see
 * cloud/pretended-pods.ts.
 *
 * Positions that do not depend on each other fail in the same run, as `--continue-on-error` allows. None of them sees
 * another's failure: what depends on a failed one is not tried in that run.
 */
import assert from "node:assert/strict";
import type { Fault } from "../cloud/faults.ts";
import { faultFor } from "./catalog.ts";
import { Engine, succeeded } from "./engine.ts";
import { account, assertNothingTwice, assertSame, everything } from "./inventory.ts";
import type { Inventory } from "./inventory.ts";
import { march } from "./march.ts";
import type { Step } from "./march.ts";
import { Progress } from "./progress.ts";
import { help } from "./recovery.ts";
import { chosen } from "./seeded.ts";
import type { Position } from "./seeded.ts";

type Kind = "refused" | "made";

describe("creations that fail once", function () {
  this.timeout(3_600_000);
  const started = performance.now();
  const progress = new Progress();
  const report: string[] = [];
  let engine: Engine;
  let reference: Inventory = [];
  let positions: Position[] = [];

  const faults = (kind: Kind): Fault[] =>
    positions.map(({ urn, type }) => faultFor(urn, type, kind)).filter((fault) => fault !== undefined);

  before(async () => {
    engine = await Engine.open();
    await engine.arm([]);
    succeeded(await engine.up());
    reference = await everything(engine);
    positions = engine.positions();
    report.push(`${String(engine.resources().length)} resources, ${String(positions.length)} of them made by a plugin`);
    await leavesNothing();
  });

  after(() => {
    report.push(`${String(engine.runs)} runs of the engine, ${minutesSince(started)} min`);
    process.stdout.write(`\n${report.map((line) => `    ${line}`).join("\n")}\n`);
  });

  it("has a run without faults to compare with", () => {
    assert.ok(positions.length > 0);
    assert.deepEqual(
      reference.filter((line) => / (FAILED|PENDING)/.test(line)),
      [],
    );
  });

  it("twelve positions of twelve types, every second one half way: the next `up` makes the same", async () => {
    const twelve = chosen(positions, 12).flatMap(({ urn, type }, index) => {
      const fault = (index % 2 === 0 ? undefined : faultFor(urn, type, "made")) ?? faultFor(urn, type, "refused");
      return fault ?? [];
    });
    await converges("twelve positions", twelve);
    await leavesNothing();
  });

  for (const kind of ["refused", "made"] as const) {
    const title = kind === "refused" ? "before anything is made" : "half way, or with the answer lost";
    it(`[full] every position ${title}: the next \`up\` makes the same`, async () => {
      const done = progress.of(kind);
      const all = faults(kind);
      const rest = all.filter(({ urn }) => !done.includes(urn));
      if (rest.length > 0) {
        for (const step of await converges(title, rest)) progress.add(kind, step);
        await leavesNothing();
      }
      report.push(`${title}: ${String(progress.of(kind).length)} of ${String(all.length)} positions converged`);
      assert.equal(progress.of(kind).length, all.length);
    });
  }

  it("[full] destroy from each failed state leaves nothing", async () => {
    const begun = performance.now();
    const all = new Map([...faults("refused"), ...faults("made")].map((fault) => [fault.urn, fault]));
    const seen = new Set(progress.of("destroy"));
    for (const step of [...progress.groups("made"), ...progress.groups("refused")]) {
      const here = step.filter((urn) => !seen.has(urn));
      here.forEach((urn) => seen.add(urn));
      // A failure in one of eks' components ends the program, and the others of the step may not be reached any more.
      for (let left: readonly string[] = here; left.length > 0;) {
        await engine.arm(left.flatMap((urn) => all.get(urn) ?? []));
        const { exitCode } = await engine.up("--continue-on-error");
        assert.notEqual(exitCode, 0);
        const fired = await engine.fired();
        assert.ok(fired.length > 0, `none failed of ${left.join(", ")}`);
        await leavesNothing();
        progress.add("destroy", fired);
        left = left.filter((urn) => !fired.includes(urn));
      }
    }
    const count = String(progress.of("destroy").length);
    const from = String(progress.groups("destroy").length);
    report.push(`destroy: ${count} positions, from ${from} failed states, nothing left, ${minutesSince(begun)} min`);
    assert.equal(progress.of("destroy").length, positions.length);
  });

  async function nothingTwice(): Promise<void> {
    // What was made anew because it had failed is there twice until the failed one is deleted, at the end of a good run.
    if (engine.resources().some((resource) => resource.delete)) return;
    assertNothingTwice(await account(), reference);
  }

  async function leavesNothing(): Promise<void> {
    succeeded(await engine.destroy());
    assert.deepEqual(engine.resources(), []);
    assert.deepEqual(await account(), []);
  }

  async function converges(name: string, wanted: readonly Fault[]): Promise<readonly Step[]> {
    const begun = performance.now();
    const helps: string[] = [];
    const { steps, late } = await march(engine, wanted, {
      check: nothingTwice,
      help: async () => void helps.push(await help(engine)),
    });
    // What AWS left half made without anybody minding shows in a refresh, and is mended by it.
    if (wanted.some(({ state }) => state !== undefined)) succeeded(await engine.up("--refresh"));
    assertSame(await everything(engine), reference);
    const tried = `${String(steps.flat().length)} tried and converged in ${String(steps.length)} failed runs`;
    const helped = helps.length > 0 ? `, helped by ${helps.join(", ")}` : "";
    const behind = late.size > 0 ? `, ${String(late.size)} of them after another failure had come first` : "";
    report.push(`${name}: ${tried}${behind}, ${minutesSince(begun)} min${helped}`);
    return steps;
  }
});

function minutesSince(begun: number): string {
  return ((performance.now() - begun) / 60_000).toFixed(1);
}

/**
 * Every creation of the stack `multi` fails once, as AWS, Kubernetes, Helm or a plugin would fail it, and `pulumi up`
 * or `pulumi destroy` go on from there. The engine, the API servers and Helm are real; there are no nodes, see
 * cloud/pretended-pods.ts.
 */
import assert from "node:assert/strict";
import type { Fault } from "../cloud/faults.ts";
import { faultFor } from "./catalog.ts";
import { Engine } from "./engine.ts";
import { account, assertSame, everything } from "./inventory.ts";
import type { Inventory } from "./inventory.ts";
import { march } from "./march.ts";
import type { Step } from "./march.ts";
import { Progress } from "./progress.ts";
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
  /** URN and type of all that is made by a plugin; components and providers are Pulumi's own records. */
  let positions: Position[] = [];

  const faults = (kind: Kind): Fault[] =>
    positions.map(({ urn, type }) => faultFor(urn, type, kind)).filter((fault) => fault !== undefined);
  const empty = async () => {
    assert.deepEqual(engine.resources(), []);
    assert.deepEqual(await account(), []);
  };
  const mustDestroy = async () => {
    const { exitCode, output } = await engine.destroy();
    assert.equal(exitCode, 0, output);
    await empty();
  };

  before(async () => {
    engine = await Engine.open();
    await engine.arm([]);
  });

  after(() => {
    const minutes = (performance.now() - started) / 60_000;
    report.push(`${engine.runs} runs of the engine, ${minutes.toFixed(1)} min`);
    process.stdout.write(`\n${report.map((line) => `    ${line}`).join("\n")}\n`);
  });

  it("has a run without faults to compare with", async () => {
    const { exitCode, output } = await engine.up();
    assert.equal(exitCode, 0, output);
    reference = await everything(engine);
    const resources = engine.resources();
    positions = resources
      .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
      .map(({ urn, type }) => ({ urn, type }));
    report.push(`${resources.length} resources, ${positions.length} of them made by a plugin`);
    assert.deepEqual(
      reference.filter((line) => / (FAILED|PENDING)/.test(line)),
      [],
    );
    await mustDestroy();
  });

  it("twelve positions of twelve types, every second one half way: the next `up` makes the same", async () => {
    const twelve = chosen(positions, 12).flatMap(({ urn, type }, index) => {
      const fault = (index % 2 === 0 ? undefined : faultFor(urn, type, "made")) ?? faultFor(urn, type, "refused");
      return fault ?? [];
    });
    await converge("twelve", twelve);
    await mustDestroy();
  });

  for (const kind of ["refused", "made"] as const) {
    const title = kind === "refused" ? "before anything is made" : "half way, or with the answer lost";
    it(`[full] every position ${title}: the next \`up\` makes the same`, async () => {
      const done = progress.of(kind);
      const wanted = faults(kind).filter(({ urn }) => !done.includes(urn));
      for (const step of await converge(kind, wanted)) progress.add(kind, step);
      await mustDestroy();
    });
  }

  it("[full] destroy from each failed state leaves nothing", async () => {
    const all = new Map([...faults("refused"), ...faults("made")].map((fault) => [fault.urn, fault]));
    const seen = new Set<string>();
    let tried = 0;
    for (const step of [...progress.groups("made"), ...progress.groups("refused")]) {
      const here = step.filter((urn) => !seen.has(urn) && !progress.of("destroy").includes(urn));
      step.forEach((urn) => seen.add(urn));
      if (here.length === 0) continue;
      await engine.arm(here.flatMap((urn) => all.get(urn) ?? []));
      const { exitCode } = await engine.up("--continue-on-error");
      assert.notEqual(exitCode, 0);
      assert.deepEqual([...(await engine.fired())].sort(), [...here].sort());
      await mustDestroy();
      progress.add("destroy", here);
      tried += here.length;
    }
    report.push(`destroy from a failed state: ${tried} positions tried, nothing left`);
  });

  async function converge(name: string, wanted: readonly Fault[]): Promise<Step[]> {
    const begun = performance.now();
    const helps: string[] = [];
    const steps = await march(engine, wanted, async () => {
      helps.push(await help(engine));
    });
    // What AWS left half made without anybody minding shows in a refresh, and is mended by it.
    const refreshed = await engine.up("--refresh");
    assert.equal(refreshed.exitCode, 0, refreshed.output);
    assertSame(await everything(engine), reference);
    const count = steps.flat().length;
    const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
    const help_ = helps.length > 0 ? `, helped by ${helps.join(", ")}` : "";
    report.push(
      `${name}: ${count} positions tried and converged in ${steps.length} failed runs, ${minutes} min${help_}`,
    );
    return steps;
  }
});

/** What docs/recovery.md says to type when `up` alone does not get on. Returns what was typed. */
async function help(engine: Engine): Promise<string> {
  const failed = engine.resources().filter(({ outputs }) => /^(CREATE_)?FAILED$/.test(String(outputs?.["status"])));
  for (const { urn } of failed) {
    const { exitCode, output } = await engine.pulumi(`state taint '${urn}'`);
    assert.equal(exitCode, 0, output);
  }
  if (failed.length > 0) return `pulumi state taint (${failed.map(({ urn }) => nameOf(urn)).join(" ")})`;
  await engine.up("--refresh --continue-on-error");
  return "pulumi up --refresh";
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

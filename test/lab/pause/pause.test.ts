import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EKSClient } from "@aws-sdk/client-eks";
import { eksNodeGroups } from "../../../lab/pause/eks.ts";
import { ledgerNodeGroups } from "../../../lab/pause/ledger.ts";
import type { NodeGroup, NodeGroups, Scaling } from "../../../lab/pause/node-groups.ts";
import { paused, resumed, scaleAll, type Step, stepsFor } from "../../../lab/pause/run.ts";
import { savingLine, savingOf } from "../../../lab/pause/saving.ts";
import { costOf } from "../../../lab/plan/cost.ts";
import { planOf } from "../../../lab/plan/plan-of.ts";
import { readSource } from "../../../lab/plan/source.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { createApi } from "../../../local/cloud/api.ts";
import { Lab, REGION } from "../../../local/test/aws/lab.ts";
import { actionOf, json, type Sent, textOf, wired } from "../aws/wire.ts";

const two: Scaling = { min: 2, desired: 2, max: 3 };
const group = (cluster: string, scaling = two, status = "ACTIVE"): NodeGroup => ({
  ...{ cluster, eksName: `${cluster}-eksCluster-1a2b3c4`, region: "us-east-1", name: "nodes", status, scaling },
});

/** Node groups in memory. As EKS's, they are UPDATING for a while after each change, and take no other meanwhile. */
class Remembered implements NodeGroups {
  readonly now = new Map<string, Scaling>();
  readonly #looksLeft = new Map<string, number>();
  refuses: string | undefined;
  /** How often a group is looked at until it is ACTIVE again. */
  busyFor = 3;
  after: () => void = () => undefined;
  of({ cluster }: Pick<NodeGroup, "cluster">): Promise<NodeGroup[]> {
    const left = Math.max(0, (this.#looksLeft.get(cluster) ?? 0) - 1);
    this.#looksLeft.set(cluster, left);
    return Promise.resolve([group(cluster, this.now.get(cluster), left > 0 ? "UPDATING" : "ACTIVE")]);
  }
  scale({ cluster, name }: NodeGroup, scaling: Scaling): Promise<void> {
    if (cluster === this.refuses) return Promise.reject(new Error("AccessDenied: no."));
    if ((this.#looksLeft.get(cluster) ?? 0) > 0)
      return Promise.reject(new Error(`ResourceInUseException: Nodegroup ${name} is UPDATING.`));
    this.now.set(cluster, scaling);
    this.#looksLeft.set(cluster, this.busyFor);
    this.after();
    return Promise.resolve();
  }
  /** Until every change has been carried out. */
  settle(): void {
    this.#looksLeft.clear();
  }
}

describe("pausing and resuming", () => {
  let controller: AbortController;
  let said: string[];
  let groups: Remembered;
  beforeEach(() => {
    controller = new AbortController();
    said = [];
    groups = new Remembered();
  });
  const scale = (steps: readonly Step[]) =>
    scaleAll({
      ...{ groups, steps, signal: controller.signal, say: (line) => void said.push(line) },
      ...{ back: "npm run lab -- resume multi", patience: 0.1, every: 0.001 },
    });
  const both = [group("east"), group("west")];
  const pause = (groups: readonly NodeGroup[]) => stepsFor(groups, ({ scaling }) => paused(scaling));

  it("brings every group to zero, and back to what the program makes", async () => {
    await scale(pause(both));
    groups.settle();
    assert.deepEqual(
      [...groups.now.values()],
      [
        { min: 0, desired: 0, max: 3 },
        { min: 0, desired: 0, max: 3 },
      ],
    );
    const asleep = both.map((each) => ({ ...each, scaling: groups.now.get(each.cluster)! }));
    await scale(stepsFor(asleep, () => resumed(2)));
    assert.deepEqual([...groups.now.values()], [two, two]);
  });

  it("leaves alone what is so already", () => {
    assert.deepEqual(pause([group("east", { min: 0, desired: 0, max: 3 })]), []);
    assert.deepEqual(
      stepsFor(both, () => resumed(2)),
      [],
    );
    assert.equal(stepsFor(both, () => resumed(3)).length, 2);
  });

  it("changes nothing where one group is busy", async () => {
    const steps = pause([group("east"), group("west", two, "UPDATING")]);
    await assert.rejects(scale(steps), /west-eksCluster-1a2b3c4 is UPDATING.*Nothing was changed/);
    assert.equal(groups.now.size, 0);
  });

  it("puts back what was changed where the next is refused, as soon as it takes a change again", async () => {
    groups.refuses = "west";
    await assert.rejects(
      scale(pause(both)),
      (error) =>
        error instanceof UsageError && /AccessDenied: no\. Every node group is as before\.$/.test(error.message),
    );
    assert.deepEqual([...groups.now], [["east", two]]);
    assert.deepEqual(said, ["east: nodes goes back to 2 nodes as soon as it takes a change again"]);
  });

  it("puts back what was changed on Ctrl-C, also when it comes with the last", async () => {
    for (const steps of [pause(both), pause([group("east")])]) {
      controller = new AbortController();
      groups = new Remembered();
      groups.after = () => {
        controller.abort();
      };
      await assert.rejects(scale(steps), /it was interrupted\. Every node group is as before/);
      assert.deepEqual([...groups.now], [["east", two]]);
    }
  });

  it("says what to type where one cannot be put back", async () => {
    groups.refuses = "west";
    groups.busyFor = Infinity;
    await assert.rejects(
      scale(pause(both)),
      /Not put back: nodes of east-eksCluster-1a2b3c4 \(.*UPDATING\)\. When that is mended, run: npm run lab -- resume multi$/,
    );
  });

  it("says what it saves, and that the rest goes on costing", () => {
    const plan = planOf(readSource({ stack: "single" }));
    const { saved, left } = savingOf(plan);
    // Two t3.large, 40 GiB and two addresses.
    assert.equal(saved?.toFixed(4), (2 * 0.0832 + (40 * 0.08) / 730 + 2 * 0.005).toFixed(4));
    assert.equal(((saved ?? 0) + (left ?? 0)).toFixed(4), costOf(plan).hourly?.toFixed(4));
    assert.match(savingLine({ saved, left }), /^It saves \$0\.18 per hour; .* \$0\.13/);
    assert.match(savingLine({ saved: null, left: null }), /not known/);
    const closed = planOf(readSource({ stack: "private" }));
    const nodes = costOf(closed).items.filter(({ item }) => item === "nodes" || item === "gp3 volume");
    assert.equal(
      savingOf(closed).saved?.toFixed(4),
      nodes.reduce((sum, { hourly }) => sum + (hourly ?? 0), 0).toFixed(4),
    );
  });
});

describe("node groups of EKS, as AWS's SDK asks for them", () => {
  const place = { cluster: "east", eksName: "east-eksCluster-1a2b3c4", region: "us-east-1" };
  const base = "/clusters/east-eksCluster-1a2b3c4/node-groups";
  const answers: Record<string, ReturnType<typeof json>> = {
    [`GET ${base}`]: json({ nodegroups: ["nodes"] }),
    [`GET ${base}/nodes`]: json({
      nodegroup: { status: "ACTIVE", scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 3 } },
    }),
    [`POST ${base}/nodes/update-config`]: json({ update: {} }),
  };
  let sent: Sent[];
  const groups = () =>
    eksNodeGroups(
      (region) =>
        new EKSClient(
          wired(region, (request) => answers[actionOf(request)] ?? { status: 403, text: '{"message":"no"}' }, sent),
        ),
    );
  beforeEach(() => {
    sent = [];
  });

  it("are listed with their sizes, and told a new one", async () => {
    const [found] = await groups().of(place);
    assert.deepEqual(found, { ...place, name: "nodes", status: "ACTIVE", scaling: two });
    await groups().scale(found, paused(two));
    assert.deepEqual(JSON.parse(textOf(sent.at(-1)!)).scalingConfig, { minSize: 0, desiredSize: 0, maxSize: 3 });
  });

  it("are refused in one sentence", async () => {
    await assert.rejects(groups().of({ ...place, eksName: "other" }), UsageError);
  });
});

describe("node groups of the local cloud", function () {
  this.timeout(120_000);
  let folder: string;
  let server: Server;
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("go to zero and come back in its ledger", async () => {
    folder = mkdtempSync(join(tmpdir(), "lab-"));
    const socket = join(folder, "cloud.sock");
    const lab = await Lab.open();
    const eksName = "east-eksCluster-1a2b3c4";
    await lab.running({ name: eksName });
    server = createApi({ ledger: lab.ledger, log: () => undefined, shutdown: () => undefined });
    await once(server.listen(socket), "listening");
    const groups = ledgerNodeGroups(socket);
    const place = { cluster: "east", eksName, region: REGION };
    const nodes = () =>
      lab.ledger.snapshot().clusters.flatMap(({ nodeGroups }) => nodeGroups.flatMap((each) => each.nodes)).length;
    assert.equal(nodes(), 2);
    const scale = (steps: readonly Step[]) =>
      scaleAll({ groups, steps, signal: new AbortController().signal, say: () => undefined, back: "" });
    await scale(stepsFor(await groups.of(place), ({ scaling }) => paused(scaling)));
    assert.equal(nodes(), 0);
    assert.deepEqual(
      (await groups.of(place)).map(({ scaling, status }) => [scaling, status]),
      [[{ min: 0, desired: 0, max: 3 }, "ACTIVE"]],
    );
    await scale(stepsFor(await groups.of(place), () => resumed(2)));
    assert.equal(nodes(), 2);
    assert.deepEqual(await groups.of({ ...place, eksName: "other" }), []);
  });
});

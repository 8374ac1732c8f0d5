import assert from "node:assert/strict";
import { config } from "../../../../lab/experiment/faults/config.ts";
import { drainNode } from "../../../../lab/experiment/faults/drain-node.ts";
import { kindOf, type AnyFault } from "../../../../lab/experiment/faults/kinds.ts";
import { ownRoot } from "../../../../lab/experiment/faults/own-root.ts";
import { sceneOf } from "../../../../lab/experiment/run/scene.ts";
import { experiments } from "../../../../lab/experiment/set/all.ts";
import type { FakeCluster } from "../fake-lab.ts";
import { fakeLab, putDeployment, type FakeLab } from "../fake-lab.ts";

const zones = ["a", "b"];

/** The stack `multi` with all that experiments do something to. */
function populated(): FakeLab {
  const lab = fakeLab({ prepare: (cut) => Promise.resolve({ ...cut, zones: cut.zones ?? null, id: "acl-1" }) });
  for (const [name, cluster] of lab.clusters) {
    cluster.prints = () => "killed\n";
    putDeployment(cluster, "experiment", "server", 10);
    putDeployment(cluster, "istio-system", "istiod", 2);
    putDeployment(cluster, "istio-system", "istio-eastwestgateway", 2);
    cluster.put(secret("cacerts"));
    for (const [at, zone] of zones.entries()) {
      putPod(cluster, "experiment-hand", `hand-${at}`, `node-${at}`);
      const labels = { "topology.kubernetes.io/zone": `${name}-${zone}` };
      cluster.put({ apiVersion: "v1", kind: "Node", metadata: { name: `node-${at}`, labels }, spec: {} });
    }
  }
  return lab;
}

const secret = (name: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "istio-system", managedFields: [{ manager: "pulumi", operation: "Apply" }] },
  type: "Opaque",
  data: { "ca-key.pem": "a2V5" },
});

function putPod(cluster: FakeCluster, namespace: string, name: string, nodeName: string): void {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace } };
  cluster.put({ ...pod, spec: { nodeName }, status: { phase: "Running" } });
}

/** What a fault changes and its removal must bring back; pods are replaced, and annotations tell of restarts. */
function stateOf(lab: FakeLab): unknown {
  return [...lab.clusters].map(([name, { objects }]) => [
    name,
    [...objects.entries()]
      .filter(([key]) => !key.startsWith("Pod "))
      .map(([key, { spec, data }]) => [key, spec && { ...spec, template: undefined }, data])
      .sort(([a], [b]) => String(a).localeCompare(String(b))),
  ]);
}

const callsOf = (lab: FakeLab): string[] => [...lab.clusters.values()].flatMap(({ calls }) => calls);

const scene = (lab: FakeLab) =>
  sceneOf(
    lab,
    [...lab.clusters.keys()].flatMap((cluster) =>
      zones.map((zone, at) => ({ cluster, node: `node-${at}`, zone: `${cluster}-${zone}` })),
    ),
  );

/** One of each kind, by what it says. `cut-from` looks addresses up, and has a test of its own. */
const faults = (lab: FakeLab): AnyFault[] => {
  const all = experiments.flatMap((each) => [...(each.setup?.(scene(lab)) ?? []), ...each.fault(scene(lab))]);
  return [...new Map(all.map((fault) => [fault.says, fault])).values()].filter(({ kind }) => kind !== "cut-from");
};

describe("laws of faults", () => {
  for (const [at, { says }] of faults(populated()).entries()) {
    describe(says, () => {
      let lab: FakeLab;
      let fault: AnyFault;
      let before: unknown;

      beforeEach(() => {
        lab = populated();
        fault = faults(lab)[at]!;
        // The policy stands before somebody makes a mistake in it.
        if (fault.kind === "policy") lab.clusters.get(fault.cluster)!.put(fault.from);
        before = stateOf(lab);
      });

      it("changes nothing while it is prepared, and prepares plain data", async () => {
        const found = await kindOf(fault).prepare(lab, fault);
        assert.deepEqual(callsOf(lab), []);
        assert.deepEqual(JSON.parse(JSON.stringify(found)), found);
        assert.doesNotMatch(JSON.stringify(found), /a2V5/, "a key must not come into a file");
      });

      it("does something, and its removal brings back what was", async () => {
        const found = await kindOf(fault).prepare(lab, fault);
        await kindOf(fault).inject(lab, fault, found);
        assert.ok(callsOf(lab).length + lab.cuts.size + lab.ups.length > 0, "nothing was done");
        await kindOf(fault).remove(lab, fault, found);
        assert.deepEqual(stateOf(lab), before);
        assert.equal(lab.cuts.size, 0);
      });

      it("can be removed twice, and where it never happened", async () => {
        const found = await kindOf(fault).prepare(lab, fault);
        await kindOf(fault).remove(lab, fault, found);
        await kindOf(fault).remove(lab, fault, found);
        assert.deepEqual(stateOf(lab), before);
      });
    });
  }

  it("give a Secret back to who applied it, or `pulumi up` could not change it any more", async () => {
    const lab = populated();
    const fault = ownRoot("west");
    const found = await kindOf(fault).prepare(lab, fault);
    await kindOf(fault).inject(lab, fault, found);
    await kindOf(fault).remove(lab, fault, found);
    const applied = callsOf(lab).filter((call) => call.startsWith("apply Secret"));
    assert.match(applied[0] ?? "", /cacerts-before-experiment$/);
    assert.match(applied[1] ?? "", /cacerts for pulumi$/);
  });

  it("restart what would hear of a change of the lab only later, also when it is undone", async () => {
    const lab = populated();
    const server = { cluster: "west", namespace: "experiment", deployment: "server" };
    const fault = config("a change", { "ca.roots": [2, 1] }, { undone: { "ca.roots": [1, 2] }, restarts: [server] });
    await kindOf(fault).inject(lab, fault, null);
    await kindOf(fault).remove(lab, fault, null);
    assert.equal(lab.ups.length, 2);
    assert.equal(callsOf(lab).filter((call) => /^merge Deployment.*restartedAt/.test(call)).length, 2);
  });

  it("spread again what a drained node had, and only if it was drained", async () => {
    const lab = populated();
    const east = lab.clusters.get("east")!;
    const owned = {
      ownerReferences: [{ kind: "ReplicaSet", name: "server-abc" }],
      labels: { "pod-template-hash": "abc" },
    };
    const pod = { apiVersion: "v1", kind: "Pod", spec: { nodeName: "node-0" }, status: { phase: "Running" } };
    east.put({ ...pod, metadata: { name: "server-abc-x", namespace: "experiment", ...owned } });
    const fault = drainNode("east", "experiment", "app=server", "east-a");
    const found = await kindOf(fault).prepare(lab, fault);
    assert.deepEqual((found as { deployments: object }).deployments, [{ namespace: "experiment", name: "server" }]);
    const restarts = () => east.calls.filter((call) => call.includes("restartedAt")).length;
    await kindOf(fault).remove(lab, fault, found);
    assert.equal(restarts(), 0);
    await kindOf(fault).inject(lab, fault, found);
    await kindOf(fault).remove(lab, fault, found);
    assert.equal(restarts(), 1);
  });
});

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "../../../../lab/experiment/faults/answer.ts";
import { config } from "../../../../lab/experiment/faults/config.ts";
import { drainNode } from "../../../../lab/experiment/faults/drain-node.ts";
import { kindOf, type AnyFault } from "../../../../lab/experiment/faults/kinds.ts";
import { ownRoot } from "../../../../lab/experiment/faults/own-root.ts";
import { sceneOf } from "../../../../lab/experiment/run/scene.ts";
import { experiments } from "../../../../lab/experiment/set/all.ts";
import type { FakeCluster } from "../fake-lab.ts";
import { fakeLab, putDeployment, type FakeLab } from "../fake-lab.ts";

const zones = ["a", "b"];
/** Nobody listens when it begins. */
const ignored = () => undefined;

/** The stack `multi` with all that experiments do something to. */
function populated(): FakeLab {
  const lab = fakeLab({ prepare: (cut) => Promise.resolve({ ...cut, zones: cut.zones ?? null, id: "acl-1" }) });
  for (const [name, cluster] of lab.clusters) {
    cluster.prints = (_, command) => (command.includes("/debug/syncz") ? servedIn(cluster) : "killed\n");
    putDeployment(cluster, "experiment", "server", 10);
    putDeployment(cluster, "istio-system", "istiod", 2);
    putDeployment(cluster, "istio-system", "istio-eastwestgateway", 2, { istio: "eastwestgateway" });
    cluster.put(secret("cacerts", "root-cert.pem"));
    for (const namespace of ["istio-system", "experiment"]) cluster.put(toldRoot(namespace));
    // An istiod that starts without cacerts makes a root of its own.
    cluster.removed = (pod) => {
      const given = [...cluster.objects.values()].some(({ metadata }) => metadata.name === "cacerts");
      if (pod.startsWith("istiod") && !given) cluster.put(secret("istio-ca-secret", "ca-cert.pem"));
    };
    for (const [at, zone] of zones.entries()) {
      putHand(cluster, "experiment-hand", `hand-${at}`, `node-${at}`);
      const labels = { "topology.kubernetes.io/zone": `${name}-${zone}` };
      cluster.put({ apiVersion: "v1", kind: "Node", metadata: { name: `node-${at}`, labels }, spec: {} });
    }
  }
  return lab;
}

/** An istiod that serves every pod of the experiment. */
const servedIn = ({ objects }: FakeCluster): string =>
  JSON.stringify(
    [...objects.values()]
      .filter(({ kind, metadata }) => kind === "Pod" && metadata.namespace === "experiment")
      .map(({ metadata: { name } }) => ({ proxy: `${name}.experiment` })),
  );

/** Until what it returns is called, an istiod lacks a pod of the experiment. */
function servesAllButOne(cluster: FakeCluster): () => void {
  const { prints } = cluster;
  cluster.prints = (...asked) => JSON.stringify((JSON.parse(prints(...asked)) as unknown[]).slice(1));
  return () => void (cluster.prints = prints);
}

const drained = drainNode("east", "experiment", "server", "east-a");

/** A pod on the node that is drained, which a ReplicaSet makes again elsewhere. */
function putOnNode(cluster: FakeCluster): void {
  const owned = {
    ownerReferences: [{ kind: "ReplicaSet", name: "server-abc" }],
    labels: { "pod-template-hash": "abc", app: "server" },
  };
  const pod = { apiVersion: "v1", kind: "Pod", spec: { nodeName: "node-0" }, status: { phase: "Running" } };
  cluster.put({ ...pod, metadata: { name: "server-abc-x", namespace: "experiment", ...owned } });
}

const root = "the certificate of a root";

const toldRoot = (namespace: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "istio-ca-root-cert", namespace },
  data: { "root-cert.pem": `${root}\n` },
});

const secret = (name: string, certificate: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "istio-system", managedFields: [{ manager: "pulumi", operation: "Apply" }] },
  type: "Opaque",
  data: { "ca-key.pem": "a2V5", [certificate]: Buffer.from(root).toString("base64") },
});

function putHand(cluster: FakeCluster, namespace: string, name: string, nodeName: string): void {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels: { app: "hand" } } };
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

/** Deployments that were restarted, in order. */
const restartsIn = (lab: FakeLab): string[] =>
  callsOf(lab).flatMap((call) => /^merge Deployment (\S+).*restartedAt/.exec(call)?.[1] ?? []);

const scene = (lab: FakeLab) =>
  sceneOf(
    lab,
    [...lab.clusters.keys()].flatMap((cluster) =>
      zones.map((zone, at) => ({ cluster, node: `node-${at}`, zone: `${cluster}-${zone}` })),
    ),
  );

/** One of each kind, by what it says. `cut-from` looks addresses up: see cut-from.test.ts. */
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
        await kindOf(fault).inject(lab, fault, found, ignored);
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
    await kindOf(fault).inject(lab, fault, found, ignored);
    await kindOf(fault).remove(lab, fault, found);
    const applied = callsOf(lab).filter((call) => call.startsWith("apply Secret"));
    assert.match(applied[0] ?? "", /cacerts-before-experiment$/);
    assert.match(applied[1] ?? "", /cacerts for pulumi$/);
  });

  it("start nothing with the old root: it would get no certificate from the new", async () => {
    const lab = populated();
    const west = lab.clusters.get("west")!;
    const another = Buffer.from("another root").toString("base64");
    west.removed = (pod) => {
      if (pod.startsWith("istiod")) {
        const made = secret("istio-ca-secret", "ca-cert.pem");
        west.put({ ...made, data: { "ca-cert.pem": another } });
        setTimeout(() => {
          for (const namespace of ["istio-system", "experiment"])
            west.put({ ...toldRoot(namespace), data: { "root-cert.pem": "another root" } });
          west.calls.push("told");
        }, 300);
      }
    };
    await kindOf(ownRoot("west")).inject(lab, ownRoot("west"), {}, ignored);
    const firstOf = (start: string) => west.calls.findIndex((call) => call.startsWith(start));
    assert.ok(firstOf("remove Pod istio-system/istiod") < firstOf("told"));
    assert.ok(firstOf("told") < firstOf("remove Pod experiment/server"));
  });

  it("say when answers turn bad, for a command in a pod waits until the processor is free again", async () => {
    const lab = populated();
    const fault = answer("east", { status: 500 });
    const found = await kindOf(fault).prepare(lab, fault);
    lab.clusters.get("east")!.prints = () => "1795770000000\n";
    const begun: number[] = [];
    await kindOf(fault).inject(lab, fault, found, (at) => void begun.push(at));
    assert.deepEqual(begun, [1_795_770_001_000]);
    const waits = callsOf(lab).map((call) => /sleep ([\d.]+) \| curl .*abort_percent=100/.exec(call)?.[1]);
    assert.deepEqual(waits, ["1", "1.25", "1.5", "1.75", "2", "2.25", "2.5", "2.75", "3", "3.25"]);
  });

  it("restart what would hear of a change of the lab only later, also when it is undone", async () => {
    const lab = populated();
    const server = { cluster: "west", namespace: "experiment", deployment: "server" };
    const fault = config("a change", { "ca.roots": [2, 1] }, { undone: { "ca.roots": [1, 2] }, restarts: [server] });
    await kindOf(fault).inject(lab, fault, null, ignored);
    await kindOf(fault).remove(lab, fault, null);
    assert.equal(lab.ups.length, 2);
    assert.deepEqual(restartsIn(lab), ["experiment/server", "experiment/server"]);
  });

  it("restart the next only when every proxy has found an istiod again", async () => {
    const lab = populated();
    const west = lab.clusters.get("west")!;
    const istiod = { cluster: "west", namespace: "istio-system", deployment: "istiod" };
    const server = { cluster: "west", namespace: "experiment", deployment: "server" };
    const servesAll = servesAllButOne(west);
    const fault = config("a change", {}, { restarts: [istiod, server] });
    const injected = kindOf(fault).inject(lab, fault, null, ignored);
    await sleep(500);
    assert.deepEqual(restartsIn(lab), ["istio-system/istiod"]);
    servesAll();
    await injected;
    assert.deepEqual(restartsIn(lab), ["istio-system/istiod", "experiment/server"]);
  });

  it("take a root of its own away until every proxy has found an istiod again", async () => {
    const lab = populated();
    const west = lab.clusters.get("west")!;
    const found = await kindOf(ownRoot("west")).prepare(lab, ownRoot("west"));
    await kindOf(ownRoot("west")).inject(lab, ownRoot("west"), found, ignored);
    const servesAll = servesAllButOne(west);
    let back = false;
    const removed = kindOf(ownRoot("west"))
      .remove(lab, ownRoot("west"), found)
      .then(() => (back = true));
    await sleep(2_000);
    assert.ok(!back);
    servesAll();
    await removed;
  });

  it("spread again what a drained node had, and only if it was drained", async () => {
    const lab = populated();
    const east = lab.clusters.get("east")!;
    putOnNode(east);
    const found = await kindOf(drained).prepare(lab, drained);
    assert.deepEqual((found as { deployments: object }).deployments, [{ namespace: "experiment", name: "server" }]);
    await kindOf(drained).remove(lab, drained, found);
    assert.deepEqual(restartsIn(lab), []);
    await kindOf(drained).inject(lab, drained, found, ignored);
    await kindOf(drained).remove(lab, drained, found);
    assert.deepEqual(restartsIn(lab), ["experiment/server"]);
  });

  it("bring the service back to a node before what its callers hear of it from", async () => {
    const lab = populated();
    const deployments = [
      { namespace: "istio-system", name: "istiod" },
      { namespace: "experiment", name: "server" },
    ];
    const found = { node: "node-0", deployments };
    await kindOf(drained).inject(lab, drained, found, ignored);
    await kindOf(drained).remove(lab, drained, found);
    assert.deepEqual(restartsIn(lab), ["experiment/server", "istio-system/istiod"]);
  });

  it("give the service of a drained node a budget before anything is evicted, and take it away again", async () => {
    const lab = populated();
    const east = lab.clusters.get("east")!;
    putOnNode(east);
    const found = await kindOf(drained).prepare(lab, drained);
    const budget = () => east.objects.get("PodDisruptionBudget experiment/server")?.["spec"];
    const calls = east.calls.length;
    await kindOf(drained).inject(lab, drained, found, ignored);
    assert.deepEqual(
      east.calls.slice(calls).filter((call) => /^(apply|merge|evict)/.test(call)),
      [
        "apply PodDisruptionBudget experiment/server",
        'merge Node /node-0 {"spec":{"unschedulable":true}}',
        "evict experiment/server-abc-x",
      ],
    );
    assert.deepEqual(budget(), { maxUnavailable: 1, selector: { matchLabels: { app: "server" } } });
    await kindOf(drained).remove(lab, drained, found);
    assert.equal(budget(), undefined);
  });
});

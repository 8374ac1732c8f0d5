import assert from "node:assert/strict";
import { rollout } from "../../../lab/cluster/wait.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { refuseReserved } from "../../../lab/retrofit/command.ts";
import { asBefore, followed, isAsWanted, joining, leaving } from "../../../lab/retrofit/decide.ts";
import { retrofit, type Retrofit, retrofitAll } from "../../../lab/retrofit/run.ts";
import { fakeLab } from "../experiment/fake-lab.ts";
import { MeshedCluster } from "./mesh.ts";

const namespace = "shop";
const [mesh] = fakeLab().plan.meshes;

describe("a retrofit", () => {
  let cluster: MeshedCluster;
  let said: string[];
  let controller: AbortController;

  const named = { stack: "multi", configFile: "my labs/multi.yaml" };
  const of = (more: Partial<Retrofit> = {}): Retrofit => ({
    ...{ namespace, way: "in", cluster, config: cluster, mesh: mesh!, revisions: { default: "1.31.1" }, named },
    ...{ signal: controller.signal, say: (line) => void said.push(line), patience: 0.3, ...more },
  });
  const run = (more: Partial<Retrofit> = {}) => retrofit(of(more));
  const labels = () => cluster.objects.get(`Namespace /${namespace}`)?.metadata.labels;
  const restarted = () => cluster.calls.flatMap((call) => /^merge Deployment shop\/(\S+)/.exec(call)?.[1] ?? []);
  const proxiesOf = () =>
    [...cluster.objects.values()]
      .filter(({ kind }) => kind === "Pod")
      .map((pod) => [
        pod.metadata.name,
        (pod["spec"] as { containers: { name: string }[] }).containers.some(({ name }) => name === "istio-proxy"),
      ]);
  const bridge = "PeerAuthentication shop/istio-lab-retrofit";

  beforeEach(() => {
    said = [];
    controller = new AbortController();
    cluster = shopIn("east");
  });

  function shopIn(name: string): MeshedCluster {
    const made = new MeshedCluster(name);
    made.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { team: "a" } } });
    made.deploy(namespace, "backend", true);
    made.deploy(namespace, "client", false);
    return made;
  }

  it("labels the namespace, restarts callers before those that are called, and proves that every pod has a proxy", async () => {
    await run();
    assert.deepEqual(labels(), { team: "a", "istio-injection": "enabled" });
    assert.deepEqual(restarted(), ["client", "backend"]);
    assert.deepEqual(proxiesOf(), [
      ["backend-1", true],
      ["client-1", true],
    ]);
    assert.equal(said.at(-1), "east: all 2 pods of shop have a proxy");
  });

  it("lets calls without mutual TLS in while it lasts, where the mesh is STRICT, and no longer", async () => {
    assert.equal(mesh!.mtls, "STRICT");
    await run();
    const at = (start: string) => cluster.calls.findIndex((call) => call.startsWith(start));
    assert.ok(at(`apply ${bridge}`) >= 0 && at(`apply ${bridge}`) < at("merge Namespace"));
    assert.ok(at(`remove ${bridge}`) > at("merge Deployment shop/backend"));
    assert.ok(!cluster.objects.has(bridge));
  });

  it("needs no such thing where the mesh is PERMISSIVE or the namespace says something itself", async () => {
    await run({ mesh: { ...mesh!, mtls: "PERMISSIVE" } });
    cluster.put({
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: { name: "own", namespace },
      spec: {},
    });
    await run({ way: "out" });
    assert.ok(!cluster.calls.some((call) => call.startsWith("apply")));
  });

  it("does nothing twice: what has a proxy keeps its pods", async () => {
    await run();
    cluster.calls.length = 0;
    await run();
    assert.deepEqual(restarted(), []);
  });

  it("is undone: out go the labels and the proxies, those that are called first", async () => {
    await run();
    cluster.calls.length = 0;
    await run({ way: "out" });
    assert.deepEqual(labels(), { team: "a" });
    assert.deepEqual(restarted(), ["backend", "client"]);
    assert.deepEqual(proxiesOf(), [
      ["backend-1", false],
      ["client-1", false],
    ]);
  });

  it("renews stale proxies alone, and leaves labels as they are", async () => {
    await run();
    cluster.pod(namespace, "backend-1", { app: "backend" }, "1.30.4");
    cluster.calls.length = 0;
    await run({ way: "restart" });
    assert.deepEqual(restarted(), ["backend"]);
    assert.ok(!cluster.calls.some((call) => call.includes("Namespace") || call.includes("PeerAuthentication")));
  });

  it("fails when the new proxies are stale too, because istiod is", async () => {
    cluster.version = "1.30.4";
    await run();
    await assert.rejects(run({ way: "restart" }), /shop\/client-1 are not.*|shop\/backend-1.*are not/);
  });

  it("says of a restart which workload may be half done", async () => {
    cluster.version = "1.30.4";
    await run();
    cluster.version = "1.31.1";
    const interrupted = run({ way: "restart", say: () => controller.abort() });
    await assert.rejects(interrupted, /it was interrupted\. Each workload that was restarted is whole\.$/);
    controller = new AbortController();
    cluster.stuck.add("backend");
    await assert.rejects(
      run({ way: "restart" }),
      /before the last is whole; of the last, .*: kubectl --context east -n shop rollout status deployment\/backend$/,
    );
  });

  it("leaves pods alone that ask for it, and passes over what has ended or goes, and counts neither", async () => {
    const refusing = { "sidecar.istio.io/inject": "false" };
    cluster.pod(namespace, "plain", refusing);
    cluster.pod(namespace, "job", {}, undefined, "Succeeded");
    cluster.pod(namespace, "job-that-refuses", refusing, undefined, "Succeeded");
    cluster.pod(namespace, "evicted", {}, undefined, "Failed");
    cluster.pod(namespace, "leaving", {});
    const leaving = cluster.objects.get("Pod shop/leaving")!;
    const metadata = { ...leaving.metadata, deletionTimestamp: "2026-11-28T00:00:00Z" };
    cluster.objects.set("Pod shop/leaving", { ...leaving, metadata });
    await run();
    assert.equal(said.at(-1), "east: all 2 pods of shop have a proxy; left alone, as they ask: plain");
  });

  it("refuses pods that nobody makes anew, before anything is changed", async () => {
    cluster.pod(namespace, "naked", {});
    await assert.rejects(
      run(),
      (error) => error instanceof UsageError && /shop\/naked .*nothing was changed/.test(error.message),
    );
    assert.deepEqual(cluster.calls, []);
  });

  it("refuses a namespace that is not there", async () => {
    await assert.rejects(run({ namespace: "shpo" }), /east has no namespace shpo/);
  });

  it("undoes everything when a workload does not get ready with its proxy", async () => {
    cluster.stuck.add("backend");
    const failing = run();
    // The next restart is of pods without a proxy, which get ready.
    setTimeout(() => cluster.stuck.clear(), 200);
    await assert.rejects(failing, /was ended: .*backend of east is rolled out.* What was done is undone\./);
    assert.deepEqual(labels(), { team: "a" });
    assert.deepEqual(proxiesOf(), [
      ["backend-1", false],
      ["client-1", false],
    ]);
    assert.ok(!cluster.objects.has(bridge));
  });

  it("undoes everything on Ctrl-C, in one sentence", async () => {
    await assert.rejects(
      run({ say: (line) => (line.includes("client has new pods") ? controller.abort() : undefined) }),
      (error) =>
        error instanceof UsageError &&
        error.message === "The retrofit of shop in east was ended: it was interrupted. What was done is undone.",
    );
    assert.deepEqual(labels(), { team: "a" });
    assert.deepEqual(proxiesOf(), [
      ["backend-1", false],
      ["client-1", false],
    ]);
    assert.deepEqual(restarted(), ["client", "client"], "backend was never touched");
    assert.ok(!cluster.objects.has(bridge));
  });

  it("undoes everything on Ctrl-C while it waits for the last pods, or removes what let them in", async () => {
    const waiting = run({ mesh: { ...mesh!, dataPlane: "ambient" }, patience: 60 });
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(waiting, /it was interrupted\. What was done is undone\.$/);
    assert.deepEqual(labels(), { team: "a" });
    controller = new AbortController();
    const remove = cluster.remove.bind(cluster);
    cluster.remove = (reference) => {
      controller.abort();
      return remove(reference);
    };
    await assert.rejects(run(), /it was interrupted\. What was done is undone\.$/);
    assert.deepEqual(labels(), { team: "a" });
  });

  const again = (cluster: string, flag = "") =>
    `npm run lab -- retrofit shop --cluster ${cluster}${flag} --stack multi --config-file 'my labs/multi.yaml'`;

  it("says what to run when undoing fails as well, and what stays open until then", async () => {
    const permissive = { ...mesh!, mtls: "PERMISSIVE" as const };
    const ends = (end: string) => (error: Error) =>
      error.message.includes("Undoing it failed as well (") && error.message.endsWith(end);
    const open = "The PeerAuthentication istio-lab-retrofit of shop in east still lets calls without mutual TLS in.";
    cluster.stuck.add("client");
    await assert.rejects(run(), ends(`. ${open} When that is mended, run: ${again("east", " --undo")}`));
    assert.ok(cluster.objects.has(bridge));
    cluster = shopIn("east");
    await run({ mesh: permissive });
    cluster.stuck.add("client");
    await assert.rejects(
      run({ way: "out", mesh: permissive }),
      ends(`). When that is mended, run: ${again("east")}`),
      "nothing was let in",
    );
  });

  it("of several clusters says which were changed before one failed, or before Ctrl-C, and stay so", async () => {
    const west = shopIn("west");
    const both = (more: Partial<Retrofit> = {}) =>
      retrofitAll([of(more), of({ ...more, cluster: west, config: west })]);
    const ends = (end: string) => (error: Error) => error instanceof UsageError && error.message.endsWith(end);
    const undoIt = `east was changed before and stays so; to undo it: ${again("east", " --undo")}`;
    west.stuck.add("client");
    await assert.rejects(both(), ends(`\n${undoIt}`));
    assert.deepEqual(labels(), { team: "a", "istio-injection": "enabled" });
    west.stuck.clear();
    const read = west.read.bind(west);
    west.read = (reference) => {
      controller.abort();
      return read(reference);
    };
    await assert.rejects(both(), ends(`it was interrupted. What was done is undone.\n${undoIt}`));
    await assert.rejects(both(), (error) => error === controller.signal.reason, "before the first");
  });

  it("in ambient mode restarts nothing and waits until ztunnel has the traffic", async () => {
    const ambient = { ...mesh!, dataPlane: "ambient" as const };
    await assert.rejects(run({ mesh: ambient }), /is as wanted/);
    assert.deepEqual(labels(), { team: "a" }, "undone");
    for (const name of ["backend-1", "client-1"]) {
      const key = `Pod shop/${name}`;
      const pod = cluster.objects.get(key)!;
      const annotations = { "ambient.istio.io/redirection": "enabled" };
      cluster.objects.set(key, { ...pod, metadata: { ...pod.metadata, annotations } as typeof pod.metadata });
    }
    await run({ mesh: ambient });
    assert.deepEqual(labels(), { team: "a", "istio.io/dataplane-mode": "ambient" });
    assert.deepEqual(restarted(), []);
  });
});

describe("what a retrofit decides", () => {
  it("one label replaces the others, as one would win over them", () => {
    const none = { "istio-injection": null, "istio.io/rev": null, "istio.io/dataplane-mode": null };
    assert.deepEqual(leaving(), none);
    assert.deepEqual(joining({ dataPlane: "sidecar" }), { ...none, "istio-injection": "enabled" });
    assert.deepEqual(joining({ dataPlane: "sidecar", follows: "stable" }), { ...none, "istio.io/rev": "stable" });
    assert.deepEqual(joining({ dataPlane: "ambient" }), { ...none, "istio.io/dataplane-mode": "ambient" });
    const found = { metadata: { name: "a", uid: "a", labels: { "istio.io/rev": "canary", team: "a" } } };
    assert.deepEqual(asBefore(found), { ...none, "istio.io/rev": "canary" });
  });

  it("a proxy is fresh when it is of its own revision's version", () => {
    const pod = (revision: string, version: string) => ({
      metadata: { name: "p", uid: "p", annotations: { "istio.io/rev": revision } },
      ...{
        spec: { containers: [{ name: "istio-proxy", image: `x/proxyv2:${version}` }] },
        status: { phase: "Running" },
      },
    });
    const wanted = { proxy: "fresh", revisions: { "1-30-4": "1.30.4", "1-31-1": "1.31.1" } } as const;
    assert.ok(isAsWanted(pod("1-30-4", "1.30.4"), wanted));
    assert.ok(!isAsWanted(pod("1-31-1", "1.30.4"), wanted));
    assert.ok(!isAsWanted(pod("1-29-0", "1.30.4"), wanted), "of a revision that is gone");
    const moved = { ...wanted, follows: "1-31-1" } as const;
    assert.ok(!isAsWanted(pod("1-30-4", "1.30.4"), moved), "its namespace has moved on");
    assert.ok(isAsWanted(pod("1-31-1", "1.31.1"), moved));
  });

  it("a namespace follows the revision to which its tag leads, or that it names itself", () => {
    const revisions = [
      { revision: "1-30-4", version: "1.30.4", tag: "stable" },
      { revision: "1-31-1", version: "1.31.1", tag: "canary" },
    ] as const;
    const labelled = (labels: Record<string, string>) => ({ metadata: { name: "a", uid: "a", labels } });
    assert.equal(followed(labelled({ "istio.io/rev": "canary" }), { revisions }), "1-31-1");
    assert.equal(followed(labelled({ "istio.io/rev": "1-30-4" }), { revisions }), "1-30-4");
    assert.equal(followed(labelled({ "istio-injection": "enabled" }), { revisions }), undefined);
    assert.equal(followed(labelled({ "istio.io/rev": "other" }), { revisions }), undefined);
  });

  it("namespaces of Kubernetes, Istio and the lab stay as they are, but for stale proxies", () => {
    for (const [name, whose] of [
      ["kube-system", "Kubernetes'"],
      ["istio-system", "Istio's"],
      ["external-istiod", "Istio's"],
      ["observability", "the lab's"],
    ] as const)
      for (const way of ["in", "out"] as const)
        assert.throws(
          () => {
            refuseReserved(name, way);
          },
          (error) => error instanceof UsageError && error.message.startsWith(`${name} is ${whose} own namespace`),
        );
    assert.throws(() => refuseReserved("kube-system", "restart"), UsageError);
    for (const name of ["istio-system", "external-istiod", "observability", "shop"]) refuseReserved(name, "restart");
    refuseReserved("default", "in");
  });

  it("a rollout is over when every replica is new and ready, whatever the kind", () => {
    const metadata = { generation: 2 };
    const replicas = { replicas: 3, updatedReplicas: 3, readyReplicas: 3 };
    assert.equal(
      rollout("StatefulSet", { metadata, spec: { replicas: 3 }, status: { observedGeneration: 2, ...replicas } }),
      true,
    );
    assert.match(
      String(
        rollout("Deployment", { metadata, spec: { replicas: 3 }, status: { observedGeneration: 1, ...replicas } }),
      ),
      /not looked/,
    );
    assert.match(
      String(
        rollout("Deployment", {
          metadata,
          spec: { replicas: 3 },
          status: { observedGeneration: 2, ...replicas, updatedReplicas: 2 },
        }),
      ),
      /up to date 2/,
    );
    const daemons = { desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2 };
    assert.equal(rollout("DaemonSet", { metadata, spec: {}, status: { observedGeneration: 2, ...daemons } }), true);
    assert.match(
      String(
        rollout("DaemonSet", { metadata, spec: {}, status: { observedGeneration: 2, ...daemons, numberReady: 1 } }),
      ),
      /ready 1/,
    );
  });
});

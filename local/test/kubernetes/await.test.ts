import assert from "node:assert/strict";
import { awaitSpec } from "../../plugins/kubernetes/await/judges.ts";
import { waitUntil, WaitError } from "../../plugins/kubernetes/await/wait.ts";
import type { Properties } from "../../plugins/host/values.ts";
import type { Readiness } from "../../plugins/kubernetes/await/readiness.ts";
import type { KubeObject } from "../../plugins/kubernetes/object/object.ts";

/** Judges an object among other objects of its namespace. */
async function judge(
  apiVersion: string,
  kind: string,
  rest: Properties,
  others: Properties[] = [],
): Promise<Readiness> {
  const spec = awaitSpec({ apiVersion, kind });
  assert.ok(spec);
  const object = { apiVersion, kind, metadata: { name: "a", namespace: "n", generation: 2 }, ...rest } as KubeObject;
  return spec.judge(object, { list: () => Promise.resolve(others) });
}

const rolledOut = {
  observedGeneration: 2,
  updatedReplicas: 2,
  readyReplicas: 2,
  conditions: [
    { type: "Available", status: "True" },
    { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
  ],
};

describe("kubernetes awaits", () => {
  it("kinds without a controller are not waited for", () => {
    for (const kind of ["ConfigMap", "Namespace", "PersistentVolumeClaim"]) {
      assert.equal(awaitSpec({ apiVersion: "v1", kind }), undefined);
    }
  });

  describe("a Deployment", () => {
    const deployment = (status: Properties, pods: Properties[] = []) =>
      judge("apps/v1", "Deployment", { spec: { replicas: 2, selector: { matchLabels: { a: "b" } } }, status }, pods);

    it("is ready when the newest ReplicaSet is available", async () => {
      assert.deepEqual(await deployment(rolledOut), { ready: true, reasons: [] });
    });

    const lacking = {
      "its generation is not observed": { ...rolledOut, observedGeneration: 1 },
      "a replica is old": { ...rolledOut, updatedReplicas: 1 },
      "a replica is not ready": { ...rolledOut, readyReplicas: 1 },
      "it is not available": { ...rolledOut, conditions: rolledOut.conditions.slice(1) },
      "the rollout is under way": { ...rolledOut, conditions: rolledOut.conditions.slice(0, 1) },
    };
    for (const [what, status] of Object.entries(lacking)) {
      it(`is not ready when ${what}`, async () => {
        assert.equal((await deployment(status)).ready, false);
      });
    }

    it("tells what its Pods lack, each sentence once", async () => {
      const state = { waiting: { reason: "ImagePullBackOff", message: "no such image" } };
      const pod = { status: { containerStatuses: [{ name: "c", state }] } };
      const { reasons } = await deployment({ ...rolledOut, readyReplicas: 0 }, [pod, pod]);
      assert.deepEqual(reasons, ["not every Pod is ready", "[c] ImagePullBackOff: no such image"]);
    });
  });

  it("a StatefulSet is ready with every Pod ready and of the newest revision", async () => {
    const status = { observedGeneration: 2, readyReplicas: 1, currentRevision: "r2", updateRevision: "r2" };
    assert.equal((await judge("apps/v1", "StatefulSet", { spec: {}, status })).ready, true);
    assert.equal(
      (await judge("apps/v1", "StatefulSet", { spec: {}, status: { ...status, currentRevision: "r1" } })).ready,
      false,
    );
    assert.equal((await judge("apps/v1", "StatefulSet", { spec: { replicas: 2 }, status })).ready, false);
  });

  it("a DaemonSet is ready with an available Pod on every node", async () => {
    const status = { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 };
    assert.equal((await judge("apps/v1", "DaemonSet", { spec: {}, status })).ready, true);
    assert.equal(
      (await judge("apps/v1", "DaemonSet", { spec: {}, status: { ...status, numberAvailable: 1 } })).ready,
      false,
    );
  });

  describe("a Service", () => {
    const slice = { endpoints: [{ conditions: { ready: true } }] };
    const service = (spec: Properties, others: Properties[] = [], status: Properties = {}) =>
      judge("v1", "Service", { spec, status }, others);
    const selector = { app: "a" };

    it("with a selector is ready with a ready Pod", async () => {
      assert.equal((await service({ selector }, [slice])).ready, true);
      assert.match((await service({ selector })).reasons[0] ?? "", /does not target any Pods/);
      const unready = { endpoints: [{ conditions: { ready: false } }] };
      assert.equal((await service({ selector }, [unready])).ready, false);
    });

    it("as a load balancer needs an address too", async () => {
      const spec = { type: "LoadBalancer", selector };
      assert.match((await service(spec, [slice])).reasons[0] ?? "", /was not allocated an IP address/);
      const status = { loadBalancer: { ingress: [{ hostname: "x.elb.us-east-1.amazonaws.com" }] } };
      assert.equal((await service(spec, [slice], status)).ready, true);
      assert.equal((await service(spec, [], status)).ready, false);
    });

    it("without Pods to point at is ready at once", async () => {
      assert.equal((await service({})).ready, true);
      assert.equal((await service({ selector, clusterIP: "None" })).ready, true);
      assert.equal((await service({ type: "ExternalName" })).ready, true);
    });
  });

  it("a service account's token Secret is ready with its data, another Secret at once", async () => {
    const type = "kubernetes.io/service-account-token";
    assert.equal((await judge("v1", "Secret", { type })).ready, false);
    assert.equal((await judge("v1", "Secret", { type, data: { token: "eA==" } })).ready, true);
    assert.equal((await judge("v1", "Secret", { type: "Opaque" })).ready, true);
  });

  it("a Pod, a Job and a definition", async () => {
    const conditioned = (type: string) => ({ status: { phase: "Running", conditions: [{ type, status: "True" }] } });
    assert.equal((await judge("v1", "Pod", conditioned("Ready"))).ready, true);
    assert.equal((await judge("v1", "Pod", conditioned("Initialized"))).ready, false);
    assert.equal((await judge("v1", "Pod", { status: { phase: "Failed" } })).failed, true);
    assert.equal((await judge("batch/v1", "Job", conditioned("Complete"))).ready, true);
    assert.equal((await judge("batch/v1", "Job", conditioned("Failed"))).failed, true);
    const definition = ["apiextensions.k8s.io/v1", "CustomResourceDefinition"] as const;
    assert.equal((await judge(...definition, conditioned("Established"))).ready, true);
    assert.equal((await judge(...definition, conditioned("NamesAccepted"))).ready, false);
  });
});

describe("kubernetes waiting", () => {
  const options = { name: "a", state: "Ready", seconds: 5, signal: new AbortController().signal };

  it("ends when the look succeeds and tells each change once", async () => {
    const looks = [["x"], ["x"], ["y"]].map((reasons) => ({ ready: false, reasons }));
    const told: string[][] = [];
    const look = () => Promise.resolve(looks.shift() ?? { ready: true, reasons: [] });
    await waitUntil(look, { ...options, onProgress: (reasons) => told.push(reasons) });
    assert.deepEqual(told, [["x"], ["y"]]);
  });

  const never = () => Promise.resolve({ ready: false, reasons: ["why"] });

  it("ends after its time with the reasons", async () => {
    await assert.rejects(waitUntil(never, { ...options, seconds: 0.1 }), (error) => {
      assert.ok(error instanceof WaitError);
      assert.equal(error.message, "'a' timed out waiting to be Ready");
      assert.deepEqual(error.reasons, ["why"]);
      return true;
    });
  });

  it("ends at once when it has failed for good, or the run is cancelled", async () => {
    const failed = () => Promise.resolve({ ready: false, reasons: [], failed: true });
    await assert.rejects(waitUntil(failed, options), /cannot become Ready/);
    await assert.rejects(waitUntil(never, { ...options, signal: AbortSignal.abort() }), /was cancelled for 'a'/);
  });
});

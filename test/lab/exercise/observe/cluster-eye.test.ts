import assert from "node:assert/strict";
import { clusterEye } from "../../../../lab/exercise/observe/cluster-eye.ts";
import { NothingToAsk } from "../../../../lab/exercise/observe/eye.ts";
import { FakeCluster } from "../../experiment/fake-lab.ts";

const place = { cluster: "east", namespace: "shop", app: "curl" };

describe("a lab that is looked at", () => {
  let cluster: FakeCluster;
  const eye = () => clusterEye(new Map([["east", cluster]]));
  const pod = (name: string, proxy: boolean, creationTimestamp = "2026-11-28T00:00:00Z", more: object = {}) => {
    cluster.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop", labels: { app: "curl" }, creationTimestamp, ...more } as never,
      spec: { containers: [...(proxy ? [{ name: "istio-proxy", image: "p:1" }] : []), { name: "app", image: "a:1" }] },
      status: { phase: "Running" },
    });
  };

  beforeEach(() => {
    cluster = new FakeCluster("east");
  });

  it("is asked from the application's container of the youngest pod that stays", async () => {
    pod("old", true);
    pod("young", true, "2026-11-28T01:00:00Z");
    pod("leaving", true, "2026-11-28T02:00:00Z", { deletionTimestamp: "2026-11-28T03:00:00Z" });
    cluster.prints = () => "Hello\n200 0.1\n0\n== istio-lab ==\n";
    const answers = await eye().call({ from: place, url: "http://x" });
    assert.deepEqual(answers, [{ status: 200, seconds: 0.1, body: "Hello", failure: 0 }]);
    assert.match(cluster.calls[0]!, /^exec shop\/young\/app \/bin\/sh -c /);
  });

  it("is asked for what a proxy knows in the proxy's container", async () => {
    pod("one", true);
    cluster.prints = (_, [, , , path]) => (path === "certs" ? '{"certificates":[]}' : '{"cluster_statuses":[]}');
    assert.deepEqual(await eye().upstreams(place), []);
    assert.equal(await eye().certificate(place), undefined);
    assert.deepEqual(cluster.calls, [
      "exec shop/one/istio-proxy pilot-agent request GET clusters?format=json",
      "exec shop/one/istio-proxy pilot-agent request GET certs",
    ]);
  });

  it("says what is not there to be asked", async () => {
    await assert.rejects(eye().call({ from: place, url: "http://x" }), NothingToAsk);
    await assert.rejects(
      eye().upstreams(place),
      /^NothingToAsk: No pod with the label app=curl runs in shop of east\.$/,
    );
    pod("bare", false);
    await assert.rejects(eye().certificate(place), /^NothingToAsk: The pod bare of curl in shop has no proxy\.$/);
  });

  it("asks every istiod for its proxies", async () => {
    for (const name of ["istiod-a", "istiod-b"])
      cluster.put({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace: "istio-system", labels: { app: "istiod" } },
        spec: { containers: [{ name: "discovery", image: "pilot:1" }] },
        status: { phase: "Running" },
      });
    cluster.prints = ({ pod: name }) => JSON.stringify([{ proxy: `of-${name}`, cluster_id: "east" }]);
    assert.deepEqual(
      (await eye().connected()).map(({ istiod, proxy }) => `${istiod.pod} ${proxy}`),
      ["istiod-a of-istiod-a", "istiod-b of-istiod-b"],
    );
  });
});

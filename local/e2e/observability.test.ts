/** The one store of two clusters' metrics: what west gathers gets to east through the mesh, and nobody else asks. */
import assert from "node:assert/strict";
import { showsPrometheus } from "./commands.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { eventually, Stack } from "./shell.ts";

const namespace = "observability";
const storeUrl = `http://prometheus.${namespace}.svc.cluster.local:9090`;

interface Answer {
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}

describe("[full] pulumi up --stack multi-observability", function () {
  this.timeout(1_200_000);
  const stack = new Stack("multi-observability");

  comesUp(stack, ["east", "west"]);

  /** Behind the store's proxy, as who forwards a port. */
  const asked = async (query: string): Promise<Answer> => {
    const command = `curl -sG http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=${query}'`;
    return JSON.parse(
      await stack.kubectl("east", `exec -n ${namespace} deployment/prometheus -c istio-proxy -- ${command}`),
    ) as Answer;
  };

  const clustersWith = async (query: string): Promise<(string | undefined)[]> => {
    const { data } = await asked(`count(${query}) by (cluster)`);
    return data.result.map(({ metric }) => metric["cluster"]).sort();
  };

  it("gathers what istiod, proxies and kubelets of both clusters say, and keeps them apart", async () => {
    await eventually(120, async () => {
      for (const app of ["istiod", "istio-eastwestgateway", "curl", "helloworld"])
        assert.deepEqual(await clustersWith(`up{job="kubernetes-pods", app="${app}"} == 1`), ["east", "west"], app);
      const kubelets = 'up{job="kubernetes-nodes-cadvisor"} == 1';
      assert.deepEqual(await clustersWith(kubelets), ["east", "west"], "kubelets");
      assert.deepEqual((await asked("up == 0")).data.result, [], "nobody is asked in vain");
    });
  });

  it("knows of an istiod that reads the other cluster which of the two it runs in", async () => {
    await eventually(60, async () => {
      const { data } = await asked("count(istiod_remote_cluster_sync_status) by (cluster, remote_cluster)");
      const both = data.result.map(
        ({ metric }) => `${metric["cluster"] ?? ""} reads ${metric["remote_cluster"] ?? ""}`,
      );
      assert.ok(both.includes("east reads west") && both.includes("west reads east"), both.join(", "));
    });
  });

  it("has pods in one cluster only, which the other finds through its gateway", async () => {
    const endpoints = await stack.kubectl("west", `get endpointslices -n ${namespace} -o name`);
    assert.equal(endpoints.trim(), "");
  });

  it("is shown on the user's machine by `lab dashboard`, until Ctrl-C", () => showsPrometheus(stack));

  it("refuses a pod that is not meant to ask, though it is of the mesh", async () => {
    for (const cluster of stack.clusters) {
      const { status } = await stack.curl(cluster, `${storeUrl}/api/v1/query?query=up`);
      assert.equal(status, 403);
    }
  });

  goesAway(stack);
});

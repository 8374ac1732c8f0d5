import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { ledger } from "./ledger.ts";
import { eventually, must, Stack } from "./shell.ts";

const hello = "http://helloworld.helloworld:5000/hello";

describe("pulumi up --stack multi", function () {
  this.timeout(1_200_000);
  const stack = new Stack("multi");
  let announced: string[] = [];

  const pairs = () =>
    stack.clusters.flatMap((from) => stack.clusters.filter((to) => to !== from).map((to) => ({ from, to })));
  /** The version of helloworld that a cluster runs, read from the cluster. */
  const versionOf = async (cluster: string) =>
    (await stack.kubectl(cluster, "get deploy -n helloworld -o jsonpath={.items[0].metadata.labels.version}")).trim();
  const scale = (cluster: string, replicas: number) =>
    stack.kubectl(cluster, `scale -n helloworld deploy --all --replicas ${String(replicas)}`);
  const answers = async (from: string, version: string) => {
    const { status, body } = await stack.curl(from, hello);
    assert.equal(status, 200);
    assert.match(body, new RegExp(`version: ${version}`));
  };

  it("starts from nothing, as typed, in one pass", async () => {
    await must("pulumi stack init multi");
    announced = await stack.previewed();
    await must("pulumi up --stack multi --yes");
    await stack.connect();
    assert.deepEqual(stack.clusters, ["east", "west"]);
  });

  it("makes what the preview announced", async () => {
    assert.deepEqual(await stack.exported(), announced);
  });

  it("changes nothing when it runs again, nor finds anything changed", async () => {
    await stack.pulumi("up --yes --expect-no-changes");
    await stack.pulumi("refresh --yes --expect-no-changes");
  });

  it("joins the clusters: each istiod reads the other", async () => {
    for (const cluster of stack.clusters) await checks.remotesSynced(stack, cluster);
  });

  it("runs one version of Istio, synced, without a complaint of the analyzer", async () => {
    for (const cluster of stack.clusters) {
      await checks.proxiesSynced(stack, cluster);
      await checks.oneVersion(stack, cluster);
      await checks.analyzeIsClean(stack, cluster);
      await checks.injected(stack, cluster, "helloworld");
    }
  });

  it("answers from the local copy", async () => {
    for (const cluster of stack.clusters) {
      const version = await versionOf(cluster);
      await eventually(60, () => answers(cluster, version));
      for (let times = 0; times < 10; times++) await answers(cluster, version);
    }
  });

  it("answers from the other cluster, through its east-west gateway, when the local endpoints are at zero", async () => {
    for (const { from, to } of pairs()) {
      await scale(from, 0);
      try {
        const before = await gatewayConnections(stack, to);
        const remote = await versionOf(to);
        await eventually(60, () => answers(from, remote));
        for (let times = 0; times < 10; times++) await answers(from, remote);
        assert.ok((await gatewayConnections(stack, to)) > before, `connections through the gateway of ${to}`);
      } finally {
        await scale(from, 1);
        await stack.kubectl(from, "rollout status -n helloworld deploy --timeout 120s");
      }
      const local = await versionOf(from);
      await eventually(60, () => answers(from, local));
    }
  });

  it("knows who calls across the gateway: the peer's SPIFFE identity is checked", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const remote = await versionOf(to);
    const allow = async (account: string) => {
      await must(`kubectl --kubeconfig ${stack.kubeconfig(to)} apply -f - <<'YAML'
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: only, namespace: helloworld }
spec:
  selector: { matchLabels: { app: helloworld } }
  rules: [{ from: [{ source: { principals: ["cluster.local/ns/curl/sa/${account}"] } }] }]
YAML`);
    };
    await scale(from, 0);
    try {
      await allow("curl");
      await eventually(60, () => answers(from, remote));
      await allow("somebody-else");
      await eventually(60, async () => {
        assert.equal((await stack.curl(from, hello)).status, 403, "another identity is let in only if it is named");
      });
    } finally {
      await stack.kubectl(to, "delete authorizationpolicy only -n helloworld");
      await scale(from, 1);
      await stack.kubectl(from, "rollout status -n helloworld deploy --timeout 120s");
    }
  });

  it("refuses a plaintext client", async () => {
    for (const cluster of stack.clusters) await checks.plaintextRefused(stack, cluster, hello);
  });

  it("leaves nothing behind", async () => {
    await stack.pulumi("destroy --yes");
    assert.deepEqual(await stack.exported(), []);
    assert.deepEqual(await ledger(), []);
    await must("pulumi stack rm multi --yes");
  });
});

/** Connections that the pods of a cluster's east-west gateway have taken on port 15443 so far. */
async function gatewayConnections(stack: Stack, cluster: string): Promise<number> {
  const names = (
    await stack.kubectl(
      cluster,
      "get pods -n istio-system -l istio=eastwestgateway -o jsonpath={.items[*].metadata.name}",
    )
  ).trim();
  let total = 0;
  for (const pod of names.split(/\s+/)) {
    const stats = await stack.kubectl(
      cluster,
      `exec -n istio-system ${pod} -- pilot-agent request GET 'stats?filter=listener.*15443.*downstream_cx_total'`,
    );
    total += [...stats.matchAll(/15443\.downstream_cx_total: (\d+)/g)].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
  }
  return total;
}

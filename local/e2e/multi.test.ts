import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { inRegion, ledger, loseInAws } from "./ledger.ts";
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
        await newClient(stack, from);
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

  it("control: without the rules that let the load balancer in, nothing crosses the gateway", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const { clusters } = await stack.outputs<{ clusters: Record<string, { region: string }> }>();
    await scale(from, 0);
    try {
      const remote = await versionOf(to);
      await eventually(60, () => answers(from, remote));
      const region = clusters[to]?.region ?? "";
      const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
      await loseInAws(await inRegion(rule, region, ({ madeBy }) => madeBy === "load-balancer-controller"));
      // A connection that is already open outlives the rule, as on AWS: the proxies have to make new ones.
      await newClient(stack, from);
      await eventually(30, async () => assert.notEqual((await stack.curl(from, hello)).status, 200));
      // The controller puts back what it misses when a Service changes.
      await stack.kubectl(to, "annotate service -n istio-system -l istio lab/touched=1 --overwrite");
      await eventually(60, () => answers(from, remote));
    } finally {
      await scale(from, 1);
      await stack.kubectl(from, "rollout status -n helloworld deploy --timeout 120s");
    }
  });

  it("[full] control: without `maxEjectionPercent: 100` a sick local endpoint is never left", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const remote = await versionOf(to);
    // Attempts 0: a retry may leave the locality by itself, and the policy alone is on trial.
    const policy = (maxEjectionPercent: number) => ({
      attempts: 0,
      outlierDetection: { consecutive5xxErrors: 1, interval: "1s", baseEjectionTime: "1m", maxEjectionPercent },
    });
    await scale(from, 0);
    await sickEndpoint(stack, from);
    try {
      await stack.upWith({ failover: policy(100) });
      await eventually(60, () => answers(from, remote));
      await stack.upWith({ failover: policy(10) });
      await eventually(90, async () => assert.equal((await stack.curl(from, hello)).status, 503));
      for (let times = 0; times < 10; times++) assert.equal((await stack.curl(from, hello)).status, 503);
    } finally {
      await stack.kubectl(from, "delete deploy -n helloworld sick");
      await scale(from, 1);
      await stack.pulumi("up --yes");
    }
  });

  it("[full] control: with a root of its own a cluster is not trusted", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const remote = await versionOf(to);
    await scale(from, 0);
    await eventually(60, () => answers(from, remote));
    // Without `cacerts` istiod signs itself, which is what happens to whoever forgets the Secret.
    await stack.kubectl(to, "delete secret -n istio-system cacerts");
    await stack.kubectl(to, "rollout restart -n istio-system deploy");
    await stack.kubectl(to, "rollout status -n istio-system deploy --timeout 180s");
    await stack.kubectl(to, "rollout restart -n helloworld deploy");
    await stack.kubectl(to, "rollout status -n helloworld deploy --timeout 180s");
    await eventually(90, async () => assert.equal((await stack.curl(from, hello)).status, 503));
  });

  it("leaves nothing behind", async () => {
    await stack.pulumi("destroy --yes");
    assert.deepEqual(await stack.exported(), []);
    assert.deepEqual(await ledger(), []);
    await must("pulumi stack rm multi --yes");
  });
});

/** Replaces the client of a cluster, and with it every connection that its proxy has open. */
async function newClient(stack: Stack, cluster: string): Promise<void> {
  await stack.kubectl(cluster, "rollout restart -n curl deploy/curl");
  await stack.kubectl(cluster, "rollout status -n curl deploy/curl --timeout 120s");
}

/** Connections that the pods of a cluster's east-west gateway have made to helloworld, for callers of other networks. */
async function gatewayConnections(stack: Stack, cluster: string): Promise<number> {
  const pods = await stack.kubectl(
    cluster,
    "get pods -n istio-system -l istio=eastwestgateway -o jsonpath={.items[*].metadata.name}",
  );
  let total = 0;
  for (const pod of pods.trim().split(/\s+/)) {
    const hosts = await stack.kubectl(cluster, `exec -n istio-system ${pod} -- pilot-agent request GET clusters`);
    // Clusters named with underscores are those that a gateway chooses by a caller's SNI.
    const counted = hosts.matchAll(/^outbound_\.5000_\._\.helloworld\..*::cx_total::(\d+)$/gm);
    total += [...counted].reduce((sum, match) => sum + Number(match[1]), 0);
  }
  return total;
}

/** A pod behind the local Service whose application does not answer: its proxy says 503. */
async function sickEndpoint(stack: Stack, cluster: string): Promise<void> {
  await must(`kubectl --kubeconfig ${stack.kubeconfig(cluster)} apply -f - <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: { name: sick, namespace: helloworld }
spec:
  selector: { matchLabels: { app: helloworld, version: sick } }
  template:
    metadata: { labels: { app: helloworld, version: sick } }
    spec: { containers: [{ name: sick, image: "docker.io/curlimages/curl:8.16.0", command: [/bin/sleep, infinity] }] }
YAML`);
  await stack.kubectl(cluster, "rollout status -n helloworld deploy/sick --timeout 120s");
}

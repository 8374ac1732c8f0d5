/**
 * A mesh of twenty primaries, each of which reads the other nineteen, before real API servers without nodes. No traffic
 * runs: what is tried is that the program, the engine and Kubernetes bear a mesh of this size.
 */
import assert from "node:assert/strict";
import { PaperClusters } from "./paper.ts";

interface RemoteSecret {
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

const clusters = Array.from({ length: 20 }, (_, index) => `c${String(index + 1).padStart(2, "0")}`);
const stack = "twenty";

describe("[full] a mesh of twenty clusters, on API servers without nodes", function () {
  this.timeout(1_800_000);
  const paper = new PaperClusters();
  let file = "";

  before(async () => {
    await paper.start(clusters);
    file = await paper.stackFile("kind", { gateways: { ingress: false, service: { type: "NodePort" } } });
  });
  after(() => paper.stop());

  const secretsOf = async (cluster: string) => {
    const path = "/api/v1/namespaces/istio-system/secrets?labelSelector=istio%2FmultiCluster%3Dtrue";
    return (await paper.get<{ items: RemoteSecret[] }>(cluster, path)).items;
  };

  it("is applied in one pass", async () => {
    await paper.pulumi("stack", "init", stack);
    await paper.pulumi("up", "--yes", "--stack", stack, "--config-file", file);
  });

  it("has 380 remote secrets: in each cluster one of every other, with that one's address and a token", async () => {
    const addresses = new Map(paper.records().map(({ name, apiServer }) => [name, apiServer]));
    let total = 0;
    for (const cluster of clusters) {
      const secrets = await secretsOf(cluster);
      const others = clusters.filter((other) => other !== cluster);
      assert.deepEqual(secrets.flatMap(({ data }) => Object.keys(data)).sort(), others);
      for (const [name, text] of secrets.flatMap(({ data }) => Object.entries(data))) {
        const kubeconfig = JSON.parse(Buffer.from(text, "base64").toString()) as {
          clusters: { cluster: { server: string } }[];
          users: { user: { token: string } }[];
        };
        assert.equal(kubeconfig.clusters[0]?.cluster.server, addresses.get(name));
        assert.match(kubeconfig.users[0]?.user.token ?? "", /^[\w-]+\.[\w-]+\.[\w-]+$/);
      }
      total += secrets.length;
    }
    assert.equal(total, 380);
  });

  it("changes nothing when it runs again", async () => {
    await paper.pulumi("up", "--yes", "--expect-no-changes", "--stack", stack, "--config-file", file);
  });

  it("leaves nothing behind", async () => {
    await paper.pulumi("destroy", "--yes", "--stack", stack, "--config-file", file);
    for (const cluster of clusters) assert.deepEqual(await secretsOf(cluster), []);
    const state = JSON.parse(await paper.pulumi("stack", "export", "--stack", stack)) as {
      deployment: { resources?: unknown[] };
    };
    assert.deepEqual(state.deployment.resources ?? [], []);
  });
});

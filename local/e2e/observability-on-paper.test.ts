/**
 * Kiali's and Grafana's objects before real API servers. Neither runs: their images cannot be had here. Kiali's chart is
 * a stand-in made of Istio's add-on (`local/tools/kiali-chart.ts`), with the lab's values in it.
 */
import assert from "node:assert/strict";
import { PaperClusters } from "./paper.ts";

interface Named {
  readonly metadata: { readonly name: string };
}
interface Secret extends Named {
  readonly data: Readonly<Record<string, string>>;
}
/** What an API server says of a token. */
interface TokenReview {
  readonly status: { readonly user?: { readonly username: string }; readonly error?: string };
}
interface Service extends Named {
  readonly spec: { readonly type: string; readonly selector?: object };
}

const clusters = ["east", "west"] as const;
const stack = "multi-observability";
const services = "/api/v1/namespaces/observability/services";
const secrets = "/api/v1/namespaces/observability/secrets";

describe("[full] multi-observability, on API servers without nodes: accepted, not run", function () {
  this.timeout(1_200_000);
  const paper = new PaperClusters();
  let file = "";

  before(async () => {
    await paper.start(clusters);
    file = await paper.stackFile(stack, {
      observability: { kiali: true, grafana: true, cluster: "east" },
      // Nobody plays the load balancer that an ingress gateway would wait for.
      gateways: { ingress: false, service: { type: "NodePort" } },
    });
  });
  after(() => paper.stop());

  it("takes every object, each field of which it knows", async () => {
    await paper.pulumi("stack", "init", stack);
    await paper.pulumi("up", "--yes", "--stack", stack, "--config-file", file);
    await paper.pulumi("up", "--yes", "--expect-no-changes", "--stack", stack, "--config-file", file);
  });

  it("has nothing that is reached from outside", async () => {
    for (const cluster of clusters) {
      const { items } = await paper.get<{ items: Service[] }>(cluster, services);
      assert.deepEqual([...new Set(items.map(({ spec }) => spec.type))], ["ClusterIP"]);
    }
    const { spec } = await paper.get<Service>("west", `${services}/prometheus`);
    assert.equal(spec.selector, undefined);
  });

  it("lets Kiali into the other cluster with a token of its own account there", async () => {
    const { data } = await paper.get<Secret>("east", `${secrets}/kiali-remote-cluster-secret-west`);
    const kubeconfig = Buffer.from(data["west"] ?? "", "base64").toString("utf8");
    const { users } = JSON.parse(kubeconfig) as { users: { user: { token: string } }[] };
    const { status } = await paper.post<TokenReview>("west", "/apis/authentication.k8s.io/v1/tokenreviews", {
      ...{ apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token: users[0]?.user.token } },
    });
    assert.equal(status.user?.username, "system:serviceaccount:observability:kiali", status.error);
  });

  it("has a password for Grafana", async () => {
    const { data } = await paper.get<Secret>("east", `${secrets}/grafana`);
    assert.match(Buffer.from(data["admin-password"] ?? "", "base64").toString("utf8"), /^[A-Za-z0-9]{24}$/);
  });

  it("leaves nothing behind", async () => {
    await paper.pulumi("destroy", "--yes", "--stack", stack, "--config-file", file);
    const state = JSON.parse(await paper.pulumi("stack", "export", "--stack", stack)) as {
      deployment: { resources?: unknown[] };
    };
    assert.deepEqual(state.deployment.resources ?? [], []);
    for (const cluster of clusters) {
      const names = await paper.names(cluster, "/api/v1/namespaces");
      assert.ok(!names.includes("observability"), cluster);
      const rbac = "/apis/rbac.authorization.k8s.io/v1";
      for (const kind of ["clusterroles", "clusterrolebindings"]) {
        const left = await paper.names(cluster, `${rbac}/${kind}`);
        assert.deepEqual(
          left.filter((name) => /kiali|prometheus/.test(name)),
          [],
          `${kind} of ${cluster}`,
        );
      }
    }
  });
});

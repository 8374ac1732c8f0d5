/**
 * Clusters that exist already. Those of another stack stand for somebody's own: they have nodes and nothing of Istio,
 * and their VPCs are joined, as the containers of kind's clusters are on one network.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as checks from "./checks.ts";
import { alwaysAnswers, failsOverThroughGateway, versionOf } from "./hello.ts";
import { joinedKubeconfig } from "./kubeconfig.ts";
import { goesAway } from "./lifecycle.ts";
import { must, newFolder, Stack } from "./shell.ts";

const clusters = ["east", "west"] as const;

describe("[full] pulumi up --stack kind", function () {
  this.timeout(1_200_000);
  const theirs = new Stack("multi-primary-one-network");
  const stack = new Stack("kind");

  it("has two clusters of somebody else's, without Istio", async () => {
    await must(`pulumi stack init ${theirs.name}`);
    // What a load balancer or a token would tell is not there when nothing is made in the clusters.
    const file = await theirs.fileWith({ samples: [], gateways: { ingress: false } });
    await theirs.pulumi(`up --yes --config-file ${file} --exclude '**kubernetes:**' --exclude-dependents`);
    await theirs.connect();
    assert.deepEqual(theirs.clusters, clusters);
    stack.standOn(theirs);
    for (const cluster of clusters) assert.deepEqual(await foreign(stack, cluster), []);
  });

  it("reaches each at the address of its API server, and its gateways at a node's", async () => {
    const records = await Promise.all(
      clusters.map(async (name) => ({
        name,
        network: `network-${name}`,
        context: `kind-${name}`,
        apiServer: await theirs.apiServer(name),
        gateways: { service: { type: "NodePort", address: await nodeOf(theirs, name) } },
      })),
    );
    await stack.edit({ kubeconfig: await joined(theirs), clusters: records });
  });

  it("refuses a cluster with an istio-system of somebody else's, and leaves that as it is", async () => {
    await stack.kubectl("east", "create namespace istio-system");
    await must(`pulumi stack init ${stack.name}`);
    await assert.rejects(stack.pulumi("up --yes"), /istio-system.*already exists/s);
    await stack.pulumi("destroy --yes");
    assert.deepEqual(await foreign(stack, "east"), ["namespace/istio-system"]);
    await stack.kubectl("east", "delete namespace istio-system");
  });

  it("comes up in one pass, with nothing of AWS, and changes nothing when it runs again", async () => {
    await stack.pulumi("up --yes");
    assert.deepEqual(
      (await stack.exported()).filter((urn) => /aws|eks/.test(urn.split("::")[2] ?? "")),
      [],
    );
    await stack.pulumi("up --yes --expect-no-changes");
    await stack.pulumi("refresh --yes --expect-no-changes");
  });

  it("is one mesh: each istiod reads the other cluster, and all is of one version", async () => {
    for (const cluster of clusters) {
      await checks.remotesSynced(stack, cluster);
      await checks.healthy(stack, cluster);
    }
  });

  it("answers from the other cluster through the ports of its nodes, in both directions", async () => {
    for (const [from, to] of [clusters, clusters.toReversed()] as [string, string][]) {
      await alwaysAnswers(stack, from, await versionOf(stack, from));
      await failsOverThroughGateway(stack, from, to);
    }
  });

  it("takes out what it put in but Istio's definitions, which Helm keeps: the next `up` has them, one line removes them", async () => {
    const takenOut = async () => {
      await stack.pulumi("destroy --yes");
      assert.deepEqual(await stack.exported(), []);
    };
    await takenOut();
    for (const cluster of clusters) {
      const left = await foreign(stack, cluster);
      assert.notEqual(left.length, 0, "Istio's definitions");
      for (const name of left) assert.match(name, /^customresourcedefinition\/.*istio\.io/);
    }
    await stack.pulumi("up --yes");
    await takenOut();
    for (const cluster of clusters) {
      // As docs/en/deployment-models.md has it.
      const kubectl = `kubectl --kubeconfig ${stack.kubeconfig(cluster)}`;
      await must(`${kubectl} get crd -o name | grep istio.io | xargs ${kubectl} delete`);
      assert.deepEqual(await foreign(stack, cluster), []);
    }
    await must(`pulumi stack rm ${stack.name} --yes`);
  });

  goesAway(theirs);
});

/** What a cluster has that a new one does not: namespaces, definitions, webhooks, rights. */
async function foreign(stack: Stack, cluster: string): Promise<string[]> {
  const kinds = "namespace,crd,mutatingwebhookconfiguration,validatingwebhookconfiguration,clusterrole";
  const names = (await stack.kubectl(cluster, `get ${kinds} -o name`)).trim().split("\n");
  return names
    .map((name) => name.replace(/^(\w+)\.[\w.]+\//, "$1/"))
    .filter((name) => /istio|helloworld|namespace\/curl/.test(name));
}

/** An address of a node, at which the other cluster's pods arrive. */
async function nodeOf(stack: Stack, cluster: string): Promise<string> {
  const path = `jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}'`;
  return (await stack.kubectl(cluster, `get nodes -o ${path}`)).trim();
}

/** One kubeconfig with a context for each cluster, as kind writes it. */
async function joined(stack: Stack): Promise<string> {
  const { kubeconfigs } = await stack.outputs<{ kubeconfigs: Record<string, string> }>();
  const named = Object.entries(kubeconfigs).map(
    ([cluster, kubeconfig]) => [`kind-${cluster}`, { kubeconfig }] as const,
  );
  const file = join(await newFolder(), "config");
  await writeFile(file, joinedKubeconfig(named), { mode: 0o600 });
  return file;
}

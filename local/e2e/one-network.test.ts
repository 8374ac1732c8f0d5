import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import {
  alwaysAnswers,
  answers,
  failsOverDirectly,
  helloUrl,
  newClient,
  versionOf,
  withoutLocalEndpoints,
} from "./hello.ts";
import { changeInAws, inRegion, isPeered, loseInAws } from "./ledger.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { eventually, must, Stack } from "./shell.ts";

describe("[full] pulumi up --stack multi-primary-one-network", function () {
  this.timeout(1_200_000);
  const stack = new Stack("multi-primary-one-network");
  const [from, to] = ["east", "west"];
  const regionOf = (cluster: string) => stack.outputOf(cluster, "region");
  const crosses = () =>
    withoutLocalEndpoints(stack, from, async () => alwaysAnswers(stack, from, await versionOf(stack, to)));
  /** What was taken away matters: it answers before and not after. `up --refresh` finds it missing and mends it. */
  const breaksWithout = async (takeAway: () => Promise<void>) => {
    await withoutLocalEndpoints(stack, from, async () => {
      const remote = await versionOf(stack, to);
      await eventually(60, () => answers(stack, from, remote));
      await takeAway();
      // A connection that is already open outlives a rule, as on AWS: the proxy has to make new ones.
      await newClient(stack, from);
      await eventually(30, async () => assert.notEqual((await stack.curl(from, helloUrl)).status, 200));
    });
    await stack.pulumi("up --refresh --yes");
    await crosses();
  };

  comesUp(stack, [from, to]);

  it("joins the clusters without a gateway between them: each istiod reads the other", async () => {
    for (const cluster of stack.clusters) {
      await checks.remotesSynced(stack, cluster);
      const services = await stack.kubectl(cluster, "get services -A -o name");
      assert.doesNotMatch(services, /eastwest/);
    }
  });

  it("runs one version of Istio, synced, without a complaint of the analyzer", async () => {
    for (const cluster of stack.clusters) {
      await checks.healthy(stack, cluster);
      await checks.injected(stack, cluster, "helloworld");
    }
  });

  it("knows the other cluster's endpoints by the addresses of their pods", async () => {
    for (const cluster of stack.clusters) {
      const service = "outbound|5000||helloworld.helloworld.svc.cluster.local";
      const table = await stack.istioctl(cluster, `proxy-config endpoints deploy/curl -n curl --cluster '${service}'`);
      for (const each of stack.clusters) {
        const pods = await stack.kubectl(each, "get pods -n helloworld -o jsonpath={.items[*].status.podIP}");
        for (const address of pods.trim().split(/\s+/)) assert.ok(table.includes(`${address}:5000`), table);
      }
    }
  });

  it("answers from the local copy, and from the other cluster when the local endpoints are at zero", async () => {
    await failsOverDirectly(stack, from, to);
    await failsOverDirectly(stack, to, from);
  });

  it("refuses a plaintext client", async () => {
    for (const cluster of stack.clusters) await checks.plaintextRefused(stack, cluster, helloUrl);
  });

  it("control: without the sender's route over the peering nothing crosses, and `up --refresh` mends it", async () => {
    const region = await regionOf(from);
    await breaksWithout(async () => loseInAws(await inRegion("aws:ec2/route:Route", region, isPeered)));
  });

  it("control: without the receiver's rule for the peer's block nothing crosses, and `up --refresh` mends it", async () => {
    const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const region = await regionOf(to);
    await breaksWithout(async () => loseInAws(await inRegion(rule, region, ({ madeBy }) => madeBy === undefined)));
  });

  it("control: without the SNAT exclusion a node is seen in the pod's place, and `up --refresh` mends it", async () => {
    const region = await regionOf(from);
    const address = async (field: string) =>
      (await stack.kubectl(from, `get pods -n curl -l app=curl -o jsonpath={.items[0].status.${field}}`)).trim();
    /** helloworld of `to` lets in who comes from an address; a request over new connections gets that status. */
    const seenFrom = async (source: string, status: number) => {
      await must(`kubectl --kubeconfig ${stack.kubeconfig(to)} apply -f - <<'YAML'
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: only, namespace: helloworld }
spec: { rules: [{ from: [{ source: { ipBlocks: ["${source}"] } }] }] }
YAML`);
      await stack.kubectl(to, "rollout restart -n helloworld deploy");
      await stack.kubectl(to, "rollout status -n helloworld deploy --timeout 120s");
      await withoutLocalEndpoints(stack, from, () =>
        eventually(60, async () => assert.equal((await stack.curl(from, helloUrl)).status, status)),
      );
    };
    await seenFrom(await address("podIP"), 200);
    const [cni] = await inRegion("aws:eks/addon:Addon", region, ({ id }) => id.endsWith(":vpc-cni"));
    assert.ok(cni);
    const { env, ...others } = JSON.parse(String(cni.state["configurationValues"])) as { env: Record<string, string> };
    const { AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: excluded, ...rest } = env;
    assert.ok(excluded, "blocks excluded from SNAT");
    await changeInAws(cni, { configurationValues: JSON.stringify({ ...others, env: rest }) });
    await seenFrom(await address("podIP"), 403);
    await seenFrom(await address("hostIP"), 200);
    await stack.pulumi("up --refresh --yes");
    await seenFrom(await address("hostIP"), 403);
    await seenFrom(await address("podIP"), 200);
    await stack.kubectl(to, "delete authorizationpolicy only -n helloworld");
  });

  goesAway(stack);
});

import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import {
  alwaysAnswers,
  answers,
  failsOverThroughGateway,
  helloUrl,
  newClient,
  versionOf,
  withoutLocalEndpoints,
} from "./hello.ts";
import { changeInAws, inRegion, isPeered, ledger, loseInAws } from "./ledger.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { curlFromOutside, eventually, sh, Stack } from "./shell.ts";

describe("[full] pulumi up --stack private", function () {
  this.timeout(1_200_000);
  const stack = new Stack("private");
  const [from, to] = ["east", "west"];

  comesUp(stack, [from, to]);

  it("joins the clusters: each istiod reads the other, from its NAT gateway's address", async () => {
    for (const cluster of stack.clusters) await checks.remotesSynced(stack, cluster);
  });

  it("runs one version of Istio, synced, without a complaint of the analyzer", async () => {
    for (const cluster of stack.clusters) {
      await checks.healthy(stack, cluster);
      await checks.injected(stack, cluster, "helloworld");
    }
  });

  it("opens to the world nothing but the ingress: so says AWS", async () => {
    const resources = await ledger();
    const of = (type: RegExp) => resources.filter((each) => type.test(each.type)).map(({ state }) => state);
    const interfaces = of(/:NetworkInterface$/);
    const nodes = interfaces.filter(({ kind }) => kind === "node");
    assert.equal(nodes.length, 4);
    for (const { publicIp } of nodes) assert.equal(publicIp, undefined, "a node's public address");
    const facing = of(/:LoadBalancer$/).filter(({ scheme }) => scheme === "internet-facing");
    const services = facing.map(({ service }) => (service as { name: string }).name);
    assert.deepEqual(services, ["istio-ingressgateway", "istio-ingressgateway"]);
    const open = facing.flatMap(({ securityGroupIds }) => securityGroupIds as string[]);
    for (const { cidrIpv4, securityGroupId } of of(/:SecurityGroupIngressRule$/)) {
      if (cidrIpv4 === "0.0.0.0/0") assert.ok(open.includes(String(securityGroupId)), "a group that all may pass");
    }
    for (const { vpcConfig } of of(/^aws:eks\/cluster:Cluster$/)) {
      const { publicAccessCidrs } = vpcConfig as { publicAccessCidrs: string[] };
      assert.equal(publicAccessCidrs.length, 2, "whoever runs Pulumi, and the other cluster's NAT gateway");
      for (const block of publicAccessCidrs) assert.match(block, /\/32$/);
    }
  });

  it("answers at the ingress from outside, and at no east-west gateway", async () => {
    for (const cluster of stack.clusters) {
      const { ingressHostname, eastWestHostname } = await stack.outputsOf(
        cluster,
        "ingressHostname",
        "eastWestHostname",
      );
      await eventually(60, async () => {
        assert.equal((await curlFromOutside(`http://${ingressHostname}/hello`)).status, 200);
      });
      const { stdout } = await sh(
        `curl -sS -k -m 3 -o /dev/null -w '%{time_connect}' https://${eastWestHostname}:15443`,
      );
      assert.match(stdout, /^0\.0+$/, "a connection to the gateway of the other VPC");
    }
  });

  it("answers from the other cluster, through its east-west gateway, when the local endpoints are at zero", async () => {
    await failsOverThroughGateway(stack, from, to);
    await failsOverThroughGateway(stack, to, from);
  });

  it("refuses a plaintext client", () => checks.plaintextRefused(stack, from, helloUrl));

  it("control: without the routes over the peering nothing crosses, and `up --refresh` mends it", async () => {
    const region = await stack.outputOf(from, "region");
    const remote = await versionOf(stack, to);
    await withoutLocalEndpoints(stack, from, async () => {
      await eventually(60, () => answers(stack, from, remote));
      await loseInAws(await inRegion("aws:ec2/route:Route", region, isPeered));
      await newClient(stack, from);
      await eventually(30, async () => assert.notEqual((await stack.curl(from, helloUrl)).status, 200));
    });
    await stack.pulumi("up --refresh --yes");
    await withoutLocalEndpoints(stack, from, () => alwaysAnswers(stack, from, remote));
  });

  it("control: an API that does not let the NAT gateway in is not read, and `up --refresh` mends it", async () => {
    const region = await stack.outputOf(to, "region");
    const [api] = await inRegion("aws:eks/cluster:Cluster", region);
    assert.ok(api);
    const config = api.state["vpcConfig"] as { publicAccessCidrs: string[] };
    const you = config.publicAccessCidrs.filter((block) => block.startsWith("198.18.0."));
    assert.equal(you.length, 1);
    await changeInAws(api, { vpcConfig: { ...config, publicAccessCidrs: you } });
    const restarted = async () => {
      await stack.kubectl(from, "rollout restart -n istio-system deploy/istiod");
      await stack.kubectl(from, "rollout status -n istio-system deploy/istiod --timeout 180s");
    };
    await restarted();
    await eventually(60, async () => {
      assert.match(await stack.istioctl(from, "remote-clusters"), new RegExp(`^${to}\\b.*(timeout|syncing)`, "m"));
    });
    await stack.pulumi("up --refresh --yes");
    await restarted();
    await checks.remotesSynced(stack, from);
  });

  it("control: an API that does not let Pulumi's address in answers nobody outside", async () => {
    const { region, apiServer } = await stack.outputsOf(from, "region", "apiServer");
    const health = () => sh(`curl -sS -k -m 3 -o /dev/null -w '%{http_code}' ${apiServer}/healthz`);
    assert.notEqual((await health()).stdout, "000");
    const [api] = await inRegion("aws:eks/cluster:Cluster", region);
    assert.ok(api);
    const config = api.state["vpcConfig"] as { publicAccessCidrs: string[] };
    await changeInAws(api, { vpcConfig: { ...config, publicAccessCidrs: ["198.51.100.0/24"] } });
    try {
      await eventually(10, async () => assert.equal((await health()).stdout, "000"));
    } finally {
      await changeInAws(api, { vpcConfig: config });
    }
    await eventually(10, async () => assert.notEqual((await health()).stdout, "000"));
  });

  goesAway(stack);
});

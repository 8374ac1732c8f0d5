import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { experimentsHold } from "./experiments.ts";
import { versionOf } from "./hello.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { curlFromOutside, eventually, must, Stack } from "./shell.ts";

const host = "www.lab.example";
const gateway = "-n istio-system deploy/istio-ingressgateway";
/** Three checks ten seconds apart, the last of which may take six to fail, and what the cloud needs to notice. */
const checkSeconds = 45;

describe("[full] pulumi up --stack global-ingress", function () {
  this.timeout(1_200_000);
  const stack = new Stack("global-ingress");
  const ingress: Record<string, string> = {};

  /** Clusters whose ingress DNS names, asked forty times by a user outside. */
  const named = async (): Promise<string[]> => {
    const script = `const { resolveCname } = require("node:dns/promises");
      Promise.all(Array.from({ length: 40 }, () => resolveCname("${host}"))).then((all) => console.log(all.join(" ")))`;
    const hosts = new Set((await must(`node -e '${script}'`)).trim().split(" "));
    return stack.clusters.filter((cluster) => hosts.delete(ingress[cluster] ?? "")).concat([...hosts]);
  };
  /** Versions of helloworld that answer a user outside in twenty requests, none of which may fail. */
  const answering = async (): Promise<string[]> => {
    const versions = new Set<string>();
    for (let times = 0; times < 20; times++) {
      const { status, body } = await curlFromOutside(`http://${host}/hello`);
      assert.equal(status, 200, body);
      versions.add(/version: (v\d)/.exec(body)?.[1] ?? body);
    }
    return [...versions].sort();
  };
  const leads = (...clusters: string[]) =>
    eventually(checkSeconds, async () => {
      assert.deepEqual(await named(), clusters);
    });

  comesUp(stack, ["east", "west"]);

  it("runs one version of Istio, synced, without a complaint of the analyzer", async () => {
    for (const cluster of stack.clusters) {
      ingress[cluster] = await stack.outputOf(cluster, "ingressHostname");
      await checks.healthy(stack, cluster);
    }
  });

  it("is one host for users outside, whom both clusters answer", async () => {
    await leads("east", "west");
    assert.deepEqual(await answering(), ["v1", "v2"]);
  });

  it("leads to the surviving region alone while the other has no gateway, and to both again", async () => {
    const surviving = await versionOf(stack, "west");
    await stack.kubectl("east", `scale ${gateway} --replicas 0`);
    try {
      const lost = performance.now();
      await eventually(30, async () => {
        const { status } = await curlFromOutside(`http://${ingress["east"] ?? ""}/hello`);
        assert.equal(status, 0, "the gateway of east is gone");
      });
      await leads("west");
      console.log(`        DNS left east out after ${((performance.now() - lost) / 1000).toFixed(0)} s`);
      assert.deepEqual(await answering(), [surviving]);
    } finally {
      await stack.kubectl("east", `scale ${gateway} --replicas 1`);
      await stack.kubectl("east", `rollout status ${gateway} --timeout 120s`);
    }
    await leads("east", "west");
    assert.deepEqual(await answering(), ["v1", "v2"]);
  });

  it("control: it is the answer of the gateway that counts: one that says 503 is left out, though it serves", async () => {
    const says = (status: number) => {
      const patch = [{ op: "replace", path: "/spec/http/0/directResponse/status", value: status }];
      const object = "virtualservice -n istio-system global-ingress-health";
      return stack.kubectl("west", `patch ${object} --type json -p '${JSON.stringify(patch)}'`);
    };
    await says(503);
    try {
      await leads("east");
      assert.equal((await curlFromOutside(`http://${ingress["west"] ?? ""}/hello`)).status, 200);
    } finally {
      await says(200);
    }
    await leads("east", "west");
  });

  it("loses a cluster and goes on without it, five times, as a user outside sees it", () =>
    experimentsHold(stack.name, 5, "cluster-loss-outside")).timeout(2_400_000);

  goesAway(stack);
});

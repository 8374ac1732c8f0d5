import "./own-world.ts";
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LedgerSnapshot } from "../../aws/runtime.ts";
import { eventually, run } from "../../cloud/exec.ts";
import { internetNamespace, prefix, youNamespace } from "../../cloud/names.ts";
import { namespaceNames } from "../../cloud/network/apply.ts";
import { cgroupNames } from "../../cloud/cgroups.ts";
import { closeWorld, enterCommand, openWorld, worldProcesses } from "../../cloud/world.ts";
import { toolsDir } from "../../paths.ts";
import { ClusterDaemon, needTools } from "./cluster-daemon.ts";
import { needKernel, scratchWorld } from "./kernel.ts";
import { helloworld } from "./manifests.ts";

describe("a cluster made through the ledger", function () {
  this.timeout(300_000);
  let world: ReturnType<typeof scratchWorld> | undefined;
  let daemon: ClusterDaemon;
  let vpcId = "";
  let runDir = "";

  const request = <T>(name: string, argument = ""): Promise<T> => daemon.request<T>(name, argument);
  const inYou = (...argv: string[]): Promise<string> => run(enterCommand(argv, { runDir }));
  const kubectl = (...argv: string[]): Promise<string> =>
    inYou(join(toolsDir(), "bin", "kubectl"), "--kubeconfig", join(runDir, "kubeconfig"), ...argv);
  const writeKubeconfig = (server: string, authority: string, token: string): void => {
    writeFileSync(
      join(runDir, "kubeconfig"),
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "east", cluster: { server, "certificate-authority-data": authority } }],
        users: [{ name: "me", user: { token } }],
        contexts: [{ name: "east", context: { cluster: "east", user: "me" } }],
        "current-context": "east",
      }),
    );
  };

  before(async function () {
    needTools(this);
    needKernel(this);
    world = scratchWorld();
    runDir = world.runDir;
    await openWorld(runDir);
    daemon = new ClusterDaemon(runDir);
    const ready = await daemon.ready;
    vpcId = String(ready["vpcId"]);
    const { data } = ready["certificateAuthority"] as { data: string };
    writeKubeconfig(String(ready["endpoint"]), data, await request<string>("token"));
  });
  after(() => world?.end());

  it("has Ready nodes with EKS's labels", async () => {
    const nodes = JSON.parse(await kubectl("get", "nodes", "-o", "json")) as {
      items: {
        metadata: { labels: Record<string, string> };
        status: { conditions: { type: string; status: string }[] };
      }[];
    };
    const zones = nodes.items.map(({ metadata }) => metadata.labels["topology.kubernetes.io/zone"]).sort();
    assert.deepEqual(zones, ["us-west-2a", "us-west-2b"]);
    for (const { metadata, status } of nodes.items) {
      assert.equal(metadata.labels["topology.kubernetes.io/region"], "us-west-2");
      assert.equal(metadata.labels["node.kubernetes.io/instance-type"], "t3.large");
      assert.equal(status.conditions.find(({ type }) => type === "Ready")?.status, "True");
    }
  });

  it("pulls images, runs pods with addresses of the VPC, answers by Service name", async () => {
    const file = join(runDir, "app.yaml");
    writeFileSync(file, helloworld);
    // A namespace's account is made a moment after its API server answers, and pods are refused until then.
    await eventually("the default service account", 30, () => kubectl("get", "serviceaccount", "default"));
    await kubectl("apply", "-f", file);
    await kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=90s");
    const addresses = await kubectl("get", "pods", "-o", "jsonpath={.items[*].status.podIP}");
    for (const address of addresses.split(" ")) assert.match(address, /^10\.20\.[01]\./);
    const answer = await eventually("Service helloworld", 30, () =>
      kubectl("exec", "curl", "--", "curl", "-sS", "--max-time", "3", "http://helloworld:5000/hello"),
    );
    assert.match(answer, /^Hello version: v1, instance: helloworld-/);
  });

  it("is nobody's who has no access entry", async () => {
    const text = await request<string>("token", "arn:aws:iam::123456789012:user/stranger");
    const server = (await request<LedgerSnapshot>("snapshot")).clusters[0]?.endpointHost;
    const code = await inYou(
      ...["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "-H", `Authorization: Bearer ${text}`],
      `https://${server}/api/v1/namespaces`,
    );
    assert.equal(code, "401");
  });

  it("leaves a load balancer Service pending until the controller is available", async () => {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.equal(await kubectl("get", "service", "web", "-o", "jsonpath={.status.loadBalancer}"), "{}");
    const helm = join(toolsDir(), "bin", "helm");
    const chart = join(import.meta.dirname, "..", "..", "charts", "aws-load-balancer-controller");
    const values = [`clusterName=east`, `region=us-west-2`, `vpcId=${vpcId}`, "replicaCount=1"];
    await inYou(
      ...["env", `KUBECONFIG=${join(runDir, "kubeconfig")}`, helm, "install", "aws-load-balancer-controller", chart],
      ...["-n", "kube-system", "--wait", "--timeout=120s", "--set", "enableServiceMutatorWebhook=false"],
      ...["--set", values.join(",")],
    );
    const hostname = await eventually("a hostname for Service web", 30, async () => {
      const found = await kubectl("get", "service", "web", "-o", "jsonpath={.status.loadBalancer.ingress[0].hostname}");
      return found || undefined;
    });
    assert.match(hostname, /\.elb\.us-west-2\.amazonaws\.com$/);
  });

  const hostnameOf = (): Promise<string> =>
    kubectl("get", "service", "web", "-o", "jsonpath={.status.loadBalancer.ingress[0].hostname}");

  it("answers through the load balancer from the internet and from a pod", async () => {
    const url = `http://${await hostnameOf()}/hello`;
    const ask = (): Promise<string> => inYou("curl", "-sS", "--max-time", "3", url);
    assert.match(await eventually("the load balancer", 60, ask), /^Hello version: v1/);
    const inside = await kubectl("exec", "curl", "--", "curl", "-sS", "--max-time", "5", url);
    assert.match(inside, /^Hello version: v1/);
  });

  it("notices by health checks that a target has gone, and goes on with the other", async () => {
    const url = `http://${await hostnameOf()}/hello`;
    await kubectl("scale", "deployment", "helloworld", "--replicas=1");
    await eventually("one target", 30, async () => {
      const [group] = (await request<LedgerSnapshot>("snapshot")).targetGroups;
      return group?.targets.length === 1 && group.targets[0]?.health === "healthy" ? true : undefined;
    });
    for (let turns = 0; turns < 5; turns++) {
      assert.match(await inYou("curl", "-sS", "--max-time", "3", url), /^Hello/);
    }
  });

  it("loses the load balancer with its Service, and keeps the Service while the controller is away", async () => {
    await kubectl("-n", "kube-system", "scale", "deployment", "aws-load-balancer-controller", "--replicas=0");
    await eventually("the controller to be away", 30, async () => {
      const ready = await kubectl(
        ...["-n", "kube-system", "get", "deployment", "aws-load-balancer-controller"],
        ...["-o", "jsonpath={.status.availableReplicas}"],
      );
      return ready === "" || ready === "0" ? true : undefined;
    });
    await kubectl("delete", "service", "web", "--wait=false");
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal((await request<LedgerSnapshot>("snapshot")).loadBalancers.length, 1);
    await kubectl("-n", "kube-system", "scale", "deployment", "aws-load-balancer-controller", "--replicas=1");
    await kubectl("wait", "--for=delete", "service/web", "--timeout=60s");
    assert.equal((await request<LedgerSnapshot>("snapshot")).loadBalancers.length, 0);
  });

  it("admits to the public endpoint only whom publicAccessCidrs name", async () => {
    await request("allow", "203.0.113.0/24");
    await assert.rejects(kubectl("get", "nodes", "--request-timeout=2s"));
    await request("allow", "198.18.0.0/24");
    assert.match(await kubectl("get", "nodes", "-o", "name"), /node\/ip-10-20/);
  });

  it("is taken over, running, by a daemon that starts after the first was killed", async () => {
    await daemon.kill();
    daemon = new ClusterDaemon(runDir);
    await daemon.ready;
    assert.match(await kubectl("get", "nodes", "-o", "name"), /node\/ip-10-20/);
    const answer = await kubectl(
      "exec",
      "curl",
      "--",
      "curl",
      "-sS",
      "--max-time",
      "3",
      "http://helloworld:5000/hello",
    );
    assert.match(answer, /^Hello version: v1/);
  });

  it("leaves nothing of clusters when the ledger is emptied", async () => {
    const empty = await request<LedgerSnapshot>("destroy");
    assert.deepEqual([empty.clusters.length, empty.vpcs.length, empty.networkInterfaces.length], [0, 0, 0]);
    assert.deepEqual(namespaceNames().sort(), [internetNamespace, youNamespace]);
    assert.deepEqual(readdirSync(join(runDir, "machines")), []);
  });
});

describe("teardown", function () {
  this.timeout(300_000);

  it("leaves nothing of a running cluster after SIGKILL of the daemon", async function () {
    needTools(this);
    needKernel(this);
    const world = scratchWorld();
    try {
      await openWorld(world.runDir);
      const daemon = new ClusterDaemon(world.runDir);
      await daemon.ready;
      const mounts = readFileSync("/proc/self/mountinfo", "utf8");
      assert.ok(worldProcesses().length > 10, "containerd, kubelet, etcd and the others run");
      await daemon.kill();
      await closeWorld(world.runDir);
      assert.deepEqual([namespaceNames(), cgroupNames(), worldProcesses()], [[], [], []]);
      assert.ok(!readFileSync("/proc/self/mountinfo", "utf8").includes(world.runDir));
      assert.ok(mounts.includes(`/run/netns/${prefix}`), "there were mounts to remove");
      assert.deepEqual(readdirSync(world.runDir).sort(), ["ledger.json", "made.json"]);
      await closeWorld(world.runDir);
    } finally {
      await world.end();
    }
  });
});

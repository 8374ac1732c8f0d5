import assert from "node:assert/strict";
import { runChecks, type Checked } from "../../../lab/checks/check.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { statusChecks } from "../../../lab/status/checks.ts";
import type { FakeCluster, FakeLab } from "../experiment/fake-lab.ts";
import { rootB } from "./certificates.ts";
import { proxied, standingLab } from "./lab.ts";

const client = "1.31.1";
const now = new Date("2026-12-01");
const status = (lab: FakeLab, more: { client?: string } = {}): Promise<Checked[]> =>
  runChecks(statusChecks({ lab, client, resolves: () => Promise.resolve(true), now, ...more }));
const named = (checked: readonly Checked[], outcome: Checked["outcome"]) =>
  checked.filter((each) => each.outcome === outcome).map(({ name }) => name);
const metadata = (name: string, namespace = "istio-system") => ({ name, namespace });

describe("the status of a lab", () => {
  it("has nothing to say against one that is well, and asks about every cluster and every pair", async () => {
    const checked = await status(standingLab());
    assert.deepEqual(
      checked.flatMap((each) => (each.outcome === "failed" ? [`${each.name}: ${each.cause}`] : [])),
      [],
    );
    const names = checked.map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names, "no name twice");
    for (const cluster of ["east", "west"])
      for (const what of [
        "API server",
        "nodes",
        "istiod",
        "versions",
        "injection",
        "validation",
        "load balancers",
        "certificates",
        "remote clusters",
      ])
        assert.ok(names.includes(`${cluster}: ${what}`), `${cluster}: ${what}`);
    for (const pair of ["east → west", "west → east", "mesh1: same root"]) assert.ok(names.includes(pair), pair);
  });

  it("changes nothing", async () => {
    const lab = standingLab();
    const before = [...lab.clusters.values()].map(({ objects }) => [...objects]);
    await status(lab);
    assert.deepEqual(
      [...lab.clusters.values()].map(({ objects }) => [...objects]),
      before,
    );
    const verbs = [...lab.clusters.values()].flatMap(({ calls }) => calls.map((call) => call.split(" ")[0]));
    assert.deepEqual([...new Set(verbs)].sort(), ["exec", "rehearse"]);
  });

  it("asks nothing between clusters of different tenants, which are not to reach each other", async () => {
    const names = (await status(standingLab("cluster-tenancy"))).map(({ name }) => name);
    assert.ok(names.includes("blue: istiod") && names.includes("red: istiod"));
    assert.deepEqual(
      names.filter((name) => name.includes("→")),
      [],
    );
  });

  const harm: readonly [string, (east: FakeCluster) => void, string[]][] = [
    ["a node", (east) => void east.objects.delete("Node /node-b"), ["east: nodes"]],
    ["istiod's Deployment", (east) => void east.objects.delete("Deployment istio-system/istiod"), ["east: istiod"]],
    [
      "istiod's pods",
      (east) => {
        for (const name of ["1", "2"]) east.objects.delete(`Pod istio-system/istiod-${name}`);
      },
      ["east: remote clusters"],
    ],
    [
      "a proxy's version",
      (east) => {
        east.put(proxied("helloworld", "helloworld-1", { name: "app", image: "a:1" }, "1.30.4"));
      },
      ["east: versions"],
    ],
    [
      "the injector",
      (east) => {
        east.admits = (object) => {
          if (object.kind !== "Pod") throw new Error('admission webhook "validation.istio.io" denied the request');
          return object.kind === "Pod" ? { ...object, status: {} } : object;
        };
      },
      ["east: injection"],
    ],
    [
      "both webhooks",
      (east) => {
        east.admits = () => {
          throw new Error('failed calling webhook "x.istio.io": no endpoints');
        };
      },
      ["east: injection", "east: validation"],
    ],
    [
      "a load balancer",
      (east) => {
        east.put({
          apiVersion: "v1",
          kind: "Service",
          metadata: metadata("other"),
          spec: { type: "LoadBalancer" },
          status: {},
        });
      },
      ["east: load balancers"],
    ],
    [
      "the root",
      (east) => {
        east.put({
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: metadata("istio-ca-root-cert"),
          data: { "root-cert.pem": rootB },
        });
      },
      ["mesh1: same root"],
    ],
    [
      "the way to the other",
      (east) => {
        const { prints } = east;
        east.prints = (at, command) =>
          command[0] === "curl" ? "connected 0.000000 answered 000" : prints(at, command);
      },
      ["east → west"],
    ],
    [
      "what istiod reads",
      (east) => {
        const { prints } = east;
        east.prints = (at, command) =>
          command[0] === "curl" ? prints(at, command) : '[{"id":"west","syncStatus":"timeout"}]';
      },
      ["east: remote clusters"],
    ],
  ];
  for (const [what, breaks, failures] of harm) {
    it(`says that something is wrong with ${what}, and with nothing else`, async () => {
      const lab = standingLab();
      breaks(lab.clusters.get("east")!);
      assert.deepEqual(named(await status(lab), "failed"), failures);
    });
  }

  it("tries the injector of every revision", async () => {
    const lab = standingLab();
    const controlPlanes = ["stable", "canary"].map((revision) => ({ revision, version: "1.31.1" }));
    const clusters = Object.fromEntries(
      Object.entries(lab.outputs.clusters).map(([name, outputs]) => [name, { ...outputs, controlPlanes }]),
    );
    const east = lab.clusters.get("east")!;
    const { admits } = east;
    east.admits = (object) => {
      const { labels } = object.metadata as { labels?: Record<string, string> };
      if (labels?.["istio.io/rev"] === "canary") throw new Error("no endpoints");
      return admits(object);
    };
    const injection = (await status({ ...lab, outputs: { ...lab.outputs, clusters } })).find(
      ({ name }) => name === "east: injection",
    );
    assert.match(injection?.outcome === "failed" ? injection.cause : "", /of the revision canary is refused: no endp/);
  });

  it("says once that a cluster cannot be reached, passes over what needs it, and goes on with the other", async () => {
    const lab = standingLab();
    lab.clusters.get("east")!.read = () => Promise.reject(new UsageError("The API server of east cannot be reached"));
    const checked = await status(lab);
    assert.deepEqual(named(checked, "failed"), ["east: API server"]);
    assert.ok(named(checked, "skipped").includes("east → west") && named(checked, "skipped").includes("east: nodes"));
    assert.ok(named(checked, "ok").includes("west: nodes"));
  });

  it("never shows what is secret", async () => {
    assert.ok(!JSON.stringify(await status(standingLab())).includes("c2VjcmV0"));
  });
});

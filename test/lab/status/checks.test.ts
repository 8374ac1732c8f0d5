import assert from "node:assert/strict";
import { runChecks, type Checked } from "../../../lab/checks/check.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { statusChecks } from "../../../lab/status/checks.ts";
import type { FakeCluster, FakeLab } from "../experiment/fake-lab.ts";
import { rootB } from "./certificates.ts";
import { proxied, standingLab, ztunnel } from "./lab.ts";

const client = "1.31.1";
const now = new Date("2026-12-01");
const status = (lab: FakeLab, more: { client?: string; now?: Date } = {}): Promise<Checked[]> =>
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

  it("asks who holds Istio's objects whether they are validated, and nobody else", async () => {
    const checked = await status(standingLab("external-control-plane"));
    const validation = (outcome: Checked["outcome"]) =>
      named(checked, outcome).filter((name) => name.endsWith(": validation"));
    assert.deepEqual(validation("ok"), ["config: validation"]);
    assert.deepEqual(validation("skipped"), ["external: validation"]);
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

  /** By stack, what must be asked there and what cannot be. */
  const stacks: readonly [stack: string, asked: string[], never: RegExp][] = [
    ["primary-remote-one-network", ["remote: istiod", "primary → remote", "remote → primary"], /^remote: remote/],
    ["external-control-plane", ["external: remote clusters", "config: injection"], /→|same root/],
    ["two-meshes", ["east: istiod", "west: istiod"], /→|same root|remote clusters/],
    ["single-ha", ["primary: istiod", "primary: nodes"], /→|same root|remote clusters/],
    ["single-ambient", ["primary: versions", "primary: injection"], /→|same root|remote clusters/],
  ];
  for (const [stack, asked, never] of stacks)
    it(`has nothing to say against ${stack} that is well`, async () => {
      const checked = await status(standingLab(stack));
      assert.deepEqual(named(checked, "failed"), []);
      const names = checked.map(({ name }) => name);
      for (const name of asked) assert.ok(names.includes(name), name);
      assert.deepEqual(
        names.filter((name) => never.test(name)),
        [],
      );
    });

  const unready = (cluster: FakeCluster, namespace: string, readyReplicas: number): void => {
    const key = `Deployment ${namespace}/istiod`;
    cluster.objects.set(key, { ...cluster.objects.get(key)!, status: { readyReplicas } });
  };
  const away = (cluster: FakeCluster): void => {
    cluster.admits = () => {
      throw new Error('failed calling webhook "x.istio.io": no endpoints');
    };
  };
  const noAnswer = (cluster: FakeCluster): void => {
    const { prints } = cluster;
    cluster.prints = (at, command) => (command[0] === "curl" ? "connected 0.000000 answered 000" : prints(at, command));
  };
  const harmOf: readonly [stack: string, what: string, cluster: string, (of: FakeCluster) => void, string[]][] = [
    ["primary-remote-one-network", "the remote's own injector", "remote", away, ["remote: injection"]],
    ["primary-remote-one-network", "the way between pods", "remote", noAnswer, ["remote → primary"]],
    [
      "primary-remote-one-network",
      "the only pods that could be called",
      "remote",
      ({ objects }) => {
        for (const [key, { kind }] of objects) if (kind === "Pod") objects.delete(key);
      },
      ["primary → remote"],
    ],
    [
      "primary-remote-one-network",
      "what the only istiod reads",
      "primary",
      (primary) => {
        primary.prints = (_at, [command]) => (command === "curl" ? "connected 0.01 answered 000" : "[]");
      },
      ["primary: remote clusters"],
    ],
    [
      "external-control-plane",
      "the istiod that serves the others, beside that of its gateway",
      "external",
      (external) => {
        unready(external, "external-istiod", 0);
      },
      ["external: istiod"],
    ],
    [
      "external-control-plane",
      "its pods",
      "external",
      ({ objects }) => void objects.delete("Pod external-istiod/istiod-1"),
      ["external: remote clusters"],
    ],
    ["external-control-plane", "its webhooks", "config", away, ["config: injection", "config: validation"]],
    [
      "external-control-plane",
      "the root where no istiod runs",
      "config",
      ({ objects }) => void objects.delete("ConfigMap external-istiod/istio-ca-root-cert"),
      ["config: certificates"],
    ],
    [
      "two-meshes",
      "the gateway at which one mesh offers its service to the other",
      "east",
      ({ objects }) => {
        const key = "Service istio-system/istio-eastwestgateway";
        objects.set(key, { ...objects.get(key)!, status: {} });
      },
      ["east: load balancers"],
    ],
    [
      "single-ha",
      "one of two istiods",
      "primary",
      (primary) => {
        unready(primary, "istio-system", 1);
      },
      ["primary: istiod"],
    ],
    [
      "single-ha",
      "the third node",
      "primary",
      ({ objects }) => void objects.delete("Node /node-c"),
      ["primary: nodes"],
    ],
    [
      "single-ambient",
      "a ztunnel's version",
      "primary",
      (primary) => {
        primary.put(ztunnel("ztunnel-2", "1.30.4"));
      },
      ["primary: versions"],
    ],
    [
      "single-ambient",
      "a waypoint's version",
      "primary",
      (primary) => {
        primary.put(proxied("bookinfo", "waypoint-1", undefined, "1.30.4"));
      },
      ["primary: versions"],
    ],
  ];
  for (const [stack, what, cluster, breaks, failures] of harmOf)
    it(`says of ${stack} that something is wrong with ${what}, and with nothing else`, async () => {
      const lab = standingLab(stack);
      breaks(lab.clusters.get(cluster)!);
      assert.deepEqual(named(await status(lab), "failed"), failures);
    });

  describe("of an intermediate, which ends on 2027-02-26", () => {
    // From thirty days before its end on `pulumi up` renews it.
    const [early, late] = ["2027-01-26", "2027-01-29"].map((day) => new Date(day)) as [Date, Date];
    for (const [stack, failures] of [
      ["multi", ["east: certificates", "west: certificates"]],
      ["primary-remote-one-network", ["primary: certificates", "remote: certificates"]],
      ["external-control-plane", ["external: certificates"]],
    ] as const)
      it(`says in ${stack} that it is about to end, and nothing before`, async () => {
        assert.deepEqual(named(await status(standingLab(stack), { now: early }), "failed"), []);
        assert.deepEqual(named(await status(standingLab(stack), { now: late }), "failed"), failures);
      });

    it("looks at that of the istiod that serves others from outside, too", async () => {
      const lab = standingLab("external-control-plane");
      lab.clusters.get("external")!.objects.delete("Secret istio-system/cacerts");
      assert.deepEqual(named(await status(lab, { now: late }), "failed"), ["external: certificates"]);
    });
  });

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

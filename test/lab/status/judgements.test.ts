import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ApiException } from "@kubernetes/client-node";
import type { Finding } from "../../../lab/checks/check.ts";
import { judgeIstiods, judgeLoadBalancers, judgeNodes } from "../../../lab/status/machines.ts";
import { judgeCertificates, judgeReach, judgeRemotes, judgeRoots } from "../../../lab/status/mesh.ts";
import { versionOfImage } from "../../../lab/status/shapes.ts";
import { judgeVersions } from "../../../lab/status/versions.ts";
import { judgeInjection, judgeValidation } from "../../../lab/status/webhooks.ts";
import { intermediate, rootA, rootB } from "./certificates.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const meta = (namespace: string, name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, namespace, uid: name, labels },
});
const node = (name: string, status: string) => ({
  ...meta("", name),
  status: {
    conditions: [{ type: "Ready", status, message: "kubelet is gone" }],
    nodeInfo: { kubeletVersion: "v1.36.3" },
  },
});
const istiod = (readyReplicas: number, revision = "default") => ({
  ...meta("istio-system", "istiod", { "istio.io/rev": revision }),
  ...{ spec: { replicas: 2 }, status: { readyReplicas } },
});
const service = (ingress: object[], type = "LoadBalancer") => ({
  ...meta("istio-system", "istio-ingressgateway"),
  ...{ spec: { type }, status: { loadBalancer: { ingress } } },
});
/** The injector annotates, istiod's chart labels; a gateway's chart labels too, with what its values say: a tag here. */
const pod = (name: string, image: string, container = "istio-proxy", revision = "default") => ({
  metadata: {
    ...meta("bookinfo", name, { "istio.io/rev": container === "discovery" ? revision : "a-tag" }).metadata,
    ...(container === "discovery" ? {} : { annotations: { "istio.io/rev": revision } }),
  },
  ...{ spec: { containers: [{ name: container, image }] }, status: { phase: "Running" } },
});
const proxy = (name: string, version: string, revision?: string) =>
  pod(name, `docker.io/istio/proxyv2:${version}`, "istio-proxy", revision);
const control = (version: string) => pod("istiod", `docker.io/istio/pilot:${version}`, "discovery");
const leaving = (it: ReturnType<typeof pod>) => ({
  ...it,
  metadata: { ...it.metadata, deletionTimestamp: "2026-12-01T00:00:00Z" },
});
const native = {
  ...pod("native", "app:1", "app"),
  spec: {
    containers: [{ name: "app", image: "app:1" }],
    initContainers: [{ name: "istio-proxy", image: "x/proxyv2:1.30.4" }],
  },
};
const revisions = { default: "1.31.1" };
const two = { "1-30-4": "1.30.4", "1-31-1": "1.31.1" };
const versions = (
  pods: (typeof native | ReturnType<typeof pod>)[],
  client?: string,
  of: Record<string, string> = revisions,
) => judgeVersions({ revisions: of, pods, client, lab: " --stack multi" });

/** As the API server words it, and the client hands it on. */
const refusal = (message: string) =>
  new ApiException(400, "Bad Request", JSON.stringify({ kind: "Status", message, code: 400 }), {});
const denied = refusal(
  'admission webhook "validation.istio.io" denied the request: configuration is invalid: no route',
);
const unreached = refusal(
  'Internal error occurred: failed calling webhook "object.sidecar-injector.istio.io": connection refused',
);

const synced = [{ id: "west", syncStatus: "synced" }];
const dates = { renewBeforeDays: 30, intermediates: [intermediate], root: rootA };
const call = { from: "east", to: "west", url: "http://gw:15443" };

type Case = readonly [string, Finding | Promise<Finding>, Finding["outcome"], RegExp];
const cases: readonly Case[] = [
  ["nodes", judgeNodes([node("a", "True"), node("b", "True")], 2, "resume"), "ok", /2 ready, v1\.36\.3/],
  ["no nodes", judgeNodes([], 2, "npm run lab -- resume single"), "failed", /may be paused/],
  [
    "a node that is not ready",
    judgeNodes([node("a", "True"), node("b", "Unknown")], 2, ""),
    "failed",
    /b \(kubelet is gone\)/,
  ],
  ["a node too few", judgeNodes([node("a", "True")], 2, ""), "failed", /1 nodes are there, and the stack file says 2/],
  ["a cluster that is not ours", judgeNodes([node("a", "True")], undefined, ""), "ok", /1 ready/],
  ["istiods", judgeIstiods([istiod(2)], ["default"]), "ok", /istio-system\/istiod 2\/2/],
  ["an istiod too few", judgeIstiods([istiod(1)], ["default"]), "failed", /1\/2/],
  [
    "an istiod scaled to nothing",
    judgeIstiods([{ ...istiod(0), spec: { replicas: 0 } }], ["default"]),
    "failed",
    /0\/0/,
  ],
  ["a revision without istiod", judgeIstiods([istiod(2, "1-30-4")], ["1-30-4", "1-31-1"]), "failed", /revision 1-31-1/],
  [
    "a load balancer",
    judgeLoadBalancers([service([{ hostname: "a.elb" }])], () => Promise.resolve(true)),
    "ok",
    /istio-ingressgateway a\.elb/,
  ],
  ["a load balancer without address", judgeLoadBalancers([service([])], undefined), "failed", /has no address yet/],
  [
    "a load balancer whose name nobody knows",
    judgeLoadBalancers([service([{ hostname: "a.elb" }])], () => Promise.resolve(false)),
    "failed",
    /no DNS server knows/,
  ],
  [
    "an address in place of a name",
    judgeLoadBalancers([service([{ ip: "192.0.2.1" }])], () => Promise.resolve(false)),
    "ok",
    /192\.0\.2\.1/,
  ],
  ["no load balancer", judgeLoadBalancers([service([], "ClusterIP")], undefined), "skipped", /no Service/],
  [
    "equal versions",
    versions([control("1.31.1"), proxy("a", "1.31.1")], "1.31.1"),
    "ok",
    /istiod 1\.31\.1, 1 proxies 1\.31\.1, istioctl 1\.31\.1/,
  ],
  ["equal versions of other builds", versions([proxy("a", "1.31.1-distroless")]), "ok", /no istioctl here/],
  [
    "a stale proxy",
    versions([control("1.31.1"), proxy("a", "1.31.1"), proxy("b", "1.30.4")]),
    "failed",
    /1 stale proxies: bookinfo\/b is 1\.30\.4, to be 1\.31\.1/,
  ],
  [
    "stale proxies of pods that have ended, or are about to",
    versions([
      proxy("a", "1.31.1"),
      { ...proxy("job", "1.30.4"), status: { phase: "Succeeded" } },
      { ...proxy("evicted", "1.30.4"), status: { phase: "Failed" } },
      leaving(proxy("old", "1.30.4")),
      leaving(control("1.30.4")),
    ]),
    "ok",
    /^1 proxies 1\.31\.1/,
  ],
  [
    "a stale proxy that is still starting",
    versions([{ ...proxy("new", "1.30.4"), status: { phase: "Pending" } }]),
    "failed",
    /bookinfo\/new/,
  ],
  ["a stale proxy that is an init container", versions([native]), "failed", /bookinfo\/native is 1\.30\.4/],
  ["a stale istiod", versions([control("1.30.4")]), "failed", /istiod is of another version/],
  ["an istioctl that says nothing", versions([proxy("a", "1.31.1")], ""), "failed", /does not say its version/],
  ["another istioctl", versions([proxy("a", "1.31.1")], "1.30.4"), "failed", /istioctl is 1\.30\.4/],
  [
    "two revisions, each with its own",
    versions([proxy("a", "1.30.4", "1-30-4"), proxy("b", "1.31.1", "1-31-1")], "1.30.4", two),
    "ok",
    /2 proxies 1\.30\.4 and 1\.31\.1/,
  ],
  [
    "a proxy of the other revision's version",
    versions([proxy("a", "1.30.4", "1-31-1")], undefined, two),
    "failed",
    /a is 1\.30\.4, to be 1\.31\.1/,
  ],
  [
    "a proxy of a revision that is gone",
    versions([proxy("a", "1.29.0", "1-29-0")], undefined, two),
    "failed",
    /revision 1-29-0, which is gone/,
  ],
  ["injection", judgeInjection({ default: proxy("a", "1.31.1") }), "ok", /gets one/],
  ["no injection", judgeInjection({ default: pod("a", "app:1", "app") }), "failed", /gets none/],
  [
    "an injector that is away",
    judgeInjection({ default: unreached }),
    "failed",
    /asks for a proxy is refused: .*failed calling webhook "object\.sidecar-injector\.istio\.io": connection refused/,
  ],
  [
    "the injectors of two revisions",
    judgeInjection({ stable: proxy("a", "1.31.0"), canary: proxy("a", "1.31.1") }),
    "ok",
    /get one, of stable and canary/,
  ],
  [
    "the second of two injectors that is away",
    judgeInjection({ stable: proxy("a", "1.31.0"), canary: unreached }),
    "failed",
    /^A pod that asks for a proxy of the revision canary is refused: .*failed calling webhook/,
  ],
  ["validation", judgeValidation(denied), "ok", /is refused/],
  ["no validation", judgeValidation(undefined), "failed", /nobody validates/],
  [
    "a refusal by somebody else",
    judgeValidation(refusal("exceeded quota: tight")),
    "failed",
    /not validated, but refused: exceeded quota: tight/,
  ],
  ["a validator that is away", judgeValidation(unreached), "failed", /failed calling webhook/],
  ["remotes", judgeRemotes(["west"], { "istiod-1": synced, "istiod-2": synced }), "ok", /reads west/],
  [
    "a remote that one of two istiods lost",
    judgeRemotes(["west"], { "istiod-1": synced, "istiod-2": [{ id: "west", syncStatus: "timeout" }] }),
    "failed",
    /west is timeout \(istiod-2\)/,
  ],
  [
    "a remote that istiod never heard of",
    judgeRemotes(["west"], { "istiod-1": [{ id: "east", syncStatus: "synced" }] }),
    "failed",
    /west is unknown to it/,
  ],
  ["nobody to read", judgeRemotes(["west"], {}), "failed", /No istiod runs/],
  ["one root", judgeRoots({ east: rootA, west: rootA }), "ok", /^east, west/],
  ["one set of roots in another order", judgeRoots({ east: rootA + rootB, west: rootB + rootA }), "ok", /^east, west/],
  ["two roots", judgeRoots({ east: rootA, west: rootB }), "failed", /east against west/],
  ["a root more in one cluster", judgeRoots({ east: rootA + rootB, west: rootA }), "failed", /roots differ/],
  ["no root", judgeRoots({ east: rootA, west: undefined }), "failed", /known in west/],
  [
    "certificates",
    judgeCertificates({ ...dates, now: new Date("2026-12-01") }),
    "ok",
    /root until 2036-.*, intermediate until 2027-02-26 \(87 days\)/,
  ],
  [
    "an intermediate that ends soon",
    judgeCertificates({ ...dates, now: new Date("2027-02-01") }),
    "failed",
    /intermediate until 2027-02-26 \(25 days\)/,
  ],
  ["a root that has ended", judgeCertificates({ ...dates, now: new Date("2037-01-01") }), "failed", /root until 2036-/],
  [
    "a mesh whose istiod signs by itself",
    judgeCertificates({ ...dates, intermediates: [], now: new Date("2027-02-01") }),
    "ok",
    /^root until/,
  ],
  [
    "no certificate",
    judgeCertificates({ ...dates, root: undefined, intermediates: [], now: new Date() }),
    "failed",
    /No certificate/,
  ],
  [
    "a gateway that is reached",
    judgeReach({ ...call, printed: "failed: connected 0.012000 answered 000" }),
    "ok",
    /connected in 12 ms/,
  ],
  [
    "a gateway that is not",
    judgeReach({ ...call, printed: "connected 0.000000 answered 000" }),
    "failed",
    /From east no connection to west/,
  ],
  ["an image without curl", judgeReach({ ...call, printed: undefined }), "skipped", /no curl/],
];

describe("the status judges", () => {
  for (const [what, judged, outcome, says] of cases) {
    it(`${what}: ${outcome}`, async () => {
      const finding = await judged;
      const text = finding.outcome === "failed" ? finding.cause : finding.says;
      assert.equal(finding.outcome, outcome, text);
      assert.match(text, says);
      if (finding.outcome === "failed")
        assert.ok(finding.page.startsWith("https://") || existsSync(`${root}${finding.page}`), finding.page);
    });
  }

  it("says which namespaces to restart for stale proxies", () => {
    const finding = versions([proxy("a", "1.30.4"), { ...proxy("b", "1.30.4"), ...meta("curl", "b") }]);
    assert.equal(
      finding.outcome === "failed" && finding.fix,
      "npm run lab -- retrofit bookinfo --restart --stack multi && npm run lab -- retrofit curl --restart --stack multi",
    );
  });

  it("reads versions of images with ports, digests and kinds of build", () => {
    const images = [
      "docker.io/istio/proxyv2:1.31.1",
      "localhost:5000/istio/proxyv2:1.31.1-debug",
      "a/proxyv2:1.31.1@sha256:00",
    ];
    assert.deepEqual(images.map(versionOfImage), ["1.31.1", "1.31.1", "1.31.1"]);
    assert.equal(versionOfImage("localhost:5000/istio/proxyv2"), "", "a port is no version");
    assert.equal(versionOfImage("docker.io/istio/proxyv2:1.31.0-dev.eed52ebb66ad"), "1.31.0-dev.eed52ebb66ad");
  });
});

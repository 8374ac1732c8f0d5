import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolsDir } from "../../paths.ts";
import { hasBinaries, startControlPlane, until, type ControlPlane } from "./control-plane.ts";

const root = join(import.meta.dirname, "..", "..", "..");

interface Named {
  readonly metadata: { readonly name: string };
}

/** An object of red's of Istio's API. */
const istio = (name: string, kind: string, spec: object): Named =>
  ({
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name, namespace: "red" },
    spec,
  }) as Named;
const http = [{ route: [{ destination: { host: "httpbin.red.svc.cluster.local" } }] }];
const another = "httpbin.blue.svc.cluster.local";
const route = (name: string, spec: object): Named => istio(name, "VirtualService", { http, ...spec });
const entry = (name: string, host: string): Named =>
  istio(name, "ServiceEntry", {
    hosts: [host],
    exportTo: ["."],
    ports: [{ number: 443, name: "tls", protocol: "TLS" }],
    resolution: "DNS",
  });

/** What red's people must not be able to say. */
const forbidden: readonly Named[] = [
  route("for-another-told-to-all", { hosts: [another], exportTo: ["*"] }),
  route("for-another-told-to-itself", { hosts: [another], exportTo: ["."] }),
  route("its-own-told-to-all", { hosts: ["httpbin"], exportTo: ["*"] }),
  route("its-own-told-to-nobody-named", { hosts: ["httpbin"] }),
  route("for-every-host", { hosts: ["*"], exportTo: ["."] }),
  route("on-a-gateway-of-the-mesh", { hosts: ["httpbin"], exportTo: ["."], gateways: ["istio-system/lab-ingress"] }),
  istio("rule-for-another", "DestinationRule", { host: "httpbin.blue", exportTo: ["."] }),
  entry("entry-for-another", another),
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "addresses-of-others", namespace: "red" },
    spec: { selector: { app: "httpbin" }, ports: [{ port: 80 }], externalIPs: ["192.0.2.1"] },
  } as Named,
];

/** What they need to say, each beside its forbidden twin. */
const allowed: readonly Named[] = [
  route("its-own", { hosts: ["httpbin"], exportTo: ["."] }),
  route("its-own-by-full-name", { hosts: ["httpbin.red.svc.cluster.local"], exportTo: ["red"], gateways: ["mesh"] }),
  istio("rule-of-its-own", "DestinationRule", { host: "httpbin.red", exportTo: ["."] }),
  entry("host-outside", "api.example.com"),
];

const keepsApart: readonly (readonly [group: string, resource: string])[] = [
  ["", "limitranges"],
  ["", "resourcequotas"],
  ["networking.istio.io", "gateways"],
  ["networking.istio.io", "sidecars"],
  ["networking.k8s.io", "networkpolicies"],
  ["rbac.authorization.k8s.io", "rolebindings"],
  ["security.istio.io", "authorizationpolicies"],
  ["security.istio.io", "peerauthentications"],
];

const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: "v1", kind: "List", items });

describe("the stack tenants on an API server", function () {
  this.timeout(180_000);
  let plane: ControlPlane;
  let folder: string;

  const kubectl = (args: string[], input = "") =>
    spawnSync(join(toolsDir(), "bin", "kubectl"), ["--kubeconfig", join(plane.folder, "kubeconfig"), ...args], {
      input,
      encoding: "utf8",
    });
  const must = (args: string[], input = "") => {
    const { status, stdout, stderr } = kubectl(args, input);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  /** As somebody whom EKS has put into the group of red's access entries. */
  const asRed = (args: string[], input = "") =>
    kubectl(["--as", "somebody", "--as-group", "istio-lab-tenant-red", ...args], input);
  /** Only asks: an object that once got in would be unchanged the next time, and no policy asked about it again. */
  const asRedApply = (...objects: readonly object[]) => asRed(["apply", "--dry-run=server", "-f", "-"], list(objects));

  before(async function () {
    if (!hasBinaries(["etcd", "kube-apiserver", "kube-controller-manager", "kubectl"])) this.skip();
    plane = await startControlPlane();
    folder = mkdtempSync(join(tmpdir(), "istio-lab-tenants-"));
    execFileSync("npm", ["run", "--silent", "lab", "--", "plan", "tenants", "--out", folder], { cwd: root });
    must(["apply", "--server-side", "-f", join(toolsDir(), "crds", "istio.yaml")]);
    must(["wait", "--for", "condition=established", "crd", "--all", "--timeout", "60s"]);
    must(["create", "namespace", "istio-system"]);
  });

  after(async () => {
    await plane.stop();
    rmSync(folder, { recursive: true });
  });

  it("takes every object of the plan, to the last field", () => {
    const manifests = join(folder, "tenants", "manifests", "primary");
    // Helm installs the charts, and what a Secret holds is in no file.
    const files = readdirSync(manifests).filter((file) => /^(?!helm-release-|secret-).*\.yaml$/.test(file));
    const texts = files.map((file) => readFileSync(join(manifests, file), "utf8"));
    const first = texts.filter((text) => /^kind: Namespace$/m.test(text) && !/name: istio-system/.test(text));
    const rest = texts.filter((text) => !/^kind: Namespace$/m.test(text));
    must(["apply", "--server-side", "--validate=strict", "-f", "-"], [...first, ...rest].join("\n---\n"));
    assert.equal(first.length, 3);
  });

  it("refuses what red's people could say about others, each object by red's policy", async () => {
    const refused = () => {
      const denials = asRedApply(...forbidden).stderr.matchAll(/"([a-z-]+)" is forbidden: (Validating\w+ '[a-z-]+')/g);
      return [...denials].map(([, name, policy]) => `${name ?? ""} by ${policy ?? ""}`).sort();
    };
    const all = forbidden
      .map(({ metadata }) => `${metadata.name} by ValidatingAdmissionPolicy 'istio-lab-tenant-red'`)
      .sort();
    // A policy is in force some moments after it was made.
    await until("the policy is in force", () => Promise.resolve(refused().length === all.length));
    assert.deepEqual(refused(), all);
  });

  it("lets red's people say the same about what is their own", () => {
    const { status, stderr } = asRedApply(...allowed);
    assert.equal(status, 0, stderr);
  });

  it("control: without its binding the policy refuses nothing", async () => {
    must(["delete", "validatingadmissionpolicybinding", "istio-lab-tenant-red"]);
    await until("everything gets in", () => Promise.resolve(asRedApply(...forbidden).status === 0));
  });

  it("lets red's people write nothing that keeps it apart, and work in no other namespace", () => {
    const reviews = [
      ...keepsApart.flatMap(([group, resource]) =>
        ["create", "patch", "delete"].map((verb) => ({ group, resource, verb, namespace: "red" })),
      ),
      { group: "", resource: "secrets", verb: "get", namespace: "blue" },
      { group: "", resource: "secrets", verb: "list" },
      // Control: the question is put rightly.
      { group: "", resource: "secrets", verb: "get", namespace: "red" },
    ].map((resourceAttributes) => ({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes },
    }));
    const { stdout, stderr } = asRed(
      ["create", "-f", "-", "-o", String.raw`jsonpath={.status.allowed}{"\n"}`],
      list(reviews),
    );
    assert.deepEqual(stdout.trim().split("\n"), [...reviews.slice(1).map(() => "false"), "true"], stderr);
  });

  it("refuses pods that are not restricted, whoever asks, and ways in from outside", async () => {
    const pod = ["run", "root", "-n", "red", "--image", "example", "--dry-run=server"];
    assert.match(kubectl(pod).stderr, /violates PodSecurity "restricted/);
    await until("the quota is counted", () => {
      const { stderr } = asRed(["create", "service", "loadbalancer", "way-in", "-n", "red", "--tcp=80:80"]);
      return Promise.resolve(/exceeded quota/.test(stderr));
    });
  });

  it("takes the pods of the samples: restricted, within quota and limits", async () => {
    plane.runPods();
    await until("two pods in each namespace", () => {
      const count = (name: string) => must(["get", "pods", "-n", name, "-o", "name"]).trim().split("\n").length;
      return Promise.resolve(["blue", "green", "red"].every((name) => count(name) === 2));
    });
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toolsDir } from "../../paths.ts";
import { versions } from "../../versions.ts";
import { engineBuilt, Project } from "../plugins/harness.ts";
import { writeChart } from "./charts.ts";
import { hasBinaries, startControlPlane, until } from "./control-plane.ts";
import type { Ran } from "../plugins/harness.ts";
import type { ControlPlane } from "./control-plane.ts";

const program = `
import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
const config = new pulumi.Config();
const provider = new k8s.Provider("cluster", {
  kubeconfig: config.requireSecret("kubeconfig"),
  enableSecretMutable: true,
  enableConfigMapMutable: true,
});
const opts = { provider };
const text = config.requireSecret("text");
const namespace = new k8s.core.v1.Namespace("space", { metadata: { name: "space", labels: { "a.b/c": "x" } } }, opts);
const metadata = (name) => ({ name, namespace: namespace.metadata.name });
new k8s.core.v1.ConfigMap("autonamed", { metadata: { namespace: namespace.metadata.name }, data: { text } }, opts);
const account = new k8s.core.v1.ServiceAccount("reader", { metadata: metadata("reader") }, opts);
const annotations = { "kubernetes.io/service-account.name": account.metadata.name };
const token = new k8s.core.v1.Secret("token", {
  metadata: { ...metadata("reader-token"), annotations },
  type: "kubernetes.io/service-account-token",
}, opts);
const decoded = token.data.apply((data) => Buffer.from(data["token"], "base64").toString());
new k8s.core.v1.Secret("remote", { metadata: metadata("remote"), stringData: { decoded } }, opts);
const web = new k8s.apps.v1.Deployment("web", {
  metadata: metadata("web"),
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [{
          name: "c",
          image: "nginx",
          env: [{ name: "EMPTY", value: "" }, { name: "TEXT", value: text }],
          resources: { requests: { cpu: "0.1", memory: "1024Mi" } },
        }],
      },
    },
  },
}, opts);
new k8s.core.v1.Service("web", {
  metadata: metadata("web"),
  spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
}, { ...opts, dependsOn: web });
const manifests = new k8s.yaml.v2.ConfigFile("manifests", { file: "manifests.yaml" }, { provider });
new k8s.apiextensions.CustomResource("second", {
  apiVersion: "example.com/v1",
  kind: "Thing",
  metadata: metadata("second"),
  spec: { size: 1 },
}, { ...opts, dependsOn: manifests });
const release = new k8s.helm.v3.Release("demo", {
  name: "demo",
  chart: "./demo",
  namespace: namespace.metadata.name,
  timeout: 20,
  values: { text },
}, opts);
// As with a cluster that does not exist yet: its kubeconfig is unknown in the first preview.
const later = { provider: new k8s.Provider("later", {
  kubeconfig: pulumi.all([decoded, config.requireSecret("kubeconfig")]).apply(([, text]) => text),
}) };
new k8s.core.v1.ConfigMap("latecomer", { metadata: metadata("latecomer"), data: { text } }, later);
new k8s.helm.v3.Release("late", { name: "late", chart: "./demo", namespace: namespace.metadata.name, timeout: 20 }, later);
new k8s.yaml.v2.ConfigFile("late", { file: "late.yaml" }, later);
export const revision = release.status.revision;
export const tokenLength = pulumi.unsecret(decoded.apply((value) => value.length));
export const clusterIp = k8s.core.v1.Service.get("kubernetes", "default/kubernetes", opts).spec.clusterIP;
export const resources = manifests.resources.apply((list) => list.length);
`;

const manifests = `
apiVersion: example.com/v1
kind: Thing
metadata: {name: first}
spec: {size: 3}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {spec: {type: object, properties: {size: {type: integer}}}}
`;

describe("kubernetes stand-in under the real engine", function () {
  this.timeout(180_000);
  let plane: ControlPlane;
  let project: Project;
  const started: (() => unknown)[] = [];
  before(async function () {
    if (!hasBinaries() || !engineBuilt) this.skip();
    plane = await startControlPlane();
    started.push(() => plane.stop());
    plane.runPods();
    project = new Project();
    started.push(() => {
      project.remove();
    });
    project.write(program);
    project.writeFile("manifests.yaml", manifests);
    project.writeFile("late.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: latest}\n");
    await writeChart(join(project.directory, "program"));
    await run("stack", "init", "dev");
    await run("config", "set", "--secret", "kubeconfig", plane.kubeconfig);
    await run("config", "set", "--secret", "text", "first-secret-text");
  });
  after(async () => {
    for (const stop of started) await stop();
  });

  async function run(...args: string[]): Promise<Ran> {
    const ran = await project.pulumi([
      ...args,
      ...(args[0] === "config" || args[0] === "stack" ? [] : ["--stack", "dev"]),
    ]);
    assert.equal(ran.code, 0, ran.output);
    return ran;
  }

  it("previews everything before anything exists, also on a cluster that is not known yet", async () => {
    const { output } = await run("preview");
    assert.match(output, /\+ 18 to create/);
    assert.match(output, /things.example.com create/);
  });

  it("brings it up in one pass", async () => {
    const { output } = await run("up", "--yes", "--skip-preview");
    assert.match(output, /\+ 19 created/);
    const outputs = await project.outputs();
    assert.equal(outputs["revision"], 1);
    assert.ok(Number(outputs["tokenLength"]) > 100);
    assert.equal(outputs["clusterIp"], "10.0.0.1");
    assert.equal(outputs["resources"], 2);
  });

  it("keeps secrets out of the state and the output", async () => {
    const exported = (await run("stack", "export")).output;
    const base64 = Buffer.from("first-secret-text").toString("base64");
    for (const secret of ["first-secret-text", base64, "eyJhbGciOi"]) assert.ok(!exported.includes(secret), secret);
    assert.ok(!(await run("preview", "--diff", "--refresh")).output.includes("first-secret-text"));
  });

  for (const args of [
    ["preview", "--expect-no-changes"],
    ["up", "--yes", "--skip-preview", "--expect-no-changes"],
    ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
    ["up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes"],
  ]) {
    it(`${args.filter((arg) => !["--yes", "--skip-preview", "--expect-no-changes"].includes(arg)).join(" ")} again finds nothing to do`, async () => {
      assert.match((await run(...args)).output, /\b(19|20) unchanged/);
    });
  }

  it("updates in place what a new value changes, and replaces where data may not change", async () => {
    await run("config", "set", "--secret", "text", "second-secret-text");
    const previewed = (await run("preview", "--diff")).output;
    assert.match(previewed, /~ 3 to update\s+\+-1 to replace/);
    assert.doesNotMatch(previewed, /secret-text/);
    assert.match((await run("up", "--yes", "--skip-preview")).output, /~ 3 updated\s+\+-1 replaced/);
    assert.equal((await project.outputs())["revision"], 2);
    await run("preview", "--expect-no-changes");
  });

  it("repairs what a refresh found deleted", async () => {
    await plane.cluster.request("DELETE", "/api/v1/namespaces/space/services/web");
    assert.match((await run("up", "--yes", "--skip-preview", "--refresh")).output, /\+ 1 created/);
  });

  it("destroys everything in its order", async () => {
    assert.match((await run("destroy", "--yes", "--skip-preview")).output, /- 19 deleted/);
    await until("the namespace is gone", () =>
      plane.cluster.request("GET", "/api/v1/namespaces/space").then(
        () => false,
        () => true,
      ),
    );
  });
});

describe("Istio's charts on the kubernetes stand-in", function () {
  this.timeout(180_000);
  const charts = join(toolsDir(), "charts", versions.istio.version);
  let plane: ControlPlane;
  let project: Project;
  const started: (() => unknown)[] = [];
  before(async function () {
    if (!hasBinaries() || !engineBuilt) this.skip();
    plane = await startControlPlane();
    started.push(() => plane.stop());
    plane.runPods();
    project = new Project();
    started.push(() => {
      project.remove();
    });
    project.write(istio(charts));
    project.writeFile("gateway-api.yaml", readFileSync(join(toolsDir(), "crds", "gateway-api.yaml"), "utf8"));
    await project.pulumi(["stack", "init", "dev"]);
    await project.pulumi(["config", "set", "--secret", "kubeconfig", plane.kubeconfig]);
  });
  after(async () => {
    for (const stop of started) await stop();
  });

  for (const [args, expected] of [
    [["up", "--yes", "--skip-preview"], /created/],
    [["preview", "--refresh", "--expect-no-changes"], /unchanged/],
    [["destroy", "--yes", "--skip-preview"], /deleted/],
  ] as const) {
    it(args.join(" "), async () => {
      const { code, output } = await project.pulumi([...args, "--stack", "dev"]);
      assert.equal(code, 0, output);
      assert.match(output, expected);
    });
  }
});

function istio(charts: string): string {
  return `
import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
const provider = new k8s.Provider("cluster", { kubeconfig: new pulumi.Config().requireSecret("kubeconfig") });
const opts = { provider };
const namespace = new k8s.core.v1.Namespace("istio-system", { metadata: { name: "istio-system" } }, opts);
const common = { namespace: namespace.metadata.name, timeout: 60 };
const crds = new k8s.yaml.v2.ConfigFile("gateway-api", { file: "gateway-api.yaml" }, { provider });
const base = new k8s.helm.v3.Release("base", { name: "base", chart: ${JSON.stringify(join(charts, "base"))}, ...common }, opts);
const istiod = new k8s.helm.v3.Release("istiod", {
  name: "istiod", chart: ${JSON.stringify(join(charts, "istiod"))}, ...common,
  values: { pilot: { autoscaleEnabled: false }, global: { network: "n1" } },
}, { ...opts, dependsOn: [base, crds] });
new k8s.apiextensions.CustomResource("mtls", {
  apiVersion: "security.istio.io/v1",
  kind: "PeerAuthentication",
  metadata: { name: "default", namespace: namespace.metadata.name },
  spec: { mtls: { mode: "STRICT" } },
}, { ...opts, dependsOn: istiod });
`;
}

import assert from "node:assert/strict";
import { checkConfig } from "../../topology/plan.ts";
import { modelNames, type LabConfig } from "../../topology/schema.ts";
import { external, remote, two } from "./rules/case.ts";

/** Every key that leads to something that is not built, and the place that must be named. */
const table: readonly (readonly [config: LabConfig, path: string])[] = [
  [{ ...remote, tenants: [{ name: "red" }] }, "clusters[1].tenants"],
  [{ mesh: { dataPlane: "ambient" }, tenants: [{ name: "red" }] }, "tenants"],
  [{ ...external, observability: { kiali: true } }, "observability.kiali"],
  [{ ...remote, mesh: { localInjector: false, revisions: { stable: "1.31.0" } } }, "mesh.revisions"],
  [{ mesh: { dataPlane: "ambient", revisions: { stable: "1.31.0" } } }, "mesh.revisions"],
  [{ region: "cn-north-1" }, "region"],
  [{ clusters: [{ name: "east", region: "us-gov-west-1" }] }, "clusters[0].region"],
  [
    {
      platform: "existing",
      gateways: { service: { type: "LoadBalancer" } },
      clusters: [
        { name: "east", context: "kind-east" },
        { name: "west", context: "kind-west", apiServer: "https://172.18.0.3:6443", primary: "east" },
      ],
    },
    "clusters[1].primary",
  ],
];

const places = (config: LabConfig): string[] =>
  checkConfig(config)
    .issues.filter(({ code }) => code === "not-built-yet")
    .map(({ path }) => path);

describe("what is not built yet", () => {
  for (const [config, path] of table) {
    it(`is refused at ${path}`, () => {
      assert.ok(places(config).includes(path), `${path} not among ${places(config).join(", ")}`);
    });
  }

  it("is not what says no to anything: the default of each key is accepted", () => {
    const defaults: LabConfig = {
      ...two,
      platform: "eks",
      networkLink: "none",
      tenants: [],
      ingress: { global: "none" },
      observability: { kiali: false },
      mesh: { dataPlane: "sidecar" },
    };
    assert.deepEqual(places(defaults), []);
    assert.deepEqual(places({ ...two, clusters: undefined, meshes: [{ name: "only" }] }), []);
  });

  it("is not where a principal of another partition is sent to", () => {
    const admins = ["arn:aws:iam::111122223333:role/istio-lab"];
    const { issues } = checkConfig({ region: "cn-north-1", access: { admins } });
    const messages = issues.filter(({ code }) => code === "arn-partition").map(({ message }) => message);
    assert.equal(messages.length, 1);
    assert.match(messages.join(), / Choose a region outside of China and GovCloud, [^.]+, and a principal of aws\.$/);
  });

  it("is nothing of who runs whose istiod", () => {
    for (const config of [remote, external]) assert.deepEqual(places(config), []);
  });

  it("is no named model", () => {
    const built = modelNames.filter((model) => checkConfig({ model }).plan !== undefined);
    assert.deepEqual(built, [...modelNames]);
  });
});

import assert from "node:assert/strict";
import { importEntry, importRule } from "../../istio/federation.ts";
import { meshObjects } from "../../istio/objects.ts";
import { tenantObjects } from "../../istio/tenants.ts";
import { istiodValues } from "../../istio/values.ts";
import { field } from "../../policy/laws/law.ts";
import { areStrangers } from "../../topology/queries.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { planned } from "./plans.ts";
import { validate } from "./validate.ts";

const clusters = [
  { name: "blue", region: "us-east-1", cidr: "10.10.0.0/16", tenants: ["blue"] },
  { name: "red", region: "us-west-2", cidr: "10.20.0.0/16", tenants: ["red", "pink"] },
];
const teams: LabConfig = {
  clusters,
  mesh: { trustDomain: "lab.example" },
  tenants: [
    { name: "blue", samples: ["curl", "helloworld", "httpbin"], exportedServices: ["httpbin"], callers: ["red"] },
    { name: "red" },
    { name: "pink" },
  ],
};
/** The same where blue lets nobody in. */
const closed: LabConfig = { ...teams, tenants: [{ name: "blue" }, { name: "red" }, { name: "pink" }] };

const hosts = (config: LabConfig, name: string): unknown => {
  const { lab, cluster } = planned(config, name);
  const gateway = meshObjects(lab, cluster).find(({ metadata }) => metadata.name === "cross-network-gateway");
  return gateway && field(gateway, "spec", "servers", "0", "hosts");
};

function networkPolicy(config: LabConfig, cluster: string, tenant: string, name: string): string {
  const plan = planned(config, cluster);
  const found = plan.cluster.tenants.find((each) => each.name === tenant);
  assert.ok(found);
  const { bounds } = tenantObjects(plan.lab, plan.cluster, found);
  const policy = bounds.find(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === name);
  return JSON.stringify(policy?.["spec"]);
}

describe("tenants with clusters of their own", () => {
  it("are strangers where they share no tenant; a cluster that names none is known to all", () => {
    const cluster = (...dedicatedTo: string[]) => ({ ...planned(teams, "blue").cluster, dedicatedTo });
    assert.equal(areStrangers(cluster("blue"), cluster("red", "pink")), true);
    assert.equal(areStrangers(cluster("blue", "red"), cluster("red")), false);
    assert.equal(areStrangers(cluster("blue"), cluster()), false);
    assert.equal(areStrangers(cluster(), cluster()), false);
  });

  it("open their gateway to what is exported; who exports nothing has none", () => {
    assert.deepEqual(hosts(teams, "blue"), ["httpbin.blue.svc.cluster.local"]);
    assert.equal(hosts(teams, "red"), undefined);
    assert.deepEqual(planned(closed, "blue").lab.eastWestGateways, []);
    const known = { ...teams, clusters: clusters.map((cluster) => ({ ...cluster, tenants: undefined })) };
    assert.deepEqual(hosts(known, "blue"), ["*.local"]);
  });

  it("tell the callers' namespaces alone of an imported service, and whom they must meet there", () => {
    const [service] = planned(teams, "red").cluster.imports;
    assert.ok(service);
    const [entry, rule] = [importEntry(service, ["blue.elb.example"]), importRule(service)];
    for (const object of [entry, rule]) {
      validate(object);
      assert.deepEqual(field(object, "spec", "exportTo"), ["red"]);
      assert.equal(object.metadata.namespace, "istio-system");
    }
    assert.deepEqual(field(entry, "spec", "ports"), [{ number: 8000, name: "http", protocol: "HTTP" }]);
    assert.deepEqual(field(rule, "spec", "trafficPolicy", "tls"), {
      mode: "ISTIO_MUTUAL",
      sni: "outbound_.8000_._.httpbin.blue.svc.cluster.local",
      subjectAltNames: ["spiffe://lab.example/ns/blue/sa/httpbin"],
    });
  });

  it("answer for names that Kubernetes does not know, where something is imported", () => {
    const captured = (name: string) => {
      const { lab, cluster } = planned(teams, name);
      return field(
        istiodValues(lab, cluster),
        "meshConfig",
        "defaultConfig",
        "proxyMetadata",
        "ISTIO_META_DNS_CAPTURE",
      );
    };
    assert.equal(captured("red"), "true");
    assert.equal(captured("blue"), undefined);
  });

  it("leave and enter the network at gateways where one calls the other, and not otherwise", () => {
    const leaves = /"port":15443/;
    const enters = /eastwestgateway/;
    assert.match(networkPolicy(teams, "blue", "blue", "callers"), enters);
    assert.match(networkPolicy(teams, "red", "red", "callees"), leaves);
    for (const [config, cluster, tenant] of [
      [teams, "red", "red"],
      [teams, "red", "pink"],
      [closed, "blue", "blue"],
    ] as const)
      assert.doesNotMatch(networkPolicy(config, cluster, tenant, "callers"), enters);
    for (const [config, cluster, tenant] of [
      [teams, "blue", "blue"],
      [teams, "red", "pink"],
      [closed, "red", "red"],
    ] as const)
      assert.doesNotMatch(networkPolicy(config, cluster, tenant, "callees"), leaves);
  });

  it("say at the open port who may come through it", () => {
    const why = (config: LabConfig) =>
      planned(config, "blue").lab.open.find(({ what }) => what === "istio-eastwestgateway")?.why;
    assert.match(why(teams) ?? "", /httpbin\.blue\.svc\.cluster\.local for other tenants' clusters/);
    assert.equal(why(closed), undefined);
  });
});

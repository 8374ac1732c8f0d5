import assert from "node:assert/strict";
import { importEntry, importRule } from "../../istio/federation.ts";
import { meshObjects } from "../../istio/objects.ts";
import { istiodValues } from "../../istio/values.ts";
import type { LabConfig } from "../../topology/schema.ts";
import type { HelmValues } from "../../topology/types.ts";
import { planned } from "./plans.ts";
import { validate } from "./validate.ts";

const config: LabConfig = {
  meshes: [
    {
      name: "store",
      trustDomain: "store.example",
      exports: [{ host: "helloworld.store.example", namespace: "helloworld", port: 5000, to: "web" }],
    },
    { name: "web", trustDomain: "web.example" },
  ],
  clusters: [
    { name: "east", mesh: "store" },
    { name: "west", mesh: "web" },
  ],
};

const sni = "outbound_.5000_._.helloworld.helloworld.svc.cluster.local";
const root = { trustDomain: "store.example", certificate: "PEM of store" };

describe("between two meshes", () => {
  const objects = (name: string) => {
    const { lab, cluster } = planned(config, name);
    const all = meshObjects(lab, cluster);
    for (const object of all) validate(object);
    return new Map(all.map((object) => [`${object.kind} ${object.metadata.name}`, object["spec"]]));
  };

  it("the gateway knows the exported service and no other", () => {
    const spec = objects("east").get("Gateway cross-network-gateway") as { servers: { hosts: string[] }[] };
    assert.deepEqual(
      spec.servers.map(({ hosts }) => hosts),
      [["helloworld.helloworld.svc.cluster.local"]],
    );
  });

  it("whoever comes from the other is refused all but what is exported to them; who exports nothing refuses all", () => {
    assert.deepEqual(objects("east").get("AuthorizationPolicy only-exports-to-web"), {
      action: "DENY",
      rules: [
        {
          from: [{ source: { principals: ["web.example/*"] } }],
          when: [{ key: "connection.sni", notValues: [sni] }],
        },
      ],
    });
    assert.deepEqual(objects("west").get("AuthorizationPolicy only-exports-to-store"), {
      action: "DENY",
      rules: [{ from: [{ source: { principals: ["store.example/*"] } }] }],
    });
  });

  it("the caller asks the gateway for the service by its server name, and takes only its account for an answer", () => {
    const { lab } = planned(config, "west");
    const [service] = lab.meshes.find(({ name }) => name === "web")?.imports ?? [];
    assert.ok(service);
    const [entry, rule] = [importEntry(service, ["a.elb.example"]), importRule(service)];
    validate(entry);
    validate(rule);
    assert.deepEqual((entry["spec"] as { endpoints: unknown }).endpoints, [
      { address: "a.elb.example", ports: { http: 15443 } },
    ]);
    assert.deepEqual((rule["spec"] as { trafficPolicy: unknown }).trafficPolicy, {
      tls: {
        mode: "ISTIO_MUTUAL",
        sni,
        subjectAltNames: ["spiffe://store.example/ns/helloworld/sa/helloworld"],
      },
    });
  });

  it("a root is trusted for its own trust domain, beside the mesh's own and in no alias of it", () => {
    const { lab, cluster } = planned(config, "west");
    const values = istiodValues(lab, cluster, [root]);
    const meshConfig = values["meshConfig"] as HelmValues;
    assert.deepEqual(meshConfig["caCertificates"], [{ pem: "PEM of store", trustDomains: ["store.example"] }]);
    assert.equal(meshConfig["trustDomain"], "web.example");
    assert.equal("trustDomainAliases" in meshConfig, false);
    assert.doesNotMatch(JSON.stringify(istiodValues(lab, cluster)["env"]), /MULTIROOT/);
  });
});

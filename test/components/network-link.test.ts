import assert from "node:assert/strict";
import { field } from "../../policy/laws/law.ts";
import { recordConfig } from "./record.ts";

const model = { model: "multi-primary-one-network" } as const;

describe("NetworkLink", () => {
  it("is asked for in one region and accepted in the other, before any route leads over it", async () => {
    const graph = await recordConfig(model);
    const peering = graph.named("east-west-link", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
    const accepter = graph.named("east-west-link", "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter");
    assert.deepEqual(
      [peering, accepter].map(({ provider }) => provider),
      ["lab-us-east-1", "lab-us-west-2"].map((name) => graph.named(name).urn),
    );
    assert.equal(peering.inputs["peerRegion"], "us-west-2");
    // AWS knows no acceptance across regions by whoever asks.
    assert.equal(peering.inputs["autoAccept"], undefined);
    for (const end of ["east", "west"]) {
      assert.ok(graph.dependsTransitively(graph.named(`east-west-link-${end}-public`), accepter));
    }
  });

  it("leads to the other side's block, in each region by its own provider", async () => {
    const graph = await recordConfig(model);
    const routes = ["east", "west"].map((end) => graph.named(`east-west-link-${end}-public`));
    assert.deepEqual(
      routes.map(({ inputs, provider }) => [inputs["destinationCidrBlock"], graph.get(provider ?? "").name]),
      [
        ["10.20.0.0/16", "lab-us-east-1"],
        ["10.10.0.0/16", "lab-us-west-2"],
      ],
    );
  });

  it("joins every pair of three clusters, since peering is not transitive, and tells each CNI of both peers", async () => {
    const clusters = ["a", "b", "c"].map((name, index) => ({
      name,
      network: "shared",
      cidr: `10.${index + 1}0.0.0/16`,
    }));
    const graph = await recordConfig({ networkLink: "peering", clusters });
    const links = graph.byType("istio-lab:aws:NetworkLink").map(({ name }) => name);
    assert.deepEqual(links, ["a-b-link", "a-c-link", "b-c-link"]);
    const env = field(graph.named("b", "eks:index:Cluster").inputs, "vpcCniOptions", "configurationValues", "env");
    assert.equal(field(env, "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS"), "10.10.0.0/16,10.30.0.0/16");
  });

  it("is not there between networks, nor is a rule or an exclusion for it", async () => {
    const graph = await recordConfig({ model: "multi-primary" });
    assert.deepEqual(graph.byType("istio-lab:aws:NetworkLink"), []);
    assert.deepEqual(graph.byType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), []);
    const env = field(graph.named("east", "eks:index:Cluster").inputs, "vpcCniOptions", "configurationValues", "env");
    assert.equal(field(env, "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS"), undefined);
  });
});

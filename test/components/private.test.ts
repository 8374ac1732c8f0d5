import assert from "node:assert/strict";
import { field } from "../../policy/laws/law.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { primaries, recordConfig } from "./record.ts";

const closed: LabConfig = { clusters: primaries("east", "west"), nodes: { private: true } };
const office = "198.18.0.0/24";
const nat = (cluster: string): string => `address-of-${cluster}-network-nat/32`;

/** The blocks that a gateway's load balancer lets in. */
async function admitted(config: LabConfig, service: string): Promise<unknown> {
  const graph = await recordConfig(config);
  return field(graph.named(service, "kubernetes:core/v1:Service").inputs, "spec", "loadBalancerSourceRanges");
}

describe("private nodes", () => {
  it("stand in subnets without public addresses, which lead to the NAT gateway and nowhere else", async () => {
    const graph = await recordConfig(closed);
    const subnets = graph
      .byType("aws:ec2/subnet:Subnet")
      .filter(({ name }) => name.startsWith("east-network-private-"));
    assert.equal(subnets.length, 2);
    for (const { inputs } of subnets) assert.equal(inputs["mapPublicIpOnLaunch"], false);
    const group = graph.named("east-nodes", "eks:index:ManagedNodeGroup");
    assert.deepEqual(
      group.propertyDeps["subnetIds"],
      subnets.map(({ urn }) => urn),
    );
    const table = graph.named("east-network-private", "aws:ec2/routeTable:RouteTable").urn;
    const routes = graph
      .byType("aws:ec2/route:Route")
      .filter(({ propertyDeps }) => propertyDeps["routeTableId"]?.[0] === table);
    assert.deepEqual(
      routes.map(({ name, inputs }) => [name, inputs["destinationCidrBlock"]]),
      [["east-network-nat", "0.0.0.0/0"]],
    );
  });

  it("leave the public subnets to load balancers on the internet, and keep the internal ones", async () => {
    const graph = await recordConfig(closed);
    const tags = (name: string) => graph.named(name, "aws:ec2/subnet:Subnet").inputs["tags"];
    const roles = (name: string) =>
      ["elb", "internal-elb"].map((role) => field(tags(name), `kubernetes.io/role/${role}`));
    assert.deepEqual(roles("east-network-public-a"), ["1", undefined]);
    assert.deepEqual(roles("east-network-private-a"), [undefined, "1"]);
  });

  it("call east-west gateways on the internet from NAT addresses, and nobody else may", async () => {
    assert.deepEqual(await admitted(closed, "east-east-west"), [nat("west")]);
    const more: LabConfig = { ...closed, eastWest: { sourceRanges: [office] } };
    assert.deepEqual(await admitted(more, "east-east-west"), [office, nat("west")]);
    const [east, west] = primaries("east", "west");
    const half: LabConfig = { clusters: [east!, { ...west!, nodes: { private: true } }] };
    assert.equal(await admitted(half, "west-east-west"), undefined, "east's nodes call from anywhere");
    assert.deepEqual(await admitted(half, "east-east-west"), [nat("west")]);
    assert.equal(await admitted(closed, "east-ingress"), undefined, "users call from anywhere");
  });

  it("reach the gateways of joined VPCs by the VPCs' own blocks", async () => {
    const joined: LabConfig = { ...closed, eastWest: { exposure: "peering" } };
    assert.deepEqual(await admitted(joined, "east-east-west"), ["10.20.0.0/16"]);
    const graph = await recordConfig(joined);
    const routes = graph.byType("aws:ec2/route:Route").filter(({ name }) => name.startsWith("east-west-link-"));
    assert.deepEqual(
      routes.map(({ name }) => name),
      ["east-private", "east-public", "west-private", "west-public"].map((each) => `east-west-link-${each}`),
    );
  });
});

describe("a closed Kubernetes API", () => {
  const endpointOf = async (config: LabConfig) => {
    const { endpointPublicAccess, publicAccessCidrs } = (await recordConfig(config)).named(
      "east",
      "eks:index:Cluster",
    ).inputs;
    return [endpointPublicAccess, publicAccessCidrs];
  };

  it("lets in the blocks that are written and the NAT addresses of those who read it", async () => {
    assert.deepEqual(await endpointOf({ ...closed, endpoint: { publicAccessCidrs: [office] } }), [
      true,
      [office, nat("west")],
    ]);
    assert.deepEqual(await endpointOf(closed), [true, undefined]);
  });

  it("answers inside the VPC alone, where peers that read it are let in", async () => {
    const config: LabConfig = {
      ...closed,
      endpoint: { public: false, publicAccessCidrs: [office] },
      eastWest: { exposure: "peering" },
    };
    assert.deepEqual(await endpointOf(config), [false, undefined], "EKS takes blocks for a public endpoint only");
    const { inputs } = (await recordConfig(config)).named("east-from-west");
    assert.deepEqual(
      [inputs["cidrIpv4"], inputs["ipProtocol"], inputs["fromPort"], inputs["toPort"]],
      ["10.20.0.0/16", "tcp", 443, 443],
    );
  });
});

import assert from "node:assert/strict";
import type { ResourceGraph } from "../../lab/recorder/graph.ts";
import { field } from "../../policy/laws/law.ts";
import { recordConfig } from "./record.ts";

const eksInputs = (graph: ResourceGraph) => graph.named("primary", "eks:index:Cluster").inputs;

describe("Cluster", () => {
  it("is an EKS cluster with access entries, both endpoints, no groups and no nodes of its own", async () => {
    const graph = await recordConfig({ model: "single", kubernetes: { version: "1.36" } });
    const { tags: _tags, vpcCniOptions: _cni, vpcId: _vpc, publicSubnetIds, ...inputs } = eksInputs(graph);
    assert.deepEqual(inputs, {
      version: "1.36",
      upgradePolicy: { supportType: "STANDARD" },
      kubernetesServiceIpAddressRange: "172.20.0.0/16",
      authenticationMode: "API",
      accessEntries: {},
      endpointPublicAccess: true,
      endpointPrivateAccess: true,
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
    });
    assert.equal((publicSubnetIds as unknown[]).length, 2);
  });

  it("takes over what an earlier run made in it without hearing so", async () => {
    const graph = await recordConfig({ model: "single" });
    // Provider settings that are not text travel as JSON text.
    assert.equal(graph.named("primary-k8s").inputs["upsertExistingObjects"], "true");
  });

  it("restricts the public endpoint where asked", async () => {
    const graph = await recordConfig({ model: "single", endpoint: { publicAccessCidrs: ["198.51.100.0/24"] } });
    assert.deepEqual(eksInputs(graph)["publicAccessCidrs"], ["198.51.100.0/24"]);
  });

  it("lets every administrator in, under a name that another administrator does not move", async () => {
    const first = "arn:aws:iam::111122223333:role/istio-lab";
    const second = "arn:aws:iam::111122223333:user/ana";
    const graph = await recordConfig({ model: "single", access: { admins: [second, first] } });
    const entries = eksInputs(graph)["accessEntries"];
    assert.deepEqual(Object.keys(entries as object).sort(), ["111122223333-role-istio-lab", "111122223333-user-ana"]);
    assert.equal(field(entries, "111122223333-user-ana", "principalArn"), second);
    assert.deepEqual(field(entries, "111122223333-user-ana", "accessPolicies", "admin"), {
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    });
  });

  it("puts a tenant's people into its group, without a policy of EKS; who works for two is one entry", async () => {
    const arn = "arn:aws:iam::111122223333:role/team";
    const tenants = [
      { name: "red", admins: [arn] },
      { name: "blue", admins: [arn] },
    ];
    const entry = field(
      eksInputs(await recordConfig({ tenants }))["accessEntries"],
      "111122223333-role-team",
    ) as object;
    assert.deepEqual(Object.keys(entry).sort(), ["kubernetesGroups", "principalArn", "tags"]);
    assert.deepEqual(field(entry, "kubernetesGroups"), ["istio-lab-tenant-blue", "istio-lab-tenant-red"]);
  });

  it("has NetworkPolicies enforced where a tenant relies on them", async () => {
    const enforced = async (networkPolicy: boolean) => {
      const graph = await recordConfig({ tenants: [{ name: "red", networkPolicy }] });
      return field(eksInputs(graph)["vpcCniOptions"], "enableNetworkPolicy");
    };
    assert.equal(await enforced(true), true);
    assert.equal(await enforced(false), undefined);
  });

  it("marks the interfaces that the CNI makes", async () => {
    const env = field(
      eksInputs(await recordConfig({ model: "single" })),
      "vpcCniOptions",
      "configurationValues",
      "env",
    );
    const tags = JSON.parse(String(field(env, "ADDITIONAL_ENI_TAGS"))) as object;
    assert.deepEqual(Object.keys(tags).sort(), ["istio-lab/id", "istio-lab/stack"]);
  });

  it("has add-ons that wait for nodes", async () => {
    const graph = await recordConfig({ model: "single" });
    const addons = graph.byType("aws:eks/addon:Addon");
    assert.deepEqual(addons.map(({ inputs }) => inputs["addonName"]).sort(), ["coredns", "eks-pod-identity-agent"]);
    const group = graph.named("primary-nodes", "eks:index:ManagedNodeGroup");
    for (const addon of addons) assert.ok(graph.dependsTransitively(addon, group));
  });
});

describe("Nodes", () => {
  it("are as the plan says, in named subnets, with an image for their architecture", async () => {
    const nodes = { instanceTypes: ["t4g.large"], count: 3, capacityType: "SPOT", diskSize: 40 } as const;
    const graph = await recordConfig({ model: "single", nodes: { ...nodes, instanceTypes: [...nodes.instanceTypes] } });
    const group = graph.named("primary-nodes", "eks:index:ManagedNodeGroup");
    assert.equal(group.inputs["amiType"], "AL2023_ARM_64_STANDARD");
    assert.equal(group.inputs["capacityType"], "SPOT");
    assert.deepEqual(group.inputs["instanceTypes"], ["t4g.large"]);
    assert.deepEqual(group.inputs["scalingConfig"], { minSize: 3, desiredSize: 3, maxSize: 4 });
    assert.deepEqual(
      group.propertyDeps["subnetIds"],
      graph.byType("aws:ec2/subnet:Subnet").map(({ urn }) => urn),
    );
    const template = graph.named("primary-nodes-template").inputs;
    assert.equal(field((template["blockDeviceMappings"] as unknown[])[0], "ebs", "volumeSize"), 40);
  });

  it("run on x86 with two large instances unless told otherwise", async () => {
    const group = (await recordConfig({ model: "single" })).named("primary-nodes", "eks:index:ManagedNodeGroup");
    assert.equal(group.inputs["amiType"], "AL2023_x86_64_STANDARD");
    assert.deepEqual(group.inputs["scalingConfig"], { minSize: 2, desiredSize: 2, maxSize: 3 });
  });

  it("ask for their metadata with a token, and pass the lab's tags on to all that AWS makes for them", async () => {
    const template = (await recordConfig({ model: "single", tags: { team: "mesh" } })).named("primary-nodes-template");
    assert.equal(field(template.inputs, "metadataOptions", "httpTokens"), "required");
    const specifications = template.inputs["tagSpecifications"] as { resourceType: string; tags: object }[];
    assert.deepEqual(
      specifications.map(({ resourceType }) => resourceType),
      ["instance", "volume", "network-interface"],
    );
    for (const { tags } of specifications) {
      assert.deepEqual(Object.keys(tags).sort(), ["Name", "istio-lab/id", "istio-lab/stack", "team"]);
    }
  });
});

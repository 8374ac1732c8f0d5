import assert from "node:assert/strict";
import type { Props } from "../../aws/resource.ts";
import { UNKNOWN } from "../../aws/validate.ts";
import { Lab, REGION, refuses, tokenOf } from "./lab.ts";
import type { TypeName } from "./lab.ts";

describe("checking inputs", () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });

  it("refuses properties that the installed SDK does not know, at any depth", () => {
    const { failures } = lab.check("cluster", {
      roleArn: "arn",
      vpcConfig: { subnetIds: ["a"], publicAccesCidrs: [] },
      publicAccess: true,
    });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["vpcConfig.publicAccesCidrs", "publicAccess"],
    );
    assert.match(failures[1]?.reason ?? "", /an argument named "publicAccess" is not expected here/);
  });

  it("refuses missing and wrongly typed properties, and takes unknown values as right", () => {
    const of = (type: TypeName, news: Props) => lab.check(type, news).failures.map(({ property }) => property);
    assert.deepEqual(of("subnet", { cidrBlock: "10.0.0.0/24" }), ["vpcId"]);
    assert.deepEqual(of("subnet", { cidrBlock: "10.0.0.0/24", vpcId: UNKNOWN, mapPublicIpOnLaunch: "yes" }), [
      "mapPublicIpOnLaunch",
    ]);
    assert.deepEqual(
      of("nodeGroup", { clusterName: UNKNOWN, nodeRoleArn: UNKNOWN, subnetIds: UNKNOWN, scalingConfig: {} }),
      [...["scalingConfig.desiredSize", "scalingConfig.maxSize", "scalingConfig.minSize"]],
    );
    assert.deepEqual(of("vpc", { cidrBlock: "10.0.0.0/16", tags: { a: 1 } }), ['tags["a"]']);
    assert.deepEqual(of("role", { assumeRolePolicy: { Version: "2012-10-17", Statement: [{ Effect: "Allow" }] } }), []);
  });

  it("refuses words that AWS does not have, in objects and in lists of them", () => {
    const of = (type: TypeName, news: Props) => lab.check(type, news).failures.map(({ property }) => property);
    const vpcConfig = { subnetIds: [] };
    const policy = (supportType: unknown) => ({ roleArn: "a", vpcConfig, upgradePolicy: { supportType } });
    assert.deepEqual(of("cluster", policy("WHATEVER")), ["upgradePolicy.supportType"]);
    assert.deepEqual(of("cluster", policy("STANDARD")), []);
    assert.deepEqual(of("cluster", policy(UNKNOWN)), []);
    const scalingConfig = { minSize: 1, desiredSize: 1, maxSize: 1 };
    const group = { clusterName: "a", nodeRoleArn: "a", subnetIds: ["a"], scalingConfig };
    const taints = ["NO_SCHEDULE", "NoSchedule"].map((effect) => ({ key: "k", effect }));
    assert.deepEqual(of("nodeGroup", { ...group, taints, capacityType: "spot" }), ["capacityType", "taints.effect"]);
    assert.deepEqual(of("addon", { clusterName: "a", addonName: "b", resolveConflictsOnCreate: "PRESERVE" }), [
      "resolveConflictsOnCreate",
    ]);
  });

  it("refuses types and functions that the cloud does not have, naming them", async () => {
    const { failures } = lab.ledger.check("aws:s3/bucket:Bucket", { name: "b", news: {} });
    assert.match(failures[0]?.reason ?? "", /does not have the type aws:s3\/bucket:Bucket/);
    await refuses(() => lab.invoke("aws:ec2/getAmi:getAmi"), "UnknownFunction", /getAmi/);
    await refuses(
      () => lab.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { excludeZones: [] }),
      "ValidationException",
      /excludeZones/,
    );
  });

  it("refuses tags that AWS refuses", () => {
    const reasons = (tags: Props) => lab.check("vpc", { cidrBlock: "10.0.0.0/16", tags }).failures.length;
    assert.equal(reasons({ "aws:name": "x" }), 1);
    assert.equal(reasons({ a: "v".repeat(257) }), 1);
    assert.equal(reasons({ ["k".repeat(129)]: "v" }), 1);
    assert.equal(reasons(Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"]))), 1);
    assert.equal(reasons({ "kubernetes.io/role/elb": "1", empty: "" }), 0);
  });

  it("fills in defaults, the region, the provider's tags and a name, and keeps the name afterwards", () => {
    const request = { name: "web", news: { vpcId: "vpc-1", tags: { own: "1", both: "own" } } };
    const defaultTags = { lab: "x", both: "provider" };
    const first = lab.ledger.check(tokenOf("group"), { ...request, defaultTags }, { region: REGION }).inputs;
    assert.match(String(first["name"]), /^web-[0-9a-f]{7}$/);
    assert.equal(first["description"], "Managed by Pulumi");
    assert.equal(first["region"], REGION);
    assert.deepEqual(first["tags"], { lab: "x", own: "1", both: "own" });
    const second = lab.ledger.check(tokenOf("group"), { ...request, defaultTags, olds: first }, { region: REGION });
    assert.deepEqual(second.inputs, first);
    const fixed = lab.ledger.check(tokenOf("group"), {
      name: "web",
      news: { vpcId: "vpc-1", name: "fixed" },
      olds: first,
    });
    assert.equal(fixed.inputs["name"], "fixed");
    const long = lab.ledger.check(tokenOf("role"), { name: "r".repeat(80), news: { assumeRolePolicy: "{}" } });
    assert.equal(String(long.inputs["name"]).length, 64);
  });
});

describe("differences", () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  const diff = (type: TypeName, olds: Props, news: Props) => lab.ledger.diff(tokenOf(type), olds, news);
  const paths = (type: TypeName, olds: Props, news: Props) =>
    diff(type, olds, news).changes.map(({ path, replace }) => (replace ? `${path}!` : path));

  it("that need a new resource are those that the real provider replaces for", () => {
    const cases: [TypeName, Props, Props, string[]][] = [
      ["vpc", { cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.1.0.0/16" }, ["cidrBlock!"]],
      ["vpc", { enableDnsHostnames: true }, { enableDnsHostnames: false }, ["enableDnsHostnames"]],
      [
        "subnet",
        { availabilityZone: "a", tags: { x: "1" } },
        { availabilityZone: "b", tags: { x: "2" } },
        ["availabilityZone!", "tags.x"],
      ],
      ["subnet", { mapPublicIpOnLaunch: false }, { mapPublicIpOnLaunch: true }, ["mapPublicIpOnLaunch"]],
      [
        "route",
        { destinationCidrBlock: "0.0.0.0/0", gatewayId: "a" },
        { destinationCidrBlock: "0.0.0.0/0", gatewayId: "b" },
        ["gatewayId"],
      ],
      [
        "association",
        { subnetId: "a", routeTableId: "a" },
        { subnetId: "b", routeTableId: "b" },
        ["subnetId!", "routeTableId"],
      ],
      ["group", { description: "a" }, { description: "b" }, ["description!"]],
      ["oldRule", { fromPort: 1 }, { fromPort: 2 }, ["fromPort!"]],
      ["ingress", { fromPort: 1 }, { fromPort: 2 }, ["fromPort"]],
      ["nat", { subnetId: "a" }, { subnetId: "b" }, ["subnetId!"]],
      ["attach", { role: "a" }, { role: "b" }, ["role!"]],
      [
        "cluster",
        { vpcConfig: { subnetIds: ["a"], publicAccessCidrs: ["x"] } },
        { vpcConfig: { subnetIds: ["b"], publicAccessCidrs: ["y"] } },
        ["vpcConfig.subnetIds", "vpcConfig.publicAccessCidrs"],
      ],
      ["cluster", { roleArn: "a", version: "1.35" }, { roleArn: "b", version: "1.36" }, ["roleArn!", "version"]],
      [
        "cluster",
        { kubernetesNetworkConfig: { serviceIpv4Cidr: "a" } },
        { kubernetesNetworkConfig: { serviceIpv4Cidr: "b" } },
        ["kubernetesNetworkConfig.serviceIpv4Cidr!"],
      ],
      [
        "nodeGroup",
        { launchTemplate: { id: "a", version: "1" } },
        { launchTemplate: { id: "a", version: "2" } },
        ["launchTemplate.version"],
      ],
      [
        "nodeGroup",
        { launchTemplate: { id: "a", version: "1" } },
        { launchTemplate: { id: "b", version: "1" } },
        ["launchTemplate.id!"],
      ],
      ["nodeGroup", { instanceTypes: ["a", "b"] }, { instanceTypes: ["b", "a"] }, ["instanceTypes!"]],
      ["addon", { addonVersion: "a" }, { addonVersion: "b" }, ["addonVersion"]],
      ["podIdentity", { roleArn: "a", namespace: "a" }, { roleArn: "b", namespace: "b" }, ["roleArn", "namespace!"]],
      ["entry", { kubernetesGroups: ["a"] }, { kubernetesGroups: ["b"] }, ["kubernetesGroups"]],
    ];
    for (const [type, olds, news, expected] of cases) assert.deepEqual(paths(type, olds, news), expected, type);
  });

  it("do not include the order of sets, the layout of policies, or what AWS has filled in", () => {
    assert.deepEqual(
      paths("cluster", { vpcConfig: { subnetIds: ["a", "b"] } }, { vpcConfig: { subnetIds: ["b", "a"] } }),
      [],
    );
    assert.deepEqual(paths("policy", { policy: '{"a": [1]}' }, { policy: '{ "a":[1] }' }), []);
    assert.deepEqual(paths("policy", { policy: '{"a": [1]}' }, { policy: '{"a": [2]}' }), ["policy"]);
    assert.deepEqual(paths("subnet", { availabilityZone: "a" }, {}), []);
    assert.deepEqual(paths("vpc", { enableDnsSupport: true }, {}), ["enableDnsSupport"]);
  });

  it("count what is not known yet, and name keys as the engine writes paths", () => {
    assert.deepEqual(paths("subnet", { vpcId: "a" }, { vpcId: UNKNOWN }), ["vpcId!"]);
    assert.deepEqual(paths("subnet", {}, { tags: { "kubernetes.io/role/elb": "1" } }), [
      'tags["kubernetes.io/role/elb"]',
    ]);
  });

  it("delete first when a fixed name would collide", () => {
    const replaced = (marks: string[]) =>
      diff("cluster", { name: "a", roleArn: "a" }, { name: "a", roleArn: "b", __defaults: marks }).deleteBeforeReplace;
    assert.equal(replaced([]), true);
    assert.equal(replaced(["name"]), false);
  });
});

describe("a resource's life", () => {
  it("is a round trip: what was created reads back as the same inputs and outputs, and checks to no difference", async () => {
    const lab = await Lab.open();
    const running = await lab.running();
    await lab.make("ingress", {
      securityGroupId: await lab.make("group", { vpcId: running.vpc }),
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
    });
    await lab.make("nat", { allocationId: await lab.make("eip", {}), subnetId: running.subnets[0] });
    await lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster));
    const made = lab.ledger.resources().filter(({ inputs }) => inputs !== undefined);
    assert.ok(new Set(made.map(({ type }) => type)).size >= 15);
    for (const { type, id, inputs = {} } of made) {
      const found = lab.ledger.read(type, id, { region: REGION });
      assert.deepEqual(found?.inputs, inputs, type);
      const again = lab.ledger.check(
        type,
        { name: "x", olds: inputs, news: programInputs(inputs) },
        { region: REGION },
      );
      assert.deepEqual(again.failures, []);
      assert.deepEqual(lab.ledger.diff(type, found.inputs, again.inputs).changes, [], type);
    }
  });

  it("does not change its outputs because of what comes later", async () => {
    const lab = await Lab.open();
    const eip = await lab.create("eip", {});
    const network = await lab.network();
    const role = await lab.create("role", { assumeRolePolicy: TRUST });
    const before = [eip.outputs, role.outputs, lab.read("table", network.table)?.outputs];
    await lab.make("nat", { allocationId: eip.id, subnetId: network.subnets[0] });
    const later = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy";
    await lab.make("attach", { role: role.id, policyArn: later });
    await lab.delete("route", network.route);
    const after = [lab.read("eip", eip.id), lab.read("role", role.id), lab.read("table", network.table)];
    assert.deepEqual(
      after.map((found) => found?.outputs),
      before,
    );
  });

  it("shows drift that somebody caused by hand", async () => {
    const lab = await Lab.open();
    const { vpc } = await lab.network();
    await lab.ledger.tamper(tokenOf("vpc"), vpc, { enableDnsHostnames: false });
    const found = lab.read("vpc", vpc);
    assert.equal(found?.outputs["enableDnsHostnames"], false);
    assert.equal(found.inputs["enableDnsHostnames"], false);
  });

  it("carries the provider's tags in tagsAll", async () => {
    const lab = await Lab.open();
    const request = { name: "v", news: { cidrBlock: "10.0.0.0/16", tags: { own: "1" } }, defaultTags: { lab: "x" } };
    const { inputs } = lab.ledger.check(tokenOf("vpc"), request, { region: REGION });
    const { outputs } = await lab.ledger.create(tokenOf("vpc"), inputs, { region: REGION });
    assert.deepEqual(outputs["tagsAll"], { lab: "x", own: "1" });
  });

  it("updates in place, dropping what the program dropped", async () => {
    const lab = await Lab.open();
    const id = await lab.make("vpc", { cidrBlock: "10.0.0.0/16", tags: { a: "1" } });
    const { outputs } = await lab.update("vpc", id, { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
    assert.equal(outputs["tags"], undefined);
    assert.deepEqual(outputs["tagsAll"], {});
    assert.equal(outputs["enableDnsHostnames"], true);
    const template = await lab.create("template", { name: "t" });
    const next = await lab.update("template", template.id, { name: "t", instanceType: "t3.large" });
    assert.deepEqual([template.outputs["latestVersion"], next.outputs["latestVersion"]], [1, 2]);
  });

  it("previews what is known, and no more", async () => {
    const lab = await Lab.open();
    const network = await lab.network();
    const inputs = lab.checked("cluster", await lab.clusterInputs(network));
    const { outputs } = lab.ledger.previewCreate(tokenOf("cluster"), inputs);
    assert.equal(outputs["name"], "east");
    assert.equal(outputs["version"], "1.36");
    assert.equal(outputs["endpoint"], UNKNOWN);
    assert.equal(outputs["enabledClusterLogTypes"], undefined);
    assert.deepEqual(outputs["vpcConfig"], {
      ...{ subnetIds: network.subnets, endpointPublicAccess: true, endpointPrivateAccess: true },
      ...{ clusterSecurityGroupId: UNKNOWN, vpcId: UNKNOWN, publicAccessCidrs: UNKNOWN },
    });
    const { id } = await lab.create("cluster", inputs);
    const preview = lab.ledger.previewUpdate(
      tokenOf("cluster"),
      id,
      { ...inputs, version: "1.36" },
      { region: REGION },
    );
    assert.match(String(preview.outputs["endpoint"]), /^https/);
    assert.equal((preview.outputs["vpcConfig"] as Props)["vpcId"], network.vpc);
    assert.equal(preview.outputs["platformVersion"], UNKNOWN);
  });

  it("ends once: reading gives nothing then, and deleting again succeeds", async () => {
    const lab = await Lab.open();
    const id = await lab.make("vpc", { cidrBlock: "10.0.0.0/16" });
    assert.equal(lab.in("us-east-1").read("vpc", id), undefined, "not in this region");
    await lab.delete("vpc", id);
    assert.equal(lab.read("vpc", id), undefined);
    await lab.delete("vpc", id);
  });
});

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** What a program had given before check filled in the rest. */
function programInputs(inputs: Props): Props {
  const filled = ["__defaults", ...((inputs["__defaults"] ?? []) as string[])];
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !filled.includes(name)));
}

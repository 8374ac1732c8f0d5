import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { unknownPlaceholder } from "../../../lab/recorder/graph.ts";
import { recordProgram } from "../../../lab/recorder/record.ts";

class Box extends pulumi.ComponentResource {
  constructor(name: string, body: (box: Box) => void, opts?: pulumi.ComponentResourceOptions) {
    super("istio-lab:test:Box", name, {}, opts);
    body(this);
    this.registerOutputs({ name });
  }
}

const record = (program: () => unknown, preview = false) =>
  recordProgram({ stack: "test", config: { "istio-lab:region": "us-east-1" }, preview, program });

describe("the recorder", () => {
  it("records parents, providers, dependencies and options", async () => {
    const graph = await record(() => {
      const provider = new aws.Provider("east", { region: "us-east-1" });
      new Box(
        "box",
        (parent) => {
          const vpc = new aws.ec2.Vpc("box-vpc", { cidrBlock: "10.0.0.0/16" }, { parent });
          new aws.ec2.Subnet(
            "box-subnet",
            { vpcId: vpc.id, cidrBlock: "10.0.0.0/20" },
            { parent, deletedWith: vpc, protect: true, ignoreChanges: ["tags"], customTimeouts: { delete: "5m" } },
          );
        },
        { providers: [provider] },
      );
    });
    const vpc = graph.named("box-vpc");
    const subnet = graph.named("box-subnet");
    const box = graph.named("box");
    assert.equal(subnet.urn, "urn:pulumi:test::istio-lab::istio-lab:test:Box$aws:ec2/subnet:Subnet::box-subnet");
    assert.equal(subnet.parent, box.urn);
    assert.equal(box.parent, graph.stack.urn);
    assert.equal(subnet.provider, graph.named("east").urn);
    assert.deepEqual(box.providers, { aws: graph.named("east").urn });
    assert.deepEqual(subnet.dependsOn, [vpc.urn]);
    assert.deepEqual(subnet.propertyDeps, { vpcId: [vpc.urn] });
    assert.equal(subnet.options.deletedWith, vpc.urn);
    assert.equal(subnet.options.protect, true);
    assert.deepEqual(subnet.options.ignoreChanges, ["tags"]);
    assert.deepEqual(subnet.options.customTimeouts, { delete: "5m" });
    assert.deepEqual(vpc.options, {});
    assert.deepEqual([box.outputsRegistered, box.outputs], [true, { name: "box" }]);
    assert.ok(graph.dependsTransitively(subnet, graph.named("east")));
    assert.ok(!graph.dependsTransitively(vpc, subnet));
  });

  it("notes where secrets flow, also out of resources that keep an output secret", async () => {
    const graph = await record(() => {
      const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
      const provider = new k8s.Provider("k8s", { kubeconfig: pulumi.secret("kubeconfig") });
      const metadata = { name: "m", namespace: "n" };
      new k8s.core.v1.ConfigMap("leak", { metadata, data: { key: key.privateKeyPem, plain: "plain" } }, { provider });
    });
    assert.deepEqual(graph.named("leak").secretInputs, ["data.key"]);
    assert.deepEqual(graph.named("k8s").secretInputs, ["kubeconfig"]);
  });

  it("leaves computed values unknown in a preview, so that what is made inside apply is missed", async () => {
    const program = () => {
      const provider = new aws.Provider("east", { region: "us-east-1" });
      const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" }, { provider });
      role.arn.apply(() => new Box("hidden", () => undefined));
      new aws.ssm.Parameter("parameter", { type: "String", value: role.arn }, { provider });
    };
    const up = await record(program);
    const preview = await record(program, true);
    assert.equal(up.byType("istio-lab:test:Box").length, 1);
    assert.equal(preview.byType("istio-lab:test:Box").length, 0);
    assert.deepEqual(preview.named("parameter").unknownInputs, ["value"]);
    assert.equal(preview.named("parameter").inputs["value"], unknownPlaceholder);
    assert.deepEqual(up.named("parameter").unknownInputs, []);
  });

  it("knows of a real EKS cluster what is known at preview", async () => {
    const program = () => {
      const provider = new aws.Provider("east", { region: "us-east-1" });
      const cluster = new eks.Cluster("cluster", { version: "1.36" }, { providers: { aws: provider } });
      return { name: cluster.eksCluster.name, kubeconfig: cluster.kubeconfigJson };
    };
    const preview = await record(program, true);
    assert.deepEqual(preview.stack.outputs, { name: "cluster", kubeconfig: unknownPlaceholder });
    assert.equal((await record(program)).named("cluster").remote, true);
  });

  it("answers look-ups in the region of the provider that is asked", async () => {
    const graph = await record(() => {
      const provider = new aws.Provider("west", { region: "us-west-2" });
      return { zones: aws.getAvailabilityZonesOutput({ state: "available" }, { provider }).names };
    });
    const zones = graph.stack.outputs["zones"] as string[];
    assert.ok(zones.length > 0 && zones.every((zone) => zone.includes("us-west-2")), zones.join(", "));
    assert.equal(graph.invokes[0]?.provider, graph.named("west").urn);
  });

  it("refuses remote components and calls that it has no fake for, naming them", async () => {
    await assert.rejects(
      record(() => void new eks.VpcCniAddon("cni", { clusterName: "east" })),
      /no fake for the remote component eks:index:VpcCniAddon/,
    );
    await assert.rejects(
      record(() => aws.getCallerIdentityOutput()),
      /no fake for the call aws:index\/getCallerIdentity:getCallerIdentity/,
    );
  });

  it("throws what the program throws, and is good for another run afterwards", async () => {
    await assert.rejects(
      record(() => {
        throw new pulumi.RunError("two problems");
      }),
      (error) => pulumi.RunError.isInstance(error) && error.message === "two problems",
    );
    await assert.rejects(
      record(() => void pulumi.output(Promise.reject(new Error("late")))),
      /late/,
    );
    assert.equal((await record(() => undefined)).nodes.length, 1);
  });

  it("hands over the configuration and returns nodes in the same order each time", async () => {
    const program = () => {
      for (const name of ["c", "a", "b"]) new Box(name, () => undefined);
      return { region: new pulumi.Config().require("region") };
    };
    const [first, second] = [await record(program), await record(program)];
    assert.deepEqual(first.nodes, second.nodes);
    assert.deepEqual(first.stack.outputs, { region: "us-east-1" });
  });
});

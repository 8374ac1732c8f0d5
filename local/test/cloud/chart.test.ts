import "./own-world.ts";
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { run } from "../../cloud/exec.ts";
import { toolsDir } from "../../paths.ts";
import { versions } from "../../versions.ts";
import { needTools } from "./cluster-daemon.ts";

const chart = join(import.meta.dirname, "..", "..", "charts", "aws-load-balancer-controller");

interface Deployment {
  kind: string;
  metadata: { name: string };
  spec: { replicas: number; template: { spec: { containers: { args: string[]; image: string }[] } } };
}

describe("the load balancer controller's chart", function () {
  this.timeout(30_000);
  const render = async (...values: string[]): Promise<Deployment | undefined> => {
    const release = "aws-load-balancer-controller";
    const flags = ["enableServiceMutatorWebhook=false", ...values].flatMap((value) => ["--set", value]);
    const helm = join(toolsDir(), "bin", "helm");
    const text = await run([helm, "template", release, chart, "-n", "kube-system", ...flags]);
    const objects = parseAllDocuments(text).map((document) => document.toJS() as Deployment);
    return objects.find(({ kind }) => kind === "Deployment");
  };

  before(function () {
    needTools(this);
  });

  it("passes cluster, region, VPC and tags as the real controller's arguments", async () => {
    const made = await render(
      "clusterName=east",
      "region=us-west-2",
      "vpcId=vpc-1",
      "defaultTags.lab=x",
      "replicaCount=1",
    );
    const [container] = made?.spec.template.spec.containers ?? [];
    for (const argument of [
      "--cluster-name=east",
      "--aws-region=us-west-2",
      "--aws-vpc-id=vpc-1",
      "--default-tags=lab=x",
    ]) {
      assert.ok(container?.args.includes(argument), argument);
    }
    assert.equal(made?.spec.replicas, 1);
    assert.equal(made?.metadata.name, "aws-load-balancer-controller");
    const tag = versions.imageTags.awsLoadBalancerController;
    assert.equal(container?.image, `public.ecr.aws/eks/aws-load-balancer-controller:v${tag}`);
  });

  it("needs a cluster's name, and says that it has no webhook when one is asked for", async () => {
    await assert.rejects(render(), /valid clusterName/);
    await assert.rejects(render("clusterName=east", "enableServiceMutatorWebhook=true"), /no Service webhook/);
  });
});

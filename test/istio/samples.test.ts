import assert from "node:assert/strict";
import { sampleObjects, sampleVersions } from "../../istio/samples.ts";
import { sampleNames } from "../../topology/schema.ts";
import { multi, planned } from "./plans.ts";

interface Deployment {
  metadata: { name: string };
  spec: { template: { spec: { containers: { image: string; command?: string[]; lifecycle?: object }[] } } };
}

function objects(sample: (typeof sampleNames)[number], cluster: string) {
  const plan = planned({ ...multi, samples: [...sampleNames] }, cluster);
  const found = plan.cluster.samples.find(({ name }) => name === sample);
  assert.ok(found, `${sample} in ${cluster}`);
  return sampleObjects(plan.lab, plan.cluster, found);
}

const deployments = (made: ReturnType<typeof objects>): Deployment[] =>
  made.workloads.filter(({ kind }) => kind === "Deployment") as unknown as Deployment[];

describe("samples", () => {
  it("answer with the version of their cluster", () => {
    const names = (cluster: string) => deployments(objects("helloworld", cluster)).map(({ metadata }) => metadata.name);
    assert.deepEqual(names("east"), ["helloworld-v1"]);
    assert.deepEqual(names("west"), ["helloworld-v2"]);
  });

  it("have their Service in every cluster, so that the name resolves where no workload runs", () => {
    for (const cluster of ["east", "west"]) {
      const services = objects("helloworld", cluster).workloads.filter(({ kind }) => kind === "Service");
      assert.deepEqual(
        services.map(({ metadata }) => metadata.name),
        ["helloworld"],
      );
    }
  });

  it("take no image from a host that Istio switches off in December 2026", () => {
    for (const sample of sampleNames) {
      for (const { spec } of deployments(objects(sample, "east"))) {
        for (const { image } of spec.template.spec.containers) {
          assert.match(image, /^docker\.io\/(istio|curlimages|mccutchen)\/[a-z0-9-]+:v?\d/);
        }
      }
    }
  });

  it("serve on for a while when their pod is to end, if they serve at all", () => {
    for (const sample of sampleNames) {
      for (const { spec } of deployments(objects(sample, "east"))) {
        for (const { command, lifecycle } of spec.template.spec.containers)
          assert.deepEqual(lifecycle, command === undefined ? { preStop: { sleep: { seconds: 5 } } } : undefined);
      }
    }
  });

  it("live in namespaces that inject sidecars", () => {
    for (const sample of sampleNames) {
      assert.equal(objects(sample, "east").namespace.metadata.labels?.["istio-injection"], "enabled");
    }
  });

  it("know their versions", () => {
    assert.deepEqual(sampleVersions("helloworld"), ["v1", "v2"]);
    assert.deepEqual(sampleVersions("bookinfo"), ["v1", "v2", "v3"]);
  });
});

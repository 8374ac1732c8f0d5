import assert from "node:assert/strict";
import { istioChart, loadBalancerControllerChart } from "../../istio/charts.ts";
import { planned } from "./plans.ts";

const { lab } = planned({ model: "single" }, "primary");

describe("charts", () => {
  it("come from where Istio publishes since 1.31", () => {
    assert.deepEqual(istioChart(lab.artifacts, "istiod", "1.31.1"), {
      chart: "istiod",
      version: "1.31.1",
      repositoryOpts: { repo: "https://blob.istio.io/istio-release/charts" },
    });
    assert.deepEqual(loadBalancerControllerChart(lab.artifacts), {
      chart: "aws-load-balancer-controller",
      version: "3.5.0",
      repositoryOpts: { repo: "https://aws.github.io/eks-charts" },
    });
  });

  it("come from an OCI registry or a folder just as well", () => {
    const from = (istioCharts: string) => istioChart({ ...lab.artifacts, istioCharts }, "base", "1.31.1");
    assert.deepEqual(from("oci://ghcr.io/istio/release/charts/"), {
      chart: "oci://ghcr.io/istio/release/charts/base",
      version: "1.31.1",
    });
    assert.deepEqual(from("/srv/charts"), { chart: "/srv/charts/base" });
    assert.deepEqual(from("/srv/{version}/charts"), { chart: "/srv/1.31.1/charts/base" });
  });
});

import assert from "node:assert/strict";
import { parse } from "yaml";
import { kialiChart } from "../../tools/kiali-chart.ts";

const addOn = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: kiali, namespace: istio-system }
...
---
apiVersion: v1
kind: ConfigMap
metadata: { name: kiali, namespace: istio-system }
data:
  config.yaml: |
    auth: { strategy: anonymous }
    deployment: { version_label: v2.27.0, view_only_mode: false }
...
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: kiali, namespace: istio-system }
spec:
  template:
    metadata:
      labels: { app: kiali, sidecar.istio.io/inject: "false" }
      annotations: { old: "1" }
    spec:
      containers: [{ name: kiali, image: "quay.io/kiali/kiali:v2.27", volumeMounts: [{ name: a, mountPath: /a }] }]
      volumes: [{ name: a, emptyDir: {} }]
`;

describe("the chart that stands in for Kiali's", () => {
  const chart = kialiChart(addOn);
  const templates = chart["templates/all.yaml"] ?? "";

  it("has the add-on's settings as its values, and its version", () => {
    assert.deepEqual(parse(chart["values.yaml"] ?? ""), {
      auth: { strategy: "anonymous" },
      deployment: { version_label: "v2.27.0", view_only_mode: false },
    });
    assert.equal((parse(chart["Chart.yaml"] ?? "") as { version: string }).version, "2.27.0");
  });

  it("goes where its release goes, and is in the mesh", () => {
    assert.ok(!templates.includes("istio-system"));
    assert.ok(!templates.includes("sidecar.istio.io/inject"));
  });

  it("takes what the lab says of its pods", () => {
    assert.ok(!templates.includes("v2.27") && !templates.includes('"old"'));
    for (const value of ["deployment.image_name", "deployment.pod_annotations", "clustering.clusters"])
      assert.ok(templates.includes(`.Values.${value}`), value);
    assert.ok(!/"<\w+>"/.test(templates), "nothing is left to fill in");
  });

  it("makes no pods in a cluster that is read from elsewhere, and an account all the same", () => {
    const [account = "", ...rest] = templates.split("{{- if not .Values.deployment.remote_cluster_resources_only }}");
    assert.match(account, /ServiceAccount/);
    assert.equal(rest.length, 2);
  });

  it("is refused where the add-on is not as it was", () => {
    assert.throws(() => kialiChart("kind: Service\nmetadata: {}\n"), /no config\.yaml/);
  });
});

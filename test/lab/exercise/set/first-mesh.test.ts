import type { KubernetesObject } from "../../../../istio/object.ts";
import { firstMesh } from "../../../../lab/exercise/set/first-mesh.ts";
import { answers } from "../../../../lab/exercise/ground.ts";
import { apply, relabel, restart } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";

const [space = ""] = firstMesh.namespaces;

const stale: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "old", namespace: space, labels: { app: "curl" } },
  spec: { containers: [{ name: "istio-proxy", image: "docker.io/istio/proxyv2:1.6.4" }] },
};

tries(firstMesh, {
  before: { call: () => 200 },
  solved: { call: () => 200 },
  wrong: [
    {
      title: "where the label came after the pods",
      steps: ({ near }) => [
        relabel(near.name, space, { "istio-injection": null }),
        ...restart(near.name, space, "helloworld-v1"),
        relabel(near.name, space, { "istio-injection": "enabled" }),
      ],
      says: /look at helloworld, helloworld-v1-pod-\d+\. Injection happens when a pod is made/,
    },
    {
      title: "with another version than istiod's",
      steps: ({ near }) => apply(near.name, answers(space, { istiod: "1.6.4", proxy: near.version })),
      says: /^"istiod" in the ConfigMap "answers" is not right/,
    },
    {
      title: "while a version is not written down",
      steps: ({ near }) => apply(near.name, answers(space, { istiod: near.version })),
      says: /^The ConfigMap "answers" has no "proxy" yet/,
    },
    {
      title: "with a pod that has an older proxy",
      steps: ({ near }) => apply(near.name, stale),
      says: /^Control plane and data plane are not of one version: 1\.31\.1, 1\.6\.4\./m,
    },
  ],
  unexpected: [
    { title: "where nobody answers", sight: { call: () => 503 }, says: /no answer from .*, but status 503/ },
  ],
});

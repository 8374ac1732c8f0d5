import { firstMesh } from "../../../../lab/exercise/set/first-mesh.ts";
import { answers } from "../../../../lab/exercise/ground.ts";
import { apply, relabel, restart } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";

const [space = ""] = firstMesh.namespaces;

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
  ],
  unexpected: [
    { title: "where nobody answers", sight: { call: () => 503 }, says: /no answer from .*, but status 503/ },
  ],
});

import { canaryUpgrade } from "../../../../lab/exercise/set/canary-upgrade.ts";
import { relabel, restart } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";

const [space = ""] = canaryUpgrade.namespaces;
const follow = (cluster: string, labels: Record<string, string | null>) => relabel(cluster, space, labels);

tries(canaryUpgrade, {
  before: { call: () => 200 },
  solved: { call: () => 200 },
  right: [
    {
      title: "by the name of the revision",
      steps: ({ near }) => [follow(near.name, { "istio.io/rev": "1-31-1" })],
    },
  ],
  wrong: [
    {
      title: "by moving the tag that everybody follows",
      steps: ({ near }) => [follow(near.name, { "istio.io/rev": "stable" })],
      says: /^exercise-canary-upgrade still follows the tag "stable"/,
    },
    {
      title: "where the label moved and no pod did",
      steps: ({ near }) => [
        follow(near.name, { "istio.io/rev": "stable" }),
        ...restart(near.name, space, "curl", "helloworld-v1"),
        follow(near.name, { "istio.io/rev": "canary" }),
      ],
      says: /^helloworld-v1-pod-\d+ has a proxy of 1\.31\.0, curl-pod-\d+ has a proxy of 1\.31\.0, and is to have one of 1\.31\.1|^curl-pod.*1\.31\.0/,
    },
    {
      title: "where one workload was forgotten",
      steps: ({ near }) => [
        follow(near.name, { "istio.io/rev": "stable" }),
        ...restart(near.name, space, "helloworld-v1"),
        follow(near.name, { "istio.io/rev": "canary" }),
      ],
      says: /^helloworld-v1-pod-\d+ has a proxy of 1\.31\.0, and is to have one of 1\.31\.1/,
    },
    {
      title: "without a label that a revision answers to",
      steps: ({ near }) => [follow(near.name, { "istio.io/rev": null }), ...restart(near.name, space, "curl")],
      says: /^curl-pod-\d+ lost its proxy/,
    },
  ],
  unexpected: [{ title: "where requests are lost", sight: { call: () => 503 }, says: /gets 503 from helloworld/ }],
});

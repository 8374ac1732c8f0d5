import { answers } from "../../../../lab/exercise/ground.ts";
import { kialiTour } from "../../../../lab/exercise/set/kiali-tour.ts";
import { apply, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { tries } from "../trial.ts";

const [space = ""] = kialiTour.namespaces;
const right = { failing: "cart", validation: "KIA1107" };

tries(kialiTour, {
  furnish: ({ near }) =>
    near.put({ apiVersion: "v1", kind: "Service", metadata: { name: "kiali", namespace: "observability" } }),
  before: { call: () => 503 },
  solved: { call: () => 200 },
  wrong: [
    {
      title: "with the service that nobody reaches",
      steps: ({ near }) => apply(near.name, answers(space, { ...right, failing: "stock" })),
      says: /^"failing" in the ConfigMap/,
    },
    {
      title: "with another validation",
      steps: ({ near }) => apply(near.name, answers(space, { ...right, validation: "KIA1104" })),
      says: /^"validation" in the ConfigMap/,
    },
    {
      title: "by removing the route",
      steps: ({ near }) =>
        remove(near.name, {
          apiVersion: networkingApi,
          kind: "VirtualService",
          metadata: { name: "stock", namespace: space },
        }),
      says: /^The route to stock is to be mended/,
    },
    { title: "while the route leads to nobody", sight: { call: () => 503 }, says: /^stock still answers with 503/ },
  ],
});

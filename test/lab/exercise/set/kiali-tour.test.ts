import { answers, virtualService } from "../../../../lab/exercise/ground.ts";
import { kialiTour } from "../../../../lab/exercise/set/kiali-tour.ts";
import { apply, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { inTurns, requestOf, routeOf, versionsBehind } from "../mesh.ts";
import { tries } from "../trial.ts";
import type { Caller } from "../world.ts";

const [space = ""] = kialiTour.namespaces;
const right = { failing: "cart", validation: "KIA1107" };

/** 503 where the subset is not there that a route leads to. */
const mesh: Caller = (call, { near }) => {
  const taken = routeOf(near, requestOf(call))!;
  const [to] = inTurns(taken);
  return versionsBehind(to!, taken.namespace, near).length > 0 ? 200 : 503;
};
const route = (destination: { host: string; subset?: string }) =>
  virtualService(space, "stock", { hosts: ["stock"], http: [{ route: [{ destination }] }] });

tries(kialiTour, {
  furnish: ({ near }) =>
    near.put({ apiVersion: "v1", kind: "Service", metadata: { name: "kiali", namespace: "observability" } }),
  before: { call: mesh },
  solved: { call: mesh },
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
      says: /^The route to stock is to be mended, and to lead to stock: not to be removed/,
    },
    {
      title: "while the route leads to nobody",
      steps: ({ near }) => apply(near.name, route({ host: "stock", subset: "v1" })),
      says: /^stock still answers with 503/,
    },
    {
      title: "by leading to another service",
      steps: ({ near }) => apply(near.name, route({ host: "cart" })),
      says: /^The route to stock is to be mended, and to lead to stock/,
    },
  ],
});

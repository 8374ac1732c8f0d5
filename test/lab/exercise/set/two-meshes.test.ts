import { answers } from "../../../../lab/exercise/ground.ts";
import { twoMeshes } from "../../../../lab/exercise/set/two-meshes.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { pathBehind, requestOf, routeOf } from "../mesh.ts";
import { edit, tries } from "../trial.ts";
import type { Sight } from "../world.ts";

const [space = ""] = twoMeshes.namespaces;
const caller = `spiffe://web.example/ns/${space}/sa/curl`;
const callee = "spiffe://store.example/ns/helloworld/sa/helloworld";

const sight: Sight = {
  call: (call, { far }) => {
    const request = requestOf(call);
    const taken = routeOf(far, request);
    return taken !== undefined && pathBehind(taken, request) === "/hello" ? 200 : 404;
  },
  certificate: ({ cluster }, { far }) => (cluster === far.name ? { identity: caller, serial: "1" } : undefined),
};

const route = reference(networkingApi, "VirtualService", "rewritten", space);

tries(twoMeshes, {
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "where both are taken to be of one trust domain",
      steps: ({ far }) => apply(far.name, answers(space, { caller, callee: callee.replace("store", "web") })),
      says: /^"callee" in the ConfigMap/,
    },
    {
      title: "with somebody else as the caller",
      steps: ({ far }) => apply(far.name, answers(space, { caller: callee, callee })),
      says: /^"caller" in the ConfigMap/,
    },
    {
      title: "without a route of the guest's",
      steps: ({ far }) => remove(far.name, route),
      says: /greeting is answered with 404/,
    },
    {
      title: "where the route has lost all else",
      steps: ({ far }) => {
        const { http } = far.objectOf(route)?.["spec"] as { http: object[] };
        return [edit(far, route, { spec: { http: http.slice(0, 1) } })];
      },
      says: /\/hello is answered with 404, and was with 200/,
    },
  ],
});

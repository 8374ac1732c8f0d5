import { answers } from "../../../../lab/exercise/ground.ts";
import { twoMeshes } from "../../../../lab/exercise/set/two-meshes.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { tries } from "../trial.ts";
import type { Sight } from "../world.ts";

const [space = ""] = twoMeshes.namespaces;
const caller = `spiffe://web.example/ns/${space}/sa/curl`;
const callee = "spiffe://store.example/ns/helloworld/sa/helloworld";

const sight: Sight = {
  call: ({ url }, { far }) =>
    url.endsWith("/hello") || far.objects.has(`VirtualService ${space}/rewritten`) ? 200 : 404,
  certificate: ({ cluster }, { far }) => (cluster === far.name ? { identity: caller, serial: "1" } : undefined),
};

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
      steps: ({ far }) => remove(far.name, reference(networkingApi, "VirtualService", "rewritten", space)),
      says: /greeting is answered with 404/,
    },
    {
      title: "where the route has lost all else",
      sight: { call: ({ url }) => (url.endsWith("/hello") ? 404 : 200) },
      says: /\/hello is answered with 404, and was with 200/,
    },
  ],
});

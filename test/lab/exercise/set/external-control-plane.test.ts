import { answers } from "../../../../lab/exercise/ground.ts";
import { externalControlPlane } from "../../../../lab/exercise/set/external-control-plane.ts";
import { apply } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import { hello, servedBy, type Sight } from "../world.ts";

const [space = ""] = externalControlPlane.namespaces;
const address = "istiod.example:15012";
const right = { istiod: "external", address };

const sight: Sight = {
  call: ({ times }, { near }) =>
    hello(times, ...(near.objects.has(`VirtualService ${space}/helloworld`) ? ["v2"] : ["v1", "v2"])),
  connected: ({ near }) => servedBy("external", "istiod-0", near.name, `curl-1.${space}`),
};

tries(externalControlPlane, {
  furnish: ({ near, stage }) =>
    near.put({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "istio", namespace: stage.near.istioNamespace },
      data: { mesh: `defaultConfig:\n  discoveryAddress: ${address}\n  meshId: mesh\n` },
    }),
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "where one takes the cluster for its own control plane",
      steps: ({ near }) => apply(near.name, answers(space, { ...right, istiod: near.name })),
      says: /^"istiod" in the ConfigMap/,
    },
    {
      title: "with the address that most meshes have",
      steps: ({ near }) => apply(near.name, answers(space, { ...right, address: "istiod.istio-system.svc:15012" })),
      says: /^"address" in the ConfigMap/,
    },
    {
      title: "where v1 still answers",
      sight: { call: ({ times }) => hello(times, "v1") },
      says: /^curl is to be answered by v2 alone; answered: v1\./,
    },
  ],
});

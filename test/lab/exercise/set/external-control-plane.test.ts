import { answers, virtualService } from "../../../../lab/exercise/ground.ts";
import { toSecond } from "../../../../lab/exercise/routes.ts";
import { externalControlPlane } from "../../../../lab/exercise/set/external-control-plane.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { asHelloworld } from "../mesh.ts";
import { tries } from "../trial.ts";
import { hello, servedBy, type Sight } from "../world.ts";

const [space = ""] = externalControlPlane.namespaces;
const address = "istiod.example:15012";
const right = { istiod: "external", address };
const [rule, route] = toSecond(space).map(({ apiVersion, kind, metadata }) =>
  reference(apiVersion, kind, metadata.name, space),
) as [ReturnType<typeof reference>, ReturnType<typeof reference>];

const sight: Sight = {
  call: (call, { near }) => asHelloworld(call, near),
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
      title: "with subsets that no route leads to",
      steps: ({ near }) => remove(near.name, route),
      says: /^curl is to be answered by v2 alone; answered: v1 and v2\./,
    },
    {
      title: "with a route to a subset that nothing names",
      steps: ({ near }) => remove(near.name, rule),
      says: /^curl is to be answered by v2 alone; answered: 503\./,
    },
    {
      title: "with a route in another namespace, where the short name is another's",
      steps: ({ near }) => [
        ...remove(near.name, route),
        ...apply(
          near.name,
          virtualService("default", "helloworld", {
            hosts: ["helloworld"],
            http: [{ route: [{ destination: { host: "helloworld", subset: "v2" } }] }],
          }),
        ),
      ],
      says: /^curl is to be answered by v2 alone; answered: v1 and v2\..*In which cluster/,
    },
    {
      title: "by taking v1 away instead of leading past it",
      steps: ({ near }) => [
        ...remove(near.name, rule, route),
        ...remove(near.name, reference("apps/v1", "Deployment", "helloworld-v1", space)),
      ],
      says: /^helloworld v1 is to run in config: that nobody else is there is no route\.$/,
    },
  ],
  unexpected: [
    {
      title: "where v1 still answers",
      sight: { call: ({ times }) => hello(times, "v1") },
      says: /^curl is to be answered by v2 alone; answered: v1\./,
    },
  ],
});

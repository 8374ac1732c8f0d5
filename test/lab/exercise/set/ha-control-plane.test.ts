import { answers } from "../../../../lab/exercise/ground.ts";
import { type KubernetesObject, networkingApi } from "../../../../istio/object.ts";
import { rewritten } from "../../../../lab/exercise/routes.ts";
import { haControlPlane } from "../../../../lab/exercise/set/ha-control-plane.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { asHelloworld } from "../mesh.ts";
import { tries } from "../trial.ts";
import { type PodCluster, servedBy, type Sight, type World } from "../world.ts";

const [space = ""] = haControlPlane.namespaces;

const helloworld = { host: `helloworld.${space}.svc.cluster.local`, port: 5000 };
const istioSystem = "istio-system";
const family = "istiod-7d9c6b5f";

/** As a ReplicaSet names them. */
function renameIstiods(near: PodCluster): void {
  for (const pod of [...near.objects.values()].filter(({ metadata }) => metadata.labels?.["app"] === "istiod")) {
    if (pod["kind"] !== "Pod") continue;
    near.objects.delete(`Pod ${istioSystem}/${pod.metadata.name}`);
    const { namespace, labels, name } = pod.metadata;
    near.put({ ...pod, metadata: { namespace, labels, name: name.replace("istiod", family) } } as KubernetesObject);
  }
}

/** The first istiod that is there serves. */
const serves = (world: World) => {
  const there = [...world.near.objects.values()].filter(
    ({ kind, metadata }) => kind === "Pod" && metadata.labels?.["app"] === "istiod",
  );
  return servedBy(world.near.name, there[0]?.metadata.name ?? "", world.near.name, `curl-1.${space}`);
};
const sight: Sight = {
  call: (call, { near }) => asHelloworld(call, near),
  connected: serves,
};

tries(haControlPlane, {
  furnish: ({ near }) => {
    const selector = { matchLabels: { app: "istiod" } };
    const metadata = { name: "istiod", namespace: istioSystem };
    near.put({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: { selector } });
    near.put({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { selector } });
    renameIstiods(near);
  },
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "with a pod that never was",
      steps: ({ near }) => apply(near.name, answers(space, { before: "istiod-gone", budget: "istiod" })),
      says: /^"before" in the ConfigMap "answers" is not right/,
    },
    {
      title: "where no istiod was deleted",
      instead: true,
      steps: ({ near }) =>
        apply(
          near.name,
          answers(space, { before: `${family}-0`, budget: "istiod" }),
          rewritten(space, helloworld, "/pushed", "/hello"),
        ),
      says: /^"before" in the ConfigMap.*\nEvery istiod is older than this exercise.*\ncurl's proxy is not connected/,
    },
    {
      title: "without a route",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "VirtualService", "rewritten", space)),
      says: /^helloworld answers \/pushed with 404/,
    },
    {
      title: "with a route that rewrites to nothing that is there",
      steps: ({ near }) => apply(near.name, rewritten(space, helloworld, "/pushed", "/")),
      says: /^helloworld answers \/pushed with 404/,
    },
    {
      title: "with fewer istiods than before, of which none is new",
      steps: ({ near }) =>
        remove(
          near.name,
          reference("apps/v1", "Deployment", "istiod", istioSystem),
          reference("v1", "Pod", `${family}-0-again`, istioSystem),
        ),
      says: /^Every istiod is older than this exercise/,
    },
    {
      title: "while both are there",
      steps: ({ near }) => apply(near.name, answers(space, { before: `${family}-1`, budget: "istiod" })),
      says: /^"before" in the ConfigMap "answers" is not right.*that pod is to be gone/,
    },
    {
      title: "with something else than the budget",
      steps: ({ near }) => apply(near.name, answers(space, { before: `${family}-0`, budget: "istio-ingressgateway" })),
      says: /^"budget" in the ConfigMap/,
    },
  ],
  unexpected: [
    {
      title: "while the proxy still waits for the old one",
      sight: { connected: ({ near }) => servedBy(near.name, `${family}-0`, near.name, `curl-1.${space}`) },
      says: /^curl's proxy is not connected to another istiod yet/,
    },
    {
      title: "where nothing is pushed any more",
      sight: { call: () => 404 },
      says: /^helloworld answers \/pushed with 404/,
    },
  ],
});

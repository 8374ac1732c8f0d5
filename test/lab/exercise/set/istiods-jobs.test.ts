import { answers } from "../../../../lab/exercise/ground.ts";
import { istiodsJobs } from "../../../../lab/exercise/set/istiods-jobs.ts";
import { apply, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { asHelloworld } from "../mesh.ts";
import { tries } from "../trial.ts";
import { servedBy, type Sight, upstreamOf } from "../world.ts";

const [space = ""] = istiodsJobs.namespaces;
const identity = `spiffe://cluster.local/ns/${space}/sa/curl`;
const upstream = `outbound|5000||helloworld.${space}.svc.cluster.local`;
const right = { identity, upstream, istiod: "istiod-0" };

const sight: Sight = {
  call: (call, { near }) => asHelloworld(call, near),
  certificate: () => ({ identity, serial: "a1" }),
  upstreams: () => [upstreamOf(upstream, 1)],
  connected: (world) => [
    ...servedBy(world.near.name, "istiod-0", world.near.name, `curl-1.${space}`),
    ...servedBy(world.near.name, "istiod-1", world.near.name, "curl-1.another", `helloworld-v1-1.${space}`),
  ],
};

tries(istiodsJobs, {
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "with the identity of somebody else",
      steps: ({ near }) => apply(near.name, answers(space, { ...right, identity: `${identity}2` })),
      says: /^"identity" in the ConfigMap "answers" is not right/,
    },
    {
      title: "with a subset's name",
      steps: ({ near }) => apply(near.name, answers(space, { ...right, upstream: upstream.replace("||", "|v1|") })),
      says: /^"upstream" in the ConfigMap/,
    },
    {
      title: "with the istiod that serves others",
      steps: ({ near }) => apply(near.name, answers(space, { ...right, istiod: "istiod-1" })),
      says: /^"istiod" in the ConfigMap/,
    },
    {
      title: "before anything was pushed",
      steps: ({ near }) =>
        remove(near.name, {
          apiVersion: networkingApi,
          kind: "VirtualService",
          metadata: { name: "rewritten", namespace: space },
        }),
      says: /^helloworld answers \/pushed with 404/,
    },
  ],
});

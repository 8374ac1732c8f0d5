import { answers } from "../../../../lab/exercise/ground.ts";
import { toSecond } from "../../../../lab/exercise/routes.ts";
import { primaryRemote } from "../../../../lab/exercise/set/primary-remote.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { asHelloworld } from "../mesh.ts";
import { tries } from "../trial.ts";
import { servedBy, type Sight } from "../world.ts";

const [space = ""] = primaryRemote.namespaces;
const [rule, route] = toSecond(space) as [ReturnType<typeof toSecond>[number], ReturnType<typeof toSecond>[number]];

/** The remote's proxies follow the primary. */
const sight: Sight = {
  call: (call, { near, far }) => asHelloworld(call, near, far),
  connected: ({ near, far }) => servedBy(near.name, "istiod-0", far.name, `curl-1.${space}`),
};

tries(primaryRemote, {
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "where one takes the remote's injector for its control plane",
      steps: ({ near, far }) => apply(near.name, answers(space, { istiod: far.name })),
      says: /^"istiod" in the ConfigMap/,
    },
    {
      title: "with a route in the remote too",
      steps: ({ far }) => apply(far.name, rule, route),
      says: /^A VirtualService stands in remote, where nobody reads it/,
    },
    {
      title: "with a route in the remote alone",
      steps: ({ near, far }) => [...remove(near.name, rule, route), ...apply(far.name, rule, route)],
      says: /^curl in remote is to be answered by v2 alone; answered: v1 and v2.*\nA VirtualService stands in remote/,
    },
    {
      title: "with subsets in the remote, where nobody reads them",
      steps: ({ near, far }) => [...remove(near.name, rule), ...apply(far.name, rule)],
      says: /^curl in remote is to be answered by v2 alone; answered: 503\..*Which API server/,
    },
    {
      title: "by taking v1 away instead of leading past it",
      steps: ({ near, far }) => [
        ...remove(near.name, rule, route),
        ...remove(far.name, reference("apps/v1", "Deployment", "helloworld-v1", space)),
      ],
      says: /^helloworld v1 is to run in remote: that nobody else is there is no route\.$/,
    },
  ],
});

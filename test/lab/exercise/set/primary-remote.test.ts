import { answers } from "../../../../lab/exercise/ground.ts";
import { toSecond } from "../../../../lab/exercise/routes.ts";
import { primaryRemote } from "../../../../lab/exercise/set/primary-remote.ts";
import { apply } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import { hello, servedBy, type Sight } from "../world.ts";

const [space = ""] = primaryRemote.namespaces;

/** The remote's proxies follow the primary. */
const sight: Sight = {
  call: ({ times }, { near }) =>
    hello(times, ...(near.objects.has(`VirtualService ${space}/helloworld`) ? ["v2"] : ["v1", "v2"])),
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
      steps: ({ far }) => apply(far.name, ...toSecond(space)),
      says: /^A VirtualService stands in remote, where nobody reads it/,
    },
    {
      title: "where v1 still answers",
      sight: { call: ({ times }) => hello(times, "v1", "v2") },
      says: /^curl in remote is to be answered by v2 alone; answered: v1 and v2/,
    },
  ],
});

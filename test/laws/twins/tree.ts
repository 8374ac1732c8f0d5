import type * as laws from "../../../policy/laws/tree.ts";
import { withInputs } from "../mistakes.ts";
import type { Twins } from "./twin.ts";

export const twins: Twins<typeof laws> = {
  urnsAreUnique: [
    {
      name: "west-network-vpc",
      change: (_, graph) => ({ urn: graph.named("east-network-vpc").urn }),
      about: /east-network-vpc/,
    },
  ],
  everyResourceHasAComponent: [
    { name: "east-network-vpc", change: (_, graph) => ({ parent: graph.stack.urn }) },
    { name: "east-network-igw", change: (_, graph) => ({ parent: graph.named("east-network-vpc").urn }) },
  ],
  namesBeginWithTheParents: [{ name: "east-network-vpc", change: () => ({ name: "vpc" }) }],
  componentsAreClosed: [{ name: "east-network", change: () => ({ outputsRegistered: false }) }],
  noInputIsSpoiled: [
    { name: "east-network-vpc", change: withInputs({ tags: { Name: "undefined-vpc" } }) },
    { name: "east-nodes-role", change: withInputs({ description: "Calling [toString] on an [Output<T>]" }) },
  ],
};

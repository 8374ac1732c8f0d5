import type * as laws from "../../../policy/laws/providers.ts";
import { withInputs } from "../mistakes.ts";
import { group, type Twins } from "./twin.ts";

export const twins: Twins<typeof laws> = {
  everyResourceNamesItsProvider: [
    { name: "east-network-vpc", change: () => ({ provider: undefined }) },
    { ...group, change: () => ({ providers: {} }) },
  ],
  objectsGoToTheirOwnCluster: [
    {
      name: "west-reads-east",
      type: "kubernetes:core/v1:Secret",
      change: (_, graph) => ({ provider: graph.named("east-k8s").urn }),
    },
  ],
  aClusterStaysInItsRegion: [
    {
      ...group,
      change: (_, graph) => ({ providers: { aws: graph.named("lab-us-west-2").urn } }),
      about: /us-east-1, us-west-2/,
    },
  ],
  awsProvidersAreKnownAtPreview: [
    { name: "lab-us-east-1", change: (_, graph) => ({ dependsOn: [graph.named("lab-id").urn] }) },
  ],
  kubernetesProvidersAreSafe: [
    { name: "east-k8s", change: () => ({ secretInputs: [] }) },
    { name: "east-k8s", change: withInputs({ enableSecretMutable: "false" }) },
    { name: "east-k8s", change: withInputs({ deleteUnreachable: "true" }) },
  ],
  everyCallNamesItsProvider: [],
};

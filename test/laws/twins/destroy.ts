import type * as laws from "../../../policy/laws/destroy.ts";
import { withInputs } from "../mistakes.ts";
import { balancers, group, service, without, type Twins } from "./twin.ts";

export const twins: Twins<typeof laws> = {
  whatOwnsInAwsIsDeletedItself: [
    { ...service, change: (_, graph) => ({ options: { deletedWith: graph.named("east", "eks:index:Cluster").urn } }) },
    {
      ...service,
      change: (_, graph) => ({
        type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
        inputs: { spec: { gatewayClassName: "istio-east-west" } },
        options: { deletedWith: graph.named("east", "eks:index:Cluster").urn },
      }),
    },
    { ...balancers, change: () => ({ options: { retainOnDelete: true } }) },
    { name: "east-network-vpc", change: () => ({ options: { retainOnDelete: true } }) },
  ],
  theRestGoesWithItsCluster: [
    { name: "east-istio-istiod", change: () => ({ options: {} }) },
    {
      name: "west-reads-east",
      type: "kubernetes:core/v1:Secret",
      change: (_, graph) => ({ options: { deletedWith: graph.named("east", "eks:index:Cluster").urn } }),
    },
  ],
  loadBalancersGoFirst: [
    { ...service, change: without("east-load-balancers") },
    { ...balancers, change: without("east-load-balancers-identity"), about: /may outlive .*identity/ },
    { name: "east-network-internet", change: without("east-network-igw"), about: /may outlive .*igw/ },
  ],
  nodesGoBeforeTheirRights: [{ ...group, change: without("east-nodes-role-AmazonEKS_CNI_Policy") }],
  releasesAreWaitedFor: [
    { name: "east-ingress", type: "kubernetes:helm.sh/v3:Release", change: withInputs({ timeout: 300 }) },
    { name: "east-istio-istiod", change: withInputs({ skipAwait: true }) },
  ],
  clustersStandAlone: [
    {
      name: "primary-mesh-default",
      stack: "stacks/primary-remote.yaml",
      change: ({ dependsOn }, graph) => ({ dependsOn: [...dependsOn, graph.named("remote-istio-istiod").urn] }),
    },
    {
      name: "east-mesh-default",
      change: ({ dependsOn }, graph) => ({ dependsOn: [...dependsOn, graph.named("west-istio-istiod").urn] }),
    },
    {
      name: "west-import-helloworld.store.example-ServiceEntry",
      stack: "stacks/two-meshes.yaml",
      change: ({ dependsOn }, graph) => ({ dependsOn: [...dependsOn, graph.named("east-istio-istiod").urn] }),
    },
  ],
};

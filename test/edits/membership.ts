/** Edits of who is in the lab: clusters and tenants that come and go. */
import type { ClusterConfig, LabConfig } from "../../topology/schema.ts";
import { type Edit, east, running, third, west } from "./edit.ts";

/** What a cluster has because another one is in its mesh, on another network. */
const betweenTwo = [
  /^(Service|Release) east-east-west$/,
  /^Gateway east-mesh-cross-network-gateway$/,
  /^Secret east-(reader-token|reads-west)$/,
  /^(DestinationRule|VirtualService) east-helloworld-helloworld$/,
  /^EnvoyFilter east-mesh-failover$/,
  /^aws lab-us-west-2$/,
];

const onOneNetwork = (...clusters: readonly ClusterConfig[]): LabConfig => ({
  ...running,
  networkLink: "peering",
  clusters: clusters.map((cluster) => ({ ...cluster, network: "network-1" })),
});
const servedByEast = (...remotes: readonly ClusterConfig[]): LabConfig => ({
  ...running,
  clusters: [east, ...remotes.map((remote) => ({ ...remote, primary: "east" }))],
});

type Tenants = NonNullable<LabConfig["tenants"]>;
const twoTenants: Tenants = [{ name: "blue", callers: ["green"] }, { name: "green" }];
const sharedBy = (tenants: Tenants): LabConfig => ({ ...running, mesh: { ...running.mesh, cni: true }, tenants });
/** Whom red calls, and who may now call it, learn of it; all else of theirs stays. */
const redsCallers = /^(Sidecar|NetworkPolicy) (east|west)-tenant-blue-(default|callees)$/;
const allOfRed = /^\w+ (east|west)-tenant-red(-|$)/;

export const membershipEdits: readonly Edit[] = [
  {
    name: "a region more, as a third cluster, the last by name",
    to: (from) => ({ ...from, clusters: [east, west, third] }),
    created: [/^\S+ zone/, /^aws lab-ap-northeast-1$/, /^Secret (east|west)-reads-zone$/],
    updated: [/^DestinationRule (east|west)-helloworld-helloworld$/],
  },
  {
    // No assignment of two versions heeds just the set of names, gives two clusters different ones, and never moves one:
    // of any three clusters two have the same, and were different when they were two.
    name: "a region more, by name between two others: helloworld's versions go round, and the second one's moves",
    to: (from) => ({ ...from, clusters: [east, west, { ...third, name: "mid" }] }),
    created: [
      /^\S+ mid/,
      /^aws lab-ap-northeast-1$/,
      /^Secret (east|west)-reads-mid$/,
      /^Deployment west-helloworld-helloworld-v1$/,
    ],
    updated: [/^DestinationRule (east|west)-helloworld-helloworld$/],
    deleted: [/^Deployment west-helloworld-helloworld-v2$/],
  },
  {
    name: "a third cluster on one network, whose VPC is joined to both others",
    from: onOneNetwork(east, west),
    to: () => onOneNetwork(east, west, third),
    created: [
      /^\S+ zone/,
      /^aws lab-ap-northeast-1$/,
      /^(NetworkLink|VpcPeeringConnection|VpcPeeringConnectionAccepter) (east|west)-zone-link$/,
      /^Route (east|west)-zone-link-(east|west|zone)-public$/,
      /^SecurityGroupIngressRule (east|west)-from-zone$/,
      /^Secret (east|west)-reads-zone$/,
    ],
    // Clusters: the block that pods keep their addresses towards.
    updated: [/^Cluster (east|west)$/, /^DestinationRule (east|west)-helloworld-helloworld$/],
  },
  {
    name: "a further remote of the same primary",
    from: servedByEast(west),
    to: () => servedByEast(west, third),
    created: [/^\S+ zone/, /^aws lab-ap-northeast-1$/, /^Secret east-reads-zone$/],
    updated: [/^DestinationRule east-helloworld-helloworld$/],
  },
  {
    name: "a cluster less: what is left is one network, whose helloworld has both versions",
    to: (from) => ({ ...from, clusters: [east] }),
    created: [/^Deployment east-helloworld-helloworld-v2$/],
    updated: [/^VirtualService east-helloworld-helloworld-ingress$/],
    deleted: [/^\S+ west/, ...betweenTwo],
    endsWhatLasts: "It was asked for: the cluster goes with its network.",
  },
  {
    name: "a second cluster beside the first, which was alone",
    from: { ...running, clusters: [east] },
    to: (from) => ({ ...from, clusters: [east, west] }),
    created: [/^\S+ west/, ...betweenTwo],
    updated: [/^VirtualService east-helloworld-helloworld-ingress$/],
    deleted: [/^Deployment east-helloworld-helloworld-v2$/],
  },
  {
    name: "a tenant more",
    from: sharedBy(twoTenants),
    to: () => sharedBy([...twoTenants, { name: "red", callers: ["blue"] }]),
    created: [allOfRed],
    updated: [redsCallers],
  },
  {
    name: "a tenant less",
    from: sharedBy([...twoTenants, { name: "red", callers: ["blue"] }]),
    to: () => sharedBy(twoTenants),
    updated: [redsCallers],
    deleted: [allOfRed],
  },
];

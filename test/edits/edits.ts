/**
 * Edits of a stack file after `up`, and all that the next `up` may do. Read a difference before you change a line: what
 * is replaced here is gone for a moment on somebody's running lab.
 */
import type { LabConfig } from "../../topology/schema.ts";
import { type Edit, east, running, west } from "./edit.ts";
import { membershipEdits } from "./membership.ts";

const ingress = { global: "route53", hostedZone: "lab.example", host: "www.lab.example" } as const;

const anyRelease = /^Release (east|west)-(istio-base|istio-istiod|ingress|east-west)$/;
const cacerts = /^Secret (east|west)-istio-cacerts$/;
const intermediates = /^LocallySignedCert (east|west)-istio-cacerts-intermediate$/;
const istiod = /^Release (east|west)-istio-istiod$/;

const gateways = /^Release (east|west)-(ingress|east-west)$/;
const namespaces = /^Namespace (east|west)-(helloworld|curl)$/;

type Mesh = NonNullable<LabConfig["mesh"]>;
const both = { stable: "1.31.0", canary: "1.31.1" };
const named = (revisions: NonNullable<Mesh["revisions"]>, more: Mesh = {}): LabConfig => ({
  ...running,
  mesh: { profile: "demo", mtls: "STRICT", revisions, ...more },
});

const inCluster =
  /^(Namespace|Secret|Release|Service|ServiceAccount|Deployment|Gateway|EnvoyFilter|\w+Authentication|\w+Rule|\w+Service) east-/;

export const edits: readonly Edit[] = [
  { name: "nothing", to: (from) => from },
  {
    name: "more nodes",
    to: (from) => ({ ...from, nodes: { count: 3 } }),
    updated: [/^ManagedNodeGroup (east|west)-nodes$/],
  },
  {
    name: "other instances, which EKS gives to a new group only",
    to: (from) => ({ ...from, nodes: { instanceTypes: ["m7i.large"] } }),
    replaced: [/^ManagedNodeGroup (east|west)-nodes$/],
  },
  {
    name: "larger disks: a new version of the launch template, by which nodes are changed one by one",
    to: (from) => ({ ...from, nodes: { diskSize: 40 } }),
    updated: [/^LaunchTemplate (east|west)-nodes-template$/, /^ManagedNodeGroup (east|west)-nodes$/],
  },
  {
    name: "a third zone in one cluster, into which only a new group spreads",
    to: (from) => ({ ...from, clusters: [{ ...east, zones: 3 }, west] }),
    created: [/^Subnet east-network-public-c$/, /^RouteTableAssociation east-network-public-c$/],
    updated: [/^Cluster east$/],
    replaced: [/^ManagedNodeGroup east-nodes$/],
  },
  {
    name: "private nodes: a new group in subnets of its own, while public subnets and clusters stay",
    to: (from) => ({ ...from, nodes: { private: true } }),
    created: [
      /^(Subnet|RouteTableAssociation) (east|west)-network-private-[ab]$/,
      /^RouteTable (east|west)-network-private$/,
      /^(Eip|NatGateway|Route) (east|west)-network-nat$/,
    ],
    // Tags by which internal load balancers find subnets; and the gateways close to all but NAT addresses.
    updated: [/^Subnet (east|west)-network-public-[ab]$/, /^Service (east|west)-east-west$/],
    replaced: [/^ManagedNodeGroup (east|west)-nodes$/],
  },
  {
    name: "a Kubernetes API for few",
    from: { ...running, nodes: { private: true } },
    to: (from) => ({ ...from, endpoint: { publicAccessCidrs: ["198.18.0.0/24"] } }),
    updated: [/^Cluster (east|west)$/],
  },
  {
    name: "gateways over peering: the load balancers' scheme, for which the controller makes others",
    from: { ...running, nodes: { private: true } },
    to: (from) => ({ ...from, eastWest: { exposure: "peering" } }),
    created: [
      /^(NetworkLink|VpcPeeringConnection|VpcPeeringConnectionAccepter) east-west-link$/,
      /^Route east-west-link-(east|west)-(public|private)$/,
    ],
    updated: [/^Service (east|west)-east-west$/, /^Cluster (east|west)$/],
  },
  {
    name: "more replicas of istiod",
    to: (from) => ({ ...from, controlPlane: { ha: true, replicas: 3 } }),
    updated: [istiod],
  },
  {
    name: "more pods of each gateway",
    to: (from) => ({ ...from, gateways: { replicas: 3 } }),
    updated: [/^Release (east|west)-(ingress|east-west)$/],
  },
  {
    name: "a new version of Istio",
    to: (from) => ({ ...from, mesh: { ...from.mesh, version: "1.31.1" } }),
    updated: [anyRelease],
  },
  {
    name: "control planes with names beside the one without, which workloads keep until they start anew",
    to: (from) => ({ ...from, mesh: { ...from.mesh, revisions: { stable: "1.31.0" } } }),
    created: [
      /^Release (east|west)-istio-istiod-1-31-0$/,
      /^MutatingWebhookConfiguration (east|west)-istio-tag-stable$/,
    ],
    updated: [/^Release (east|west)-istio-base$/, gateways, namespaces],
  },
  {
    name: "the control plane without a name taken away, once nobody needs it",
    from: named({ stable: "1.31.0" }, { version: "1.31.0" }),
    to: () => named({ stable: "1.31.0" }),
    deleted: [istiod],
  },
  {
    name: "a canary, which nobody follows yet, and whose definitions come first",
    from: named({ stable: "1.31.0" }),
    to: () => named(both),
    created: [
      /^Release (east|west)-istio-istiod-1-31-1$/,
      /^MutatingWebhookConfiguration (east|west)-istio-tag-canary$/,
    ],
    updated: [/^Release (east|west)-istio-base$/],
  },
  {
    name: "one namespace moved to the canary",
    from: named(both),
    to: (from) => ({ ...from, samples: ["helloworld", { name: "curl", revision: "canary" }] }),
    updated: [/^Namespace (east|west)-curl$/],
  },
  {
    name: "gateways and all other namespaces moved to the canary",
    from: named(both),
    to: () => named(both, { revision: "canary" }),
    updated: [gateways, namespaces],
  },
  {
    name: "the canary made the stable one: its istiod stays as it is, and the old one goes",
    from: named(both, { revision: "canary" }),
    to: () => named({ stable: "1.31.1" }),
    updated: [
      /^MutatingWebhookConfiguration (east|west)-istio-tag-stable$/,
      /^Release (east|west)-istio-base$/,
      gateways,
      namespaces,
    ],
    deleted: [
      /^Release (east|west)-istio-istiod-1-31-0$/,
      /^MutatingWebhookConfiguration (east|west)-istio-tag-canary$/,
    ],
  },
  {
    name: "a sample more",
    to: (from) => ({ ...from, samples: ["helloworld", "curl", "httpbin"] }),
    created: [/^\w+ (east|west)-httpbin/],
  },
  {
    name: "a sample less",
    to: (from) => ({ ...from, samples: ["curl"] }),
    deleted: [/^\w+ (east|west)-helloworld/],
  },
  {
    name: "another failover policy",
    to: (from) => ({ ...from, failover: { perTryTimeout: "5s", outlierDetection: { interval: "5s" } } }),
    updated: [/^(DestinationRule|VirtualService) (east|west)-helloworld-/],
  },
  {
    name: "mutual TLS for those who can",
    to: (from) => ({ ...from, mesh: { ...from.mesh, mtls: "PERMISSIVE" } }),
    updated: [/^PeerAuthentication (east|west)-mesh-default$/],
  },
  {
    name: "a host outside the mesh",
    to: (from) => ({
      ...from,
      serviceEntries: [
        { name: "outside", hosts: ["example.com"], ports: [{ number: 443, name: "tls", protocol: "TLS" }] },
      ],
    }),
    created: [/^ServiceEntry (east|west)-mesh-outside$/],
  },
  {
    name: "one host over the ingress gateways of all clusters",
    to: (from) => ({ ...from, ingress }),
    created: [
      /^(HealthCheck|Record) lab-global-ingress-(east|west)$/,
      /^VirtualService (east|west)-mesh-global-ingress-health$/,
    ],
  },
  {
    name: "another host over them, which is other records",
    from: { ...running, ingress },
    to: (from) => ({ ...from, ingress: { ...ingress, host: "shop.lab.example" } }),
    replaced: [/^Record lab-global-ingress-(east|west)$/],
  },
  {
    name: "an administrator more",
    to: (from) => ({ ...from, access: { admins: ["arn:aws:iam::111122223333:role/operators"] } }),
    updated: [/^Cluster (east|west)$/],
  },
  {
    name: "tags",
    to: (from) => ({ ...from, tags: { team: "mesh" } }),
    updated: [
      /^(Vpc|InternetGateway|RouteTable|Subnet) (east|west)-network-/,
      /^(Role|Policy|PodIdentityAssociation|Release) (east|west)-load-balancers/,
      /^Role (east|west)-nodes-role$/,
      /^LaunchTemplate (east|west)-nodes-template$/,
      /^ManagedNodeGroup (east|west)-nodes$/,
      /^Addon (east|west)-/,
      /^Cluster (east|west)$/,
    ],
  },
  {
    name: "a new version of Kubernetes: EKS moves the control planes, then the nodes, a few at a time",
    from: { ...running, kubernetes: { version: "1.35" } },
    to: (from) => ({ ...from, kubernetes: { version: "1.36" } }),
    updated: [/^Cluster (east|west)$/, /^ManagedNodeGroup (east|west)-nodes$/],
  },
  {
    name: "a highly available control plane",
    from: { ...running, controlPlane: { ha: false } },
    to: (from) => ({ ...from, controlPlane: { ha: true } }),
    updated: [istiod],
  },
  {
    name: "istio-cni",
    to: (from) => ({ ...from, mesh: { ...from.mesh, cni: true } }),
    created: [/^Release (east|west)-istio-cni$/],
    updated: [istiod],
  },
  {
    name: "another block for a VPC: another VPC, whose subnets a running cluster does not take",
    to: (from) => ({ ...from, clusters: [{ ...east, cidr: "10.99.0.0/16" }, west] }),
    updated: [/^InternetGateway east-network-igw$/, /^Cluster east$/, /^Release east-load-balancers$/],
    replaced: [
      /^Vpc east-network-vpc$/,
      /^(RouteTable|Route|Subnet|RouteTableAssociation) east-network-/,
      /^ManagedNodeGroup east-nodes$/,
    ],
    endsWhatLasts: "AWS gives a VPC its first block for life, and subnets theirs.",
  },
  {
    name: "shorter lives of intermediates: new ones under the same root",
    to: (from) => ({ ...from, ca: { intermediateDays: 30 } }),
    updated: [cacerts],
    replaced: [intermediates],
  },
  {
    name: "another life of the root, which the running one does not heed",
    to: (from) => ({ ...from, ca: { rootDays: 90 } }),
  },
  {
    name: "a second root that is trusted beside the first",
    to: (from) => ({ ...from, ca: { roots: [1, 2] } }),
    created: [/^(PrivateKey|SelfSignedCert) lab-trust-mesh1-2-/],
    updated: [cacerts, istiod],
  },
  {
    name: "the second root signs, and the first is trusted still",
    from: { ...running, ca: { roots: [1, 2] } },
    to: (from) => ({ ...from, ca: { roots: [2, 1] } }),
    updated: [cacerts],
    replaced: [intermediates],
  },
  {
    name: "the second root alone",
    from: { ...running, ca: { roots: [2, 1] } },
    to: (from) => ({ ...from, ca: { roots: [2] } }),
    updated: [cacerts, istiod],
    deleted: [/^(PrivateKey|SelfSignedCert) lab-trust-mesh1-(key|root)$/],
    endsWhatLasts: "The last step of a rotation takes away the root that nobody signs with.",
  },
  {
    name: "another period of the readers' tokens, which begins at another hour",
    to: (from) => ({ ...from, access: { readerTokenHours: 1 } }),
    updated: [/^Secret (east|west)-reads-(east|west)$/],
    replaced: [/^Secret (east|west)-reader-token$/],
  },
  {
    name: "another block for Services, which a cluster keeps for life",
    to: (from) => ({ ...from, clusters: [{ ...east, serviceCidr: "172.21.0.0/16" }, west] }),
    updated: [/^Secret west-reads-east$/],
    replaced: [
      /^Cluster east$/,
      /^ManagedNodeGroup east-nodes$/,
      /^(Addon|PodIdentityAssociation) east-/,
      /^kubernetes east-k8s$/,
      inCluster,
    ],
    endsWhatLasts: "EKS gives a cluster its block for Services for life.",
  },
  {
    name: "another name of the mesh, which is another mesh with another root",
    to: (from) => ({ ...from, mesh: { ...from.mesh, id: "mesh2" } }),
    created: [/^(PrivateKey|SelfSignedCert) lab-trust-mesh2-/],
    updated: [istiod, cacerts],
    replaced: [intermediates],
    deleted: [/^(PrivateKey|SelfSignedCert) lab-trust-mesh1-/],
    endsWhatLasts: "A mesh's root is its own, and the mesh of the old name is gone.",
  },
  ...membershipEdits,
];

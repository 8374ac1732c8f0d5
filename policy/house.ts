/** The laws that every lab's program keeps, as policies. */
import { laws } from "./laws/all.ts";
import type { Policies, Policy } from "./policy.ts";

type Words = Omit<Policy, "law" | "source">;

const destroy = "https://www.pulumi.com/docs/iac/concepts/resources/options/deletedwith/";
const dependsOn = "https://www.pulumi.com/docs/iac/concepts/resources/options/dependson/";
const providers = "https://www.pulumi.com/docs/iac/concepts/resources/providers/";
const names = "https://www.pulumi.com/docs/iac/concepts/resources/names/";
const components = "https://www.pulumi.com/docs/iac/concepts/resources/components/";
const secrets = "https://www.pulumi.com/docs/iac/concepts/secrets/";
const multicluster = "https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-clusters";

const canary = "https://istio.io/latest/docs/setup/upgrade/canary/";
const peering = "https://docs.aws.amazon.com/vpc/latest/peering/what-is-vpc-peering.html";
const failover = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring.html";

const inTestsAlone = true;

const words: Readonly<Record<string, readonly [source: string, words: Words]>> = {
  urnsAreUnique: [names, { what: "No two resources have one URN.", severity: "high", inTestsAlone }],
  everyResourceHasAComponent: [
    components,
    { what: "Every resource stands below a component.", severity: "low", inTestsAlone },
  ],
  namesBeginWithTheParents: [names, { what: "A name begins with its parent's.", severity: "low", inTestsAlone }],
  componentsAreClosed: [components, { what: "Components say when they are complete.", severity: "low", inTestsAlone }],
  noInputIsSpoiled: [
    "https://www.pulumi.com/docs/iac/concepts/inputs-outputs/",
    { what: "No input was made of a value that was not there.", severity: "high" },
  ],
  everyResourceNamesItsProvider: [
    providers,
    { what: "No resource falls to a default provider.", severity: "high", inTestsAlone },
  ],
  objectsGoToTheirOwnCluster: [
    providers,
    { what: "An object goes to the cluster in whose component it stands.", severity: "high", inTestsAlone },
  ],
  aClusterStaysInItsRegion: [providers, { what: "All of a cluster is in one region.", severity: "high", inTestsAlone }],
  awsProvidersAreKnownAtPreview: [
    providers,
    { what: "AWS providers are known before anything exists.", severity: "medium", inTestsAlone },
  ],
  kubernetesProvidersAreSafe: [
    "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
    { what: "Kubernetes providers keep their kubeconfig secret and forget nothing.", severity: "high", inTestsAlone },
  ],
  everyCallNamesItsProvider: [
    "https://www.pulumi.com/docs/iac/concepts/functions/provider-functions/",
    { what: "No look-up falls to a default provider.", severity: "high", inTestsAlone },
  ],
  istioObjectsFollowIstiod: [dependsOn, { what: "Istio's objects come after istiod.", severity: "high" }],
  podsWithProxiesFollowIstiod: [dependsOn, { what: "Pods with proxies come after istiod.", severity: "high" }],
  istiodFollowsItsAuthority: [
    "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
    { what: "istiod starts with the authority that the other clusters trust.", severity: "high" },
  ],
  revisionTagsLeadToAnIstiod: [
    canary,
    { what: "A revision tag leads to a control plane of its cluster, and comes after it.", severity: "high" },
  ],
  podsFollowTheirRevision: [canary, { what: "Who follows a revision tag comes after it.", severity: "high" }],
  remoteSecretsFollowTheirTokens: [
    multicluster,
    { what: "A remote secret waits for the token that it holds.", severity: "high" },
  ],
  objectsFollowNodes: [
    dependsOn,
    { what: "Objects come after their cluster's nodes and add-ons.", severity: "high", inTestsAlone },
  ],
  everyServiceHasPods: [
    "https://www.pulumi.com/registry/packages/kubernetes/api-docs/core/v1/service/",
    { what: "Every Service with a selector selects pods.", severity: "high" },
  ],
  namesLeadToPodsElsewhere: [
    "https://istio.io/latest/docs/ops/configuration/traffic-management/multicluster/",
    { what: "A Service that selects nothing has pods of its name in another cluster.", severity: "high" },
  ],
  servicesFollowTheirPods: [
    "https://www.pulumi.com/registry/packages/kubernetes/api-docs/core/v1/service/",
    { what: "Services come after the pods that they wait for.", severity: "medium", inTestsAlone },
  ],
  whatOwnsInAwsIsDeletedItself: [
    destroy,
    { what: "What owns something in AWS is deleted itself: no `deletedWith`.", severity: "critical", inTestsAlone },
  ],
  theRestGoesWithItsCluster: [
    destroy,
    { what: "Objects that own nothing in AWS go with their cluster.", severity: "medium", inTestsAlone },
  ],
  loadBalancersGoFirst: [
    "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/",
    {
      what: "Load balancers go before their controller, its rights, nodes and routes.",
      severity: "critical",
      inTestsAlone,
    },
  ],
  nodesGoBeforeTheirRights: [
    "https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html",
    { what: "Nodes go before their policies and routes.", severity: "critical", inTestsAlone },
  ],
  releasesAreWaitedFor: [
    "https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/",
    { what: "Charts are waited for, long enough, and leave their evidence.", severity: "high" },
  ],
  clustersStandAlone: [
    dependsOn,
    {
      what: "No cluster waits for another, but for a token or an address, and a remote for its primary.",
      severity: "high",
      // The engine tells no pack which cluster is whose primary.
      inTestsAlone,
    },
  ],
  peeringsAreAccepted: [
    peering,
    { what: "Every VPC peering is accepted in its other region.", severity: "high", inTestsAlone },
  ],
  everyRouteTableKnowsThePeers: [
    "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
    { what: "Every route table of joined VPCs leads to the peer.", severity: "high", inTestsAlone },
  ],
  podsShowTheirAddressesToPeers: [
    "https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html",
    { what: "Pods keep their addresses towards joined VPCs.", severity: "medium", inTestsAlone },
  ],
  linksOutliveNodes: [
    dependsOn,
    { what: "Routes between VPCs outlive the nodes that use them.", severity: "medium", inTestsAlone },
  ],
  oneNetworkAdmitsItsPods: [
    "https://istio.io/latest/docs/ops/deployment/deployment-models/#single-network",
    { what: "Clusters of one network admit each other's pods.", severity: "high", inTestsAlone },
  ],
  privateNodesReachOut: [
    "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    { what: "Private nodes have a way out through NAT, as long as they live.", severity: "high", inTestsAlone },
  ],
  readersReachTheApi: [
    "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    { what: "A closed API lets in every istiod that reads it.", severity: "high", inTestsAlone },
  ],
  internalGatewaysAreReached: [
    "https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-networks",
    { what: "Gateways inside a VPC are reached from every network of their mesh.", severity: "high", inTestsAlone },
  ],
  proxiesFollowTheSecretAboutThem: [
    multicluster,
    {
      what: "Proxies of a remote come after the secret by which their istiod reads it.",
      severity: "high",
      inTestsAlone,
    },
  ],
  remotesFollowTheWayToIstiod: [
    multicluster,
    { what: "A remote comes after the way to its primary's istiod.", severity: "high", inTestsAlone },
  ],
  istioObjectsAreRead: [
    multicluster,
    { what: "Istio's objects lie where an istiod reads them.", severity: "high", inTestsAlone },
  ],
  secretsStaySecret: [secrets, { what: "Keys and tokens are marked secret wherever they go.", severity: "critical" }],
  kubeconfigsStaySecret: [secrets, { what: "Kubeconfigs are secret outputs.", severity: "critical", inTestsAlone }],
  everythingInAwsIsTagged: [
    "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    { what: "All that AWS can tag carries the lab's id and stack.", severity: "high", inTestsAlone },
  ],
  noSecurityGroupIsOpen: [
    "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    { what: "No security group lets the whole internet in.", severity: "critical" },
  ],
  recordsLeadWhereTheirChecksLook: [
    failover,
    { what: "A weighted record leads to what its health check looks at.", severity: "high", inTestsAlone },
  ],
  healthChecksAreAnswered: [
    failover,
    { what: "Every ingress gateway answers what its health check asks for.", severity: "high", inTestsAlone },
  ],
  strangersAreHeldToExports: [
    "https://istio.io/latest/docs/ops/deployment/deployment-models/#trust-between-meshes",
    { what: "Whose root is trusted reaches what is exported to them alone.", severity: "critical", inTestsAlone },
  ],
  gatewaysOpenNothingMoreToStrangers: [
    "https://istio.io/latest/docs/ops/deployment/deployment-models/#cluster-tenancy",
    { what: "A gateway leads to the whole of a cluster only for those that know it.", severity: "high", inTestsAlone },
  ],
  primariesAgree: [
    multicluster,
    // The engine tells no pack which clusters are primaries.
    { what: "What holds for a mesh is in every primary of it.", severity: "high", inTestsAlone },
  ],
};

/** `clustersStandAlone` becomes `clusters-stand-alone`. */
export const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** By the law's name in kebab case. A test holds that no law is left out. */
export const housePolicies: Policies = Object.fromEntries(
  Object.entries(words).flatMap(([name, [source, rest]]) => {
    const law = laws[name];
    return law === undefined ? [] : [[kebab(name), { ...rest, source, law }]];
  }),
);

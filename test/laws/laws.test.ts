import assert from "node:assert/strict";
import { ResourceGraph } from "../../lab/recorder/graph.ts";
import { graphOf } from "../stacks/record.ts";
import { laws } from "../../policy/laws/all.ts";
import { type Change, changed, withInputs } from "./mistakes.ts";

/** A stack with one mistake in it: which resource, how it is wrong, and a word of the objection. */
interface Twin {
  /** Default: `multi`. */
  readonly stack?: string;
  readonly name: string;
  readonly type?: string;
  readonly change: Change;
  /** What the objection names; by default the resource itself. */
  readonly about?: RegExp;
}

const without =
  (...names: readonly string[]): Change =>
  ({ dependsOn }) => ({ dependsOn: dependsOn.filter((urn) => !names.includes(urn.split("::").at(-1) ?? "")) });

const cluster = { name: "east", type: "eks:index:Cluster" };
const service = { name: "east-east-west", type: "kubernetes:core/v1:Service" };
const balancers = { name: "east-load-balancers", type: "kubernetes:helm.sh/v3:Release" };
const group = { name: "east-nodes", type: "eks:index:ManagedNodeGroup" };

const oneNetwork = "stacks/multi-primary-one-network.yaml";
const closed = "stacks/private.yaml";
const accepter = {
  stack: oneNetwork,
  name: "east-west-link",
  type: "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
};

const canary = "stacks/canary.yaml";
const canaryTag = { stack: canary, name: "primary-istio-tag-canary" };
const namespaceType = "kubernetes:core/v1:Namespace";
const labelled = (labels: Readonly<Record<string, string>>) => ({ name: "x", labels });
const globalIngress = "stacks/global-ingress.yaml";
const record = { stack: globalIngress, name: "lab-global-ingress-east", type: "aws:route53/record:Record" };

const twins: Readonly<Record<keyof typeof laws, readonly Twin[]>> = {
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
  istioObjectsFollowIstiod: [
    { name: "east-mesh-default", change: without("east-istio-istiod") },
    {
      name: "east-helloworld-helloworld",
      type: "kubernetes:networking.istio.io/v1:DestinationRule",
      change: without("east-istio-istiod", "east-helloworld"),
    },
  ],
  podsWithProxiesFollowIstiod: [
    {
      name: "config-curl-curl",
      type: "kubernetes:apps/v1:Deployment",
      stack: "stacks/external-control-plane.yaml",
      change: without("external-external-istiod", "config-curl"),
      about: /config-curl-curl does not wait for istiod/,
    },
    { name: "east-east-west", type: "kubernetes:helm.sh/v3:Release", change: without("east-istio-istiod") },
    {
      name: "east-curl-curl",
      type: "kubernetes:apps/v1:Deployment",
      change: without("east-istio-istiod", "east-curl"),
    },
  ],
  proxiesFollowTheSecretAboutThem: [
    {
      name: "remote-curl-curl",
      type: "kubernetes:apps/v1:Deployment",
      stack: "stacks/primary-remote.yaml",
      change: without("primary-reads-remote", "remote-curl"),
    },
    {
      name: "remote-east-west",
      type: "kubernetes:helm.sh/v3:Release",
      stack: "stacks/external-control-plane-two-remotes.yaml",
      change: without("external-reads-remote"),
    },
  ],
  remotesFollowTheWayToIstiod: [
    {
      name: "remote-istio-istiod",
      stack: "stacks/primary-remote.yaml",
      change: without("primary-mesh-istiod"),
      about: /remote-istio-istiod does not wait for primary-mesh-istiod/,
    },
    {
      name: "primary-east-west",
      type: "kubernetes:core/v1:Service",
      stack: "stacks/primary-remote.yaml",
      change: withInputs({ spec: { ports: [{ port: 15443 }] } }),
      about: /remote has no way to the istiod of primary/,
    },
  ],
  istiodFollowsItsAuthority: [
    {
      name: "remote-istio-istiod",
      stack: "stacks/primary-remote.yaml",
      change: without("remote-istio-cacerts"),
    },
    {
      name: "external-external-istiod",
      stack: "stacks/external-control-plane.yaml",
      change: without("external-external-cacerts"),
    },
    { name: "east-istio-istiod", change: without("east-istio-cacerts") },
    { name: "east-istio-istiod", change: without("east-istio-base") },
  ],
  revisionTagsLeadToAnIstiod: [
    {
      ...canaryTag,
      change: withInputs({ metadata: labelled({ "istio.io/tag": "canary", "istio.io/rev": "1-31-0" }) }),
    },
    { ...canaryTag, change: without("primary-istio-istiod-1-31-1") },
    {
      stack: canary,
      name: "primary-istio-istiod-1-31-1",
      change: withInputs({ name: "istiod-1-31-2" }),
      about: /primary-istio-tag-canary leads to no control plane/,
    },
  ],
  podsFollowTheirRevision: [
    { stack: canary, name: "primary-curl", type: namespaceType, change: without("primary-istio-tag-canary") },
    {
      stack: canary,
      name: "primary-helloworld",
      type: namespaceType,
      change: withInputs({ metadata: labelled({ "istio.io/rev": "other" }) }),
    },
    {
      stack: canary,
      name: "primary-ingress",
      type: "kubernetes:helm.sh/v3:Release",
      change: without("primary-istio-tag-stable"),
    },
  ],
  remoteSecretsFollowTheirTokens: [
    {
      name: "external-external-reads-config",
      type: "kubernetes:core/v1:Secret",
      stack: "stacks/external-control-plane.yaml",
      change: without("config-istiod-reader-token"),
    },
    { name: "east-reads-west", type: "kubernetes:core/v1:Secret", change: without("west-reader-token") },
  ],
  objectsFollowNodes: [
    {
      name: "east-istio",
      type: "kubernetes:core/v1:Namespace",
      change: without("east-nodes", "east-coredns", "east-eks-pod-identity-agent"),
    },
  ],
  everyServiceHasPods: [
    { ...service, change: withInputs({ spec: { type: "LoadBalancer", selector: { app: "istio-eastwest" } } }) },
    {
      name: "east-helloworld-helloworld-v1",
      change: withInputs({ spec: { template: { metadata: { labels: { app: "hello" } } } } }),
      about: /east-helloworld-helloworld selects no pods/,
    },
  ],
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
  strangersAreHeldToExports: [
    {
      name: "east-mesh-only-exports-to-web",
      stack: "stacks/two-meshes.yaml",
      change: withInputs({ spec: { action: "ALLOW", rules: [] } }),
      about: /trusts web.example, which no policy/,
    },
    {
      name: "west-istio-istiod",
      stack: "stacks/two-meshes.yaml",
      change: withInputs({ values: { meshConfig: { caCertificates: [{ pem: "PEM" }] } } }),
    },
  ],
  gatewaysOpenNothingMoreToStrangers: [
    {
      name: "blue-mesh-cross-network-gateway",
      stack: "stacks/cluster-tenancy.yaml",
      change: withInputs({ spec: { servers: [{ tls: { mode: "AUTO_PASSTHROUGH" }, hosts: ["*.local"] }] } }),
    },
  ],
  peeringsAreAccepted: [
    { ...accepter, change: withInputs({ autoAccept: false }), about: /east-west-link is not accepted/ },
    {
      ...accepter,
      change: (_, graph) => ({ provider: graph.named("lab-us-east-1").urn }),
      about: /east-west-link is not accepted/,
    },
  ],
  everyRouteTableKnowsThePeers: [
    {
      stack: oneNetwork,
      name: "east-west-link-west-public",
      change: withInputs({ destinationCidrBlock: "10.30.0.0/16" }),
      about: /west-network-public has no route to 10\.10\.0\.0/,
    },
  ],
  podsShowTheirAddressesToPeers: [{ ...cluster, stack: oneNetwork, change: withInputs({ vpcCniOptions: {} }) }],
  linksOutliveNodes: [
    { ...group, stack: oneNetwork, change: without("east-west-link-east-public"), about: /may outlive .*link-east/ },
    { ...group, stack: oneNetwork, change: without("east-west-link-west-public"), about: /may outlive .*link-west/ },
  ],
  oneNetworkAdmitsItsPods: [
    {
      stack: oneNetwork,
      name: "east-from-west",
      change: withInputs({ cidrIpv4: "10.30.0.0/16" }),
      about: /does not admit pods of west/,
    },
    {
      stack: oneNetwork,
      name: "east-from-west",
      change: withInputs({ ipProtocol: "tcp", fromPort: 443, toPort: 443 }),
      about: /does not admit pods of west/,
    },
  ],
  recordsLeadWhereTheirChecksLook: [
    {
      ...record,
      change: ({ propertyDeps }, graph) => ({
        propertyDeps: {
          ...propertyDeps,
          healthCheckId: [graph.named("lab-global-ingress-west", "aws:route53/healthCheck:HealthCheck").urn],
        },
      }),
    },
    { ...record, change: ({ propertyDeps }) => ({ propertyDeps: { ...propertyDeps, healthCheckId: [] } }) },
  ],
  healthChecksAreAnswered: [
    {
      stack: globalIngress,
      name: "west-mesh-global-ingress-health",
      change: withInputs({
        spec: { http: [{ match: [{ uri: { exact: "/healthz" } }], directResponse: { status: 200 } }] },
      }),
      about: /lab-global-ingress-west asks for a path/,
    },
    {
      stack: globalIngress,
      name: "lab-global-ingress-east",
      type: "aws:route53/healthCheck:HealthCheck",
      change: withInputs({ port: 8080 }),
    },
  ],
  privateNodesReachOut: [
    {
      stack: closed,
      name: "east-network-nat",
      type: "aws:ec2/route:Route",
      change: () => ({ propertyDeps: {} }),
      about: /no lasting way out of east-network-private-a/,
    },
  ],
  readersReachTheApi: [
    { ...cluster, stack: closed, change: () => ({ propertyDeps: {} }) },
    { ...cluster, stack: closed, change: withInputs({ endpointPublicAccess: false }) },
  ],
  internalGatewaysAreReached: [
    { ...service, stack: closed, change: withInputs({ spec: { loadBalancerSourceRanges: ["10.30.0.0/16"] } }) },
    {
      stack: closed,
      name: "east-west-link",
      type: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
      change: () => ({ propertyDeps: {} }),
      about: /east-east-west is not reached from west/,
    },
  ],
  secretsStaySecret: [
    { name: "east-istio-cacerts", type: "kubernetes:core/v1:Secret", change: () => ({ secretInputs: [] }) },
    { name: "east-reads-west", type: "kubernetes:core/v1:Secret", change: () => ({ secretInputs: [] }) },
    {
      name: "east-istio-istiod",
      change: (_, graph) => ({ propertyDeps: { values: [graph.named("lab-trust-mesh1-key").urn] } }),
    },
  ],
  kubeconfigsStaySecret: [
    { name: "istio-lab-test", change: () => ({ secretOutputs: [] }) },
    { name: "east", type: "istio-lab:eks:Cluster", change: () => ({ secretOutputs: [] }) },
  ],
  everythingInAwsIsTagged: [
    { name: "east-network-vpc", change: withInputs({ tags: { "istio-lab/stack": "test" } }) },
    { ...cluster, change: withInputs({ tags: {} }) },
    { ...balancers, change: withInputs({ values: {} }) },
    {
      stack: globalIngress,
      name: "lab-global-ingress-east",
      type: "aws:route53/healthCheck:HealthCheck",
      change: withInputs({ tags: {} }),
    },
  ],
  noSecurityGroupIsOpen: [
    {
      name: "east-network-igw",
      change: () => ({
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        inputs: { cidrIpv4: "0.0.0.0/0" },
      }),
    },
  ],
  istioObjectsAreRead: [
    {
      name: "remote-curl-curl",
      type: "kubernetes:apps/v1:Deployment",
      stack: "stacks/primary-remote.yaml",
      change: () => ({ type: "kubernetes:networking.istio.io/v1:VirtualService" }),
    },
    {
      name: "external-mesh-istiod",
      stack: "stacks/external-control-plane.yaml",
      change: withInputs({ metadata: { name: "default" } }),
    },
  ],
  primariesAgree: [
    {
      name: "west-helloworld-helloworld",
      type: "kubernetes:networking.istio.io/v1:DestinationRule",
      change: () => ({ type: "kubernetes:core/v1:ConfigMap" }),
      about: /west lacks .*helloworld/,
    },
    {
      name: "west-mesh-default",
      change: withInputs({ spec: { mtls: { mode: "PERMISSIVE" } } }),
      about: /PeerAuthentication/,
    },
  ],
};

describe("the laws of the resource graph", () => {
  it("each have a case that they must catch", () => {
    assert.deepEqual(Object.keys(twins).sort(), Object.keys(laws).sort());
  });

  for (const [name, cases] of Object.entries(twins)) {
    for (const twin of cases) {
      it(`${name} objects to a mistake in ${twin.name}`, async () => {
        const sound = await graphOf(twin.stack ?? "multi");
        const { graph, node: wrong } = changed(sound, sound.named(twin.name, twin.type), twin.change);
        const objections = laws[name]?.(graph) ?? [];
        assert.deepEqual(laws[name]?.(sound), []);
        assert.ok(
          objections.some((objection) => (twin.about ? twin.about.test(objection) : objection.includes(wrong.urn))),
          `It says: ${objections.join(" ") || "nothing"}`,
        );
      });
    }
  }

  it("everyCallNamesItsProvider objects to a call to the default provider", () => {
    const call = { token: "aws:index/getRegion:getRegion", inputs: {}, provider: undefined };
    assert.deepEqual(laws["everyCallNamesItsProvider"]?.(new ResourceGraph([], [call])), [
      `${call.token} names no provider.`,
    ]);
  });
});

import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { clusterOf, field, isAws, isConfigured, isIstioObject, istiodsOf, type Law, meshClusterType } from "./law.ts";

/** Resources whose outputs are secret. */
const keepsSecrets = ({ type, inputs }: ResourceNode): boolean =>
  type === "tls:index/privateKey:PrivateKey" ||
  (type === "kubernetes:core/v1:Secret" && inputs["type"] === "kubernetes.io/service-account-token");

const isSecretPath = (node: ResourceNode, property: string): boolean =>
  node.secretInputs.some((path) => path === property || path.startsWith(`${property}.`));

/** Wherever a key or a token flows, it is marked secret, so that neither state nor preview shows it. */
export const secretsStaySecret: Law = (graph) =>
  graph.nodes.flatMap((node) => [
    ...Object.entries(node.propertyDeps)
      .filter(([, urns]) => urns.some((urn) => keepsSecrets(graph.get(urn))))
      .filter(([property]) => !isSecretPath(node, property))
      .map(([property]) => `${node.urn} takes a key or token into ${property}, which is not secret.`),
    ...(node.type === "kubernetes:core/v1:Secret"
      ? ["data", "stringData"]
          .filter((property) => node.inputs[property] !== undefined && !isSecretPath(node, property))
          .map((property) => `${node.urn} shows its ${property}.`)
      : []),
  ]);

/** A kubeconfig is a way in. */
export const kubeconfigsStaySecret: Law = (graph) =>
  graph.nodes.flatMap((node) =>
    ["kubeconfig", "kubeconfigs"]
      .filter((output) => node.outputs[output] !== undefined)
      .filter((output) => !node.secretOutputs.some((path) => path === output || path.startsWith(`${output}.`)))
      .map((output) => `${node.urn} shows its output ${output}.`),
  );

const untaggable = new Set([
  "aws:ec2/route:Route",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:route53/record:Record",
]);

/** What carries no lab's id is not found by the audit when destroy failed; without a stack nobody knows whose it is. */
export const everythingInAwsIsTagged: Law = (graph) =>
  graph.nodes
    .filter((node) => (isAws(node) && !untaggable.has(node.type)) || isController(node))
    .filter((node) => ["istio-lab/id", "istio-lab/stack"].some((tag) => field(tagsOf(node), tag) === undefined))
    .map(({ urn }) => `${urn} does not carry the lab's tags.`);

const isController = ({ inputs }: ResourceNode): boolean => inputs["name"] === "aws-load-balancer-controller";
const tagsOf = (node: ResourceNode): unknown =>
  isController(node) ? field(node.inputs, "values", "defaultTags") : node.inputs["tags"];

/** No security group opens anything to the world by the side of the load balancers' own. */
export const noSecurityGroupIsOpen: Law = (graph) =>
  graph.nodes
    .filter(({ type }) => /^aws:(ec2|vpc)\/.*[sS]ecurityGroup/.test(type))
    .filter(({ inputs }) => /"(0\.0\.0\.0|::)\/0"/.test(JSON.stringify(inputs["ingress"] ?? inputs)))
    .map(({ urn }) => `${urn} lets the whole internet in.`);

const meshWide = /:(PeerAuthentication|AuthorizationPolicy|ServiceEntry|DestinationRule)$/;

/** What no istiod reads only seems to hold: a remote has no such objects, an external control plane only the way to it. */
export const istioObjectsAreRead: Law = (graph) =>
  graph.nodes
    .filter(isIstioObject)
    .filter((node) => {
      const cluster = clusterOf(graph, node);
      const leadsToIstiod = /^istiod/.test(String(field(node.inputs, "metadata", "name")));
      const roles = (cluster?.outputs["roles"] ?? []) as readonly string[];
      return (
        cluster !== undefined && !isConfigured(cluster) && !(roles.includes("external-control-plane") && leadsToIstiod)
      );
    })
    .map(({ urn }) => `${urn} lies where no istiod reads it.`);

/** Each istiod reads one cluster only: what holds for the mesh must be in every primary of it. */
export const primariesAgree: Law = (graph) => {
  const configured = graph.byType(meshClusterType).filter(isConfigured);
  const meshes = Map.groupBy(configured, (cluster) => meshIdOf(graph, cluster));
  return [...meshes.values()].flatMap((clusters) => differences(graph, clusters));
};

function meshIdOf(graph: ResourceGraph, cluster: ResourceNode): unknown {
  return field(istiodsOf(graph, cluster)[0]?.inputs, "values", "global", "meshID");
}

function differences(graph: ResourceGraph, clusters: readonly ResourceNode[]): string[] {
  const held = clusters.map((cluster) => ({
    cluster: cluster.name,
    objects: new Map(
      graph
        .subtreeOf(cluster)
        .filter(isMeshWide)
        .map((node) => [identity(node), node] as const),
    ),
  }));
  const all = new Map(held.flatMap(({ objects }) => [...objects]));
  return [...all].flatMap(([key, node]) =>
    held
      .filter(({ cluster }) => concerns(graph, cluster, node))
      .filter(({ objects }) => JSON.stringify(objects.get(key)?.inputs) !== JSON.stringify(node.inputs))
      .map(({ cluster }) => `${cluster} lacks ${key}, or has another one than ${clusterOf(graph, node)?.name ?? ""}.`),
  );
}

/** Not what is a tenant's, or told to tenants alone, where none of them lives. */
function concerns(graph: ResourceGraph, cluster: string, { inputs }: ResourceNode): boolean {
  const exportTo = (field(inputs, "spec", "exportTo") ?? []) as string[];
  const tenants = tenantNamespaces(graph);
  const isElsewhere = (name: unknown): boolean =>
    tenants.some(({ namespace }) => namespace === name) &&
    !tenants.some((tenant) => tenant.namespace === name && tenant.cluster === cluster);
  return (
    !isElsewhere(field(inputs, "metadata", "namespace")) && (exportTo.length === 0 || !exportTo.every(isElsewhere))
  );
}

function tenantNamespaces(graph: ResourceGraph): { cluster: string; namespace: unknown }[] {
  return graph
    .byType("kubernetes:core/v1:Namespace")
    .filter((node) => graph.find(node.parent ?? "")?.type === "istio-lab:workload:Tenant")
    .map((node) => ({
      cluster: clusterOf(graph, node)?.name ?? "",
      namespace: field(node.inputs, "metadata", "name"),
    }));
}

const isMeshWide = (node: ResourceNode): boolean => isIstioObject(node) && meshWide.test(node.type);
const identity = ({ type, inputs }: ResourceNode): string =>
  `${type} ${String(field(inputs, "metadata", "namespace"))}/${String(field(inputs, "metadata", "name"))}`;

/**
 * What EKS was asked for, in one shape. The recorder sees the component and its inputs; the engine sees the cluster and
 * the node group that the component's plugin made of them.
 */
import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { text } from "./values.ts";
import { field } from "./law.ts";

export interface EksCluster {
  readonly urn: string;
  readonly authenticationMode: unknown;
  readonly logTypes: readonly string[];
  /** The customer's own key that wraps the cluster's Secrets; undefined where AWS's own does. */
  readonly secretsKey: unknown;
  readonly supportType: unknown;
  /** Blocks from which the API server may be reached from outside the VPC. */
  readonly openTo: readonly string[];
}

const componentType = "eks:index:Cluster";
const groupComponentType = "eks:index:ManagedNodeGroup";

export function eksClusters(graph: ResourceGraph): readonly EksCluster[] {
  return [
    ...withoutChildren(graph, componentType, "aws:eks/cluster:Cluster").map(({ urn, inputs }) => ({
      urn,
      authenticationMode: inputs["authenticationMode"],
      logTypes: texts(inputs["enabledClusterLogTypes"]),
      secretsKey: inputs["encryptionConfigKeyArn"],
      supportType: field(inputs, "upgradePolicy", "supportType"),
      openTo: openTo(inputs["endpointPublicAccess"], inputs["publicAccessCidrs"]),
    })),
    ...graph.byType("aws:eks/cluster:Cluster").map(({ urn, inputs }) => ({
      urn,
      authenticationMode: field(inputs, "accessConfig", "authenticationMode"),
      logTypes: texts(inputs["enabledClusterLogTypes"]),
      secretsKey: field(inputs, "encryptionConfig", "provider", "keyArn"),
      supportType: field(inputs, "upgradePolicy", "supportType"),
      openTo: openTo(
        field(inputs, "vpcConfig", "endpointPublicAccess"),
        field(inputs, "vpcConfig", "publicAccessCidrs"),
      ),
    })),
  ];
}

/** Node groups; the component hands its inputs on under the same names. */
export function nodeGroups(graph: ResourceGraph): readonly ResourceNode[] {
  const made = graph.byType("aws:eks/nodeGroup:NodeGroup");
  return [...withoutChildren(graph, groupComponentType, "aws:eks/nodeGroup:NodeGroup"), ...made];
}

/** Where it is said whether a cluster's VPC CNI enforces NetworkPolicies, and whether it does. */
export function networkPolicies(
  graph: ResourceGraph,
): readonly { readonly node: ResourceNode; readonly enforced: boolean }[] {
  return [
    ...withoutChildren(graph, componentType, "aws:eks/addon:Addon").map((node) => ({
      node,
      enforced: isTrue(field(node.inputs, "vpcCniOptions", "enableNetworkPolicy")),
    })),
    ...graph
      .byType("aws:eks/addon:Addon")
      .filter(({ inputs }) => inputs["addonName"] === "vpc-cni")
      .map((node) => ({
        node,
        enforced: /"enableNetworkPolicy":"?true/.test(text(node.inputs["configurationValues"])),
      })),
  ];
}

/** AWS opens the endpoint, and to everybody, when nothing is said. */
function openTo(isPublic: unknown, cidrs: unknown): readonly string[] {
  if (isPublic === false) return [];
  return cidrs === undefined ? ["0.0.0.0/0"] : texts(cidrs);
}

function withoutChildren(graph: ResourceGraph, component: string, made: string): readonly ResourceNode[] {
  const parents = new Set(graph.byType(made).map(({ parent }) => parent));
  return graph.byType(component).filter(({ urn }) => !parents.has(urn));
}

const isTrue = (value: unknown): boolean => value === true || value === "true";
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

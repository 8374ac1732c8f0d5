/** Which of an account's resources are a lab's. */
import { labIdTag, stackTag } from "../../topology/names.ts";
import { compareText } from "../plan/words.ts";
import { kinds, type Resource } from "./resource.ts";
import { removalOf } from "./removal.ts";

/** By what a lab is known. At least one of the first two is there. */
export interface Identity {
  readonly labId?: string;
  readonly stack?: string;
  /** Names of EKS clusters, where the stack still says them. */
  readonly eksNames: readonly string[];
  /** The lab's names of its clusters; with them the name of an EKS cluster begins. */
  readonly clusters: readonly string[];
}

export interface Leftover extends Resource {
  /** How it was known, such as `tag istio-lab/id`. */
  readonly by: string;
  /** What removes it. */
  readonly command: string;
}

/** Of what the load balancer controller makes (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#resource-tags). */
const controllerTag = "elbv2.k8s.aws/cluster";
/** EKS's own, on node groups, their instances, interfaces and security groups. */
const clusterTags = ["eks:cluster-name", "aws:eks:cluster-name", "cluster.k8s.amazonaws.com/name"];
const ownerPrefix = "kubernetes.io/cluster/";

/** In the order in which they can be removed. */
export function leftoversOf(resources: readonly Resource[], told: Identity): Leftover[] {
  const identity = { ...told, eksNames: [...told.eksNames, ...taggedClusters(resources, told)] };
  const others = othersIn(resources, identity);
  const unclaimed = unclaimedLogGroups(resources, identity);
  const known = resources.map((resource) => {
    const by = knownByTag(resource, identity);
    const theirs = by === undefined && isTheirs(resource, others, identity);
    const sign = by ?? knownByCluster(resource, identity) ?? (unclaimed.has(resource) ? unclaimedBy : undefined);
    return { resource, theirs, by: theirs ? undefined : sign };
  });
  // What AWS makes in a VPC by itself may carry no tag at all.
  const vpcs = new Set(known.flatMap(({ resource, by }) => (by === undefined ? [] : (vpcOf(resource) ?? []))));
  return known
    .flatMap(({ resource, theirs, by }): Leftover[] => {
      const vpc = vpcOf(resource);
      const inVpc = vpc !== undefined && vpcs.has(vpc) && !theirs;
      const how = by ?? (inVpc ? `in VPC ${vpc}` : undefined);
      return how === undefined ? [] : [{ ...resource, by: how, command: removalOf(resource) }];
    })
    .sort(
      (a, b) =>
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || compareText(a.region, b.region) || compareText(a.id, b.id),
    );
}

/** How a log group is known that may be the lab's. */
export const unclaimedBy = "its cluster is gone, and nothing says whose it was";

/**
 * Log groups of clusters that are gone. They carry no tag, so by a lab's id alone nobody can say whose they were; a stack's
 * clusters have names.
 */
function unclaimedLogGroups(resources: readonly Resource[], { stack }: Identity): ReadonlySet<Resource> {
  if (stack !== undefined) return new Set();
  const standing = new Set(resources.flatMap(({ kind, id }) => (kind === "EKS cluster" ? [id] : [])));
  const isGone = (name: string | undefined): boolean =>
    name !== undefined && labsNameIn(name) !== undefined && !standing.has(name);
  return new Set(resources.filter(({ kind, cluster }) => kind === "log group" && isGone(cluster)));
}

/** Names of the EKS clusters that carry the lab's tag: by them what has no tag, such as a log group, is known. */
const taggedClusters = (resources: readonly Resource[], identity: Identity): string[] =>
  resources.flatMap((resource) =>
    resource.kind === "EKS cluster" && knownByTag(resource, identity) !== undefined ? [resource.id] : [],
  );

const vpcOf = ({ kind, id, vpcId }: Resource): string | undefined => (kind === "VPC" ? id : vpcId);

/** What is known to be other labs': what AWS makes for them carries none of their tags. */
interface Others {
  readonly clusters: ReadonlySet<string>;
  readonly vpcs: ReadonlySet<string>;
}

function othersIn(resources: readonly Resource[], identity: Identity): Others {
  const theirs = resources.filter((resource) => isAnothers(resource, identity));
  const ours = resources.filter((resource) => knownByTag(resource, identity) !== undefined).map(vpcOf);
  return {
    clusters: new Set(theirs.flatMap(({ cluster }) => cluster ?? [])),
    vpcs: new Set(theirs.flatMap((resource) => vpcOf(resource) ?? []).filter((vpc) => !ours.includes(vpc))),
  };
}

const isTheirs = (resource: Resource, { clusters, vpcs }: Others, identity: Identity): boolean =>
  isAnothers(resource, identity) ||
  vpcs.has(vpcOf(resource) ?? "") ||
  clustersOf(resource).some(({ name }) => clusters.has(name));

/** Another lab of the same account may have clusters of the same names. */
function isAnothers({ tags }: Resource, { labId, stack }: Identity): boolean {
  const [id, name] = [tags[labIdTag], tags[stackTag]];
  if (labId !== undefined && id !== undefined) return id !== labId;
  return stack !== undefined && name !== undefined && name !== stack;
}

function knownByTag({ tags }: Resource, { labId, stack }: Identity): string | undefined {
  if (labId !== undefined && tags[labIdTag] !== undefined)
    return tags[labIdTag] === labId ? `tag ${labIdTag}` : undefined;
  return stack !== undefined && tags[stackTag] === stack ? `tag ${stackTag}` : undefined;
}

const knownByCluster = (resource: Resource, identity: Identity): string | undefined =>
  clustersOf(resource).find(({ name }) => isEksName(name, identity))?.by;

/** EKS clusters that a resource says it belongs to, and where it says so. */
function clustersOf({ tags, cluster, kind }: Resource): { readonly name: string; readonly by: string }[] {
  return [
    ...[controllerTag, ...clusterTags].map((key) => ({ name: tags[key], by: `tag ${key}` })),
    ...Object.keys(tags)
      .filter((key) => key.startsWith(ownerPrefix))
      .map((key) => ({ name: key.slice(ownerPrefix.length), by: `tag ${key}` })),
    { name: cluster, by: kind === "EKS cluster" ? "its name" : `cluster ${cluster ?? ""}` },
  ].flatMap(({ name, by }) => (name === undefined ? [] : [{ name, by }]));
}

/** The eks provider names a cluster `<name>-eksCluster-` with what Pulumi adds: seven hexadecimal digits. */
const labsNameIn = (eksName: string): string | undefined => /^(.+)-eksCluster-[0-9a-f]{7}$/.exec(eksName)?.[1];

function isEksName(name: string, { eksNames, clusters }: Identity): boolean {
  const of = labsNameIn(name);
  return eksNames.includes(name) || (of !== undefined && clusters.includes(of));
}

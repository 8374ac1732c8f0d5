import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { routeTableOf, subnetById, subnetsOf } from "../ec2/find.ts";
import type { SubnetState } from "../ec2/kinds.ts";
import { freeAddresses } from "../ec2/network-interface.ts";
import { routesOf } from "../ec2/routes.ts";
import type { Resource } from "../resource.ts";

/** The controller considers subnets with at least eight free addresses. */
const MINIMAL_FREE_ADDRESSES = 8;

export interface Discovery {
  region: string;
  vpcId: string;
  cluster: string;
  scheme: "internet-facing" | "internal";
  /** Subnets named by the Service; absent: look for them. */
  subnetIds?: string[];
}

/**
 * One subnet per zone, as the controller chooses them: those with the role tag of the scheme, or, when no subnet has
 * it, those that do (internet-facing) or do not (internal) lead to an internet gateway; without those tagged for other
 * clusters only and those that are nearly full; this cluster's own tag first, then the lowest id.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/
 */
export function discoverSubnets(cloud: Cloud, wanted: Discovery): Resource<SubnetState>[] {
  if (wanted.subnetIds) return namedSubnets(cloud, wanted, wanted.subnetIds);
  const candidates = candidatesOf(cloud, wanted);
  const own = candidates.filter((subnet) => isForCluster(subnet, wanted.cluster));
  const roomy = own.filter((subnet) => freeAddresses(cloud, subnet) >= MINIMAL_FREE_ADDRESSES);
  const chosen = onePerZone(roomy, wanted.cluster);
  if (chosen.length === 0) {
    throw new AwsError(
      "FailedBuildModel",
      `couldn't auto-discover subnets: unable to resolve at least one subnet. Evaluated ${candidates.length} subnets: ${candidates.length - own.length} are tagged for other clusters, and ${own.length - roomy.length} have insufficient available IP addresses`,
    );
  }
  return chosen;
}

function namedSubnets(cloud: Cloud, { region, vpcId }: Discovery, ids: string[]): Resource<SubnetState>[] {
  const subnets = ids.map((id) => subnetById(cloud, region, id));
  const wrong = subnets.find(({ state }) => state.vpcId !== vpcId);
  if (wrong) throw new AwsError("FailedBuildModel", `subnet ${wrong.id} is not in the cluster's VPC ${vpcId}`);
  for (const { state } of subnets) {
    const inZone = subnets.filter((other) => other.state.availabilityZone === state.availabilityZone);
    if (inZone.length === 1) continue;
    const list = inZone.map(({ id }) => id).join(" ");
    const message = `multiple subnets in same Availability Zone ${state.availabilityZone}: [${list}]`;
    throw new AwsError("FailedBuildModel", message);
  }
  return subnets;
}

function candidatesOf(cloud: Cloud, { vpcId, scheme }: Discovery): Resource<SubnetState>[] {
  const subnets = subnetsOf(cloud, vpcId);
  const role = scheme === "internet-facing" ? "kubernetes.io/role/elb" : "kubernetes.io/role/internal-elb";
  const tagged = subnets.filter(({ state }) => ["", "1"].includes(state.tagsAll[role] ?? "absent"));
  if (tagged.length > 0) return tagged;
  const isPublic = (subnet: Resource<SubnetState>) =>
    routesOf(cloud, routeTableOf(cloud, subnet)).some(({ target }) => target.kind === "internet-gateway");
  return subnets.filter((subnet) => isPublic(subnet) === (scheme === "internet-facing"));
}

/** Tagged for this cluster, or for none. */
function isForCluster(subnet: Resource<SubnetState>, cluster: string): boolean {
  const tags = Object.keys(subnet.state.tagsAll).filter((tag) => tag.startsWith("kubernetes.io/cluster/"));
  return tags.length === 0 || tags.includes(`kubernetes.io/cluster/${cluster}`);
}

function onePerZone(subnets: Resource<SubnetState>[], cluster: string): Resource<SubnetState>[] {
  const isTagged = ({ state }: Resource<SubnetState>) => `kubernetes.io/cluster/${cluster}` in state.tagsAll;
  const sorted = subnets.toSorted((a, b) => Number(isTagged(b)) - Number(isTagged(a)) || (a.id < b.id ? -1 : 1));
  const byZone = new Map<string, Resource<SubnetState>>();
  for (const subnet of sorted) {
    if (!byZone.has(subnet.state.availabilityZone)) byZone.set(subnet.state.availabilityZone, subnet);
  }
  return [...byZone.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

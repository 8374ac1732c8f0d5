/** Address blocks: which VPC gets which, and how a VPC's block is cut into subnets. Pure arithmetic. */
import { overlapCidr, parseCidr } from "cidr-tools";
import { hash, subnetKey } from "./names.ts";
import type { NetworkPlan, PeerPlan, SubnetPlan } from "./types.ts";

/** EKS's own default for Services; may repeat between clusters, because a Service address never leaves its cluster. */
export const defaultServiceCidr = "172.20.0.0/16";

/**
 * Largest and smallest block of a VPC. AWS allows /16 to /28; below /20 a zone's subnet has fewer than 256 addresses,
 * and every pod takes one (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html).
 */
export const vpcPrefixes = { largest: 16, smallest: 20 } as const;

/** Blocks that EKS takes for Services (https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html). */
export const serviceBlocks: readonly string[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
export const servicePrefixes = { largest: 12, smallest: 24 } as const;

/** A VPC's block is cut into 16: eight for public subnets, eight for private ones. */
const bitsPerSubnet = 4;
/** us-east-1 has six, of which EKS takes five (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html). */
export const maxZones = 5;

/**
 * The block of a cluster that names none: 10.<n>.0.0/16, with n from 11 to 250 made of the cluster's name alone. So
 * neither the order in the stack file nor another cluster can move it, which would replace a VPC. Two names that lead
 * to one block are refused where it matters, with a free block proposed.
 */
export const defaultCidr = (cluster: string): string => `10.${11 + (hash(cluster) % 240)}.0.0/16`;

/** The first 10.<n>.0.0/16 that touches none of the given blocks. */
export function freeCidr(taken: readonly string[]): string | undefined {
  const candidates = Array.from({ length: 240 }, (_, index) => `10.${11 + index}.0.0/16`);
  return candidates.find((candidate) => !taken.some((each) => overlapCidr(each, candidate)));
}

/** The network part of a block: `16` of `10.10.0.0/16`. */
export const prefixOf = (cidr: string): number => Number(parseCidr(cidr).prefix);

/**
 * Subnets of a VPC, one per zone and tier. A subnet's block depends on its zone and tier only, so that a further zone
 * or private nodes never move an existing one.
 */
export function planNetwork(
  cidr: string,
  zones: number,
  tiers: { private: boolean; nat: boolean },
  peers: readonly PeerPlan[] = [],
): NetworkPlan {
  const rows: readonly SubnetPlan["tier"][] = tiers.private ? ["public", "private"] : ["public"];
  const subnets = rows.flatMap((tier) =>
    Array.from({ length: zones }, (_, zone) => ({
      key: subnetKey(tier, zone),
      tier,
      zone,
      cidr: subnetCidr(cidr, tier === "public" ? zone : zone + 2 ** (bitsPerSubnet - 1)),
    })),
  );
  return { cidr, peers, subnets, nat: tiers.nat };
}

function subnetCidr(vpc: string, index: number): string {
  const prefix = prefixOf(vpc) + bitsPerSubnet;
  const start = Number(parseCidr(vpc).start) + index * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

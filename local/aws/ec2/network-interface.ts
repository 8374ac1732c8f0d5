import { cidr, contains, formatCidr, formatIp, overlaps, parseIp, sizeOf } from "../cidr.ts";
import type { Cidr } from "../cidr.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { kind } from "../resource.ts";
import type { Resource } from "../resource.ts";
import type { NetworkInterfaceRecord } from "../snapshot.ts";
import { Eip } from "./kinds.ts";
import type { SubnetState } from "./kinds.ts";

export type NetworkInterfaceState = Omit<NetworkInterfaceRecord, "id" | "region">;

/** Made by AWS for control planes, nodes, load balancers and NAT gateways; none is made by the program itself. */
export const NetworkInterface = kind<NetworkInterfaceState>("aws:ec2/networkInterface:NetworkInterface");

/** A public address that AWS itself uses, such as a cluster's public endpoint; its id is the address. */
export const ServiceAddress = kind<{ purpose: string }>("aws:ec2/serviceAddress:ServiceAddress");

export function addServiceAddress(cloud: Cloud, region: string, purpose: string): string {
  const id = freePublicAddress(cloud);
  cloud.add(ServiceAddress, { id, region, madeBy: "eks", state: { purpose } });
  return id;
}

/** The public addresses of this cloud: the upper half of the benchmark block of RFC 2544, which nobody routes. */
const PUBLIC_ADDRESSES = "198.19.0.0/16";

/** AWS keeps the first four addresses and the last one of every subnet. */
const RESERVED_AT_START = 4;

export interface NewInterface {
  region: string;
  subnet: Resource<SubnetState>;
  kind: NetworkInterfaceState["kind"];
  owner: string;
  securityGroupIds: string[];
  /** Give it a public address of its own. */
  publicIp?: boolean;
  /** Give it a slice of the subnet for pods. */
  pods?: boolean;
  madeBy: NonNullable<Resource["madeBy"]>;
}

/** Attach an interface with the lowest free address. Throws AwsError when the subnet is full. */
export function addInterface(cloud: Cloud, wanted: NewInterface): Resource<NetworkInterfaceState> {
  const { subnet } = wanted;
  const podCidr = wanted.pods ? freeSlice(cloud, subnet) : undefined;
  const privateIp = freeAddress(cloud, subnet);
  if (!privateIp || (wanted.pods && !podCidr)) {
    throw new AwsError(
      "InsufficientFreeAddressesInSubnet",
      `There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`,
    );
  }
  return cloud.add(NetworkInterface, {
    id: cloud.newId("eni"),
    region: wanted.region,
    madeBy: wanted.madeBy,
    state: {
      vpcId: subnet.state.vpcId,
      subnetId: subnet.id,
      zone: subnet.state.availabilityZone,
      kind: wanted.kind,
      owner: wanted.owner,
      privateIp,
      securityGroupIds: [...wanted.securityGroupIds],
      ...(podCidr ? { podCidr } : {}),
      ...(wanted.publicIp ? { publicIp: freePublicAddress(cloud) } : {}),
    },
  });
}

/** How many single addresses a subnet still has. */
export function freeAddresses(cloud: Cloud, subnet: Resource<SubnetState>): number {
  const taken = takenIn(cloud, subnet.id).reduce((sum, block) => sum + sizeOf(block.prefix), 0);
  return sizeOf(cidr(subnet.state.cidrBlock).prefix) - RESERVED_AT_START - 1 - taken;
}

/** The lowest public address that no interface, no Elastic IP and no part of AWS itself has. */
export function freePublicAddress(cloud: Cloud): string {
  const taken = new Set<string>(cloud.all(ServiceAddress).map(({ id }) => id));
  for (const { state } of cloud.all(NetworkInterface)) if (state.publicIp) taken.add(state.publicIp);
  for (const { state } of cloud.all(Eip)) taken.add(state.publicIp);
  const pool = cidr(PUBLIC_ADDRESSES);
  for (let offset = 1; offset < sizeOf(pool.prefix) - 1; offset++) {
    const address = formatIp(pool.base + offset);
    if (!taken.has(address)) return address;
  }
  throw new AwsError("InsufficientAddressCapacity", "The maximum number of addresses has been reached.");
}

export function interfacesIn(cloud: Cloud, subnetId: string): Resource<NetworkInterfaceState>[] {
  return cloud.all(NetworkInterface).filter(({ state }) => state.subnetId === subnetId);
}

function takenIn(cloud: Cloud, subnetId: string): Cidr[] {
  return interfacesIn(cloud, subnetId).flatMap(({ state }) => [
    { base: parseIp(state.privateIp), prefix: 32 },
    ...(state.podCidr ? [cidr(state.podCidr)] : []),
  ]);
}

/** Single addresses come from the bottom of the subnet... */
function freeAddress(cloud: Cloud, subnet: Resource<SubnetState>): string | undefined {
  const block = cidr(subnet.state.cidrBlock);
  const taken = takenIn(cloud, subnet.id);
  for (let offset = RESERVED_AT_START; offset < sizeOf(block.prefix) - 1; offset++) {
    const candidate = { base: block.base + offset, prefix: 32 };
    if (!taken.some((other) => overlaps(other, candidate))) return formatIp(candidate.base);
  }
  return undefined;
}

/** ...and slices for pods, aligned, from its top; a slice holds neither taken nor reserved addresses. */
function freeSlice(cloud: Cloud, subnet: Resource<SubnetState>): string | undefined {
  const block = cidr(subnet.state.cidrBlock);
  const prefix = slicePrefix(block.prefix);
  const end = block.base + sizeOf(block.prefix);
  const reserved = [
    { base: block.base, prefix: 30 },
    { base: end - 1, prefix: 32 },
  ];
  const taken = [...takenIn(cloud, subnet.id), ...reserved];
  for (let base = end - sizeOf(prefix); base >= block.base; base -= sizeOf(prefix)) {
    const candidate = { base, prefix };
    if (contains(block, candidate) && !taken.some((other) => overlaps(other, candidate))) return formatCidr(candidate);
  }
  return undefined;
}

/**
 * A slice has 126 pods' addresses in ordinary subnets (/22 and larger) and less in small ones, so that each still has
 * room for some nodes. The VPC CNI hands out single addresses or /28 prefixes instead; one block per node is the same
 * to whoever routes.
 */
function slicePrefix(subnetPrefix: number): number {
  return Math.min(28, Math.max(25, subnetPrefix + 3));
}

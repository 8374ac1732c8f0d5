import ipaddr from "ipaddr.js";
import { shortHash } from "../names.ts";

/** Whether the IPv4 block holds the address. */
export function contains(cidr: string, address: string): boolean {
  return ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(cidr));
}

/** Whether the first IPv4 block holds the whole second one. */
export function covers(outer: string, inner: string): boolean {
  const [, outerBits] = ipaddr.IPv4.parseCIDR(outer);
  const [address, innerBits] = ipaddr.IPv4.parseCIDR(inner);
  return innerBits >= outerBits && address.match(ipaddr.IPv4.parseCIDR(outer));
}

/** The address that lies `offset` above the block's first one. */
export function addressAt(cidr: string, offset: number): string {
  const base = ipaddr.IPv4.networkAddressFromCIDR(cidr).octets;
  const number = base.reduce((sum, octet) => sum * 256 + octet, 0) + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

const slots = 4000;
/** Router addresses of the links between VPCs and the internet: the upper end of the public range. */
const linkRange = "198.19.240.0/20";

/** A number per VPC, the same in every run unless two ids collide: names its link's address and its resolver's port. */
export function vpcSlots(vpcIds: readonly string[]): Map<string, number> {
  const taken = new Map<string, number>();
  const used = new Set<number>();
  for (const id of [...vpcIds].sort()) {
    let slot = parseInt(shortHash(id), 16) % slots;
    while (used.has(slot)) slot = (slot + 1) % slots;
    used.add(slot);
    taken.set(id, slot);
  }
  return taken;
}

/** The address of a VPC router on its link to the internet; only the resolver ever sees it. */
export function linkAddress(slot: number): string {
  return addressAt(linkRange, slot + 1);
}

export { linkRange };

/** Where the internet's DNS server answers as AmazonProvidedDNS of that VPC. */
export function resolverPort(slot: number): number {
  return 20_000 + slot;
}

import type { LedgerSnapshot, NatGatewayRecord, SubnetRecord, VpcRecord } from "../../aws/runtime.ts";
import { anyOf, chain } from "./plan.ts";
import { publicAddresses, uplink } from "./routing.ts";

/**
 * What network ACLs deny in one VPC: chains that see packets as they are on the wire, one before connections are looked
 * up and addresses translated, the other after that. So they know no connections and cut established ones too, and
 * load balancers, which exist in the router only, are matched like any other owner of an address in a subnet: what they
 * forward, answer and ask passes one of the two chains under their own address.
 *
 * An ACL is evaluated where packets enter or leave its subnet, never within it, and it cannot block questions to the
 * VPC's DNS server and their answers. https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
 *
 * @param resolvers the DNS server's addresses, as a set of nftables
 */
export function networkAclChains(snapshot: LedgerSnapshot, vpc: VpcRecord, resolvers: string): string[] {
  const denied = snapshot.networkAclDenials.flatMap(({ vpcId, subnetIds, blocks }) =>
    vpcId === vpc.id
      ? snapshot.subnets.filter(({ id }) => subnetIds.includes(id)).map((subnet) => ({ subnet, blocks: anyOf(blocks) }))
      : [],
  );
  if (denied.length === 0) return [];
  const dns = (side: "sport" | "dport"): string => `meta l4proto { tcp, udp } th ${side} 53 return`;
  return [
    ...chain(
      "acl_arriving",
      [
        `ip daddr ${resolvers} ${dns("dport")}`,
        ...denied.flatMap(({ subnet, blocks }) => [
          ...acrossBoundary(subnet, blocks),
          ...publicOf(snapshot, subnet).map((own) => `iifname "${uplink}" ip daddr ${own} ip saddr ${blocks} drop`),
        ]),
      ],
      "type filter hook prerouting priority raw; policy accept;",
    ),
    ...chain(
      "acl_departing",
      [
        `ip saddr ${resolvers} ${dns("sport")}`,
        ...denied.flatMap(({ subnet, blocks }) => [
          ...acrossBoundary(subnet, blocks),
          ...publicOf(snapshot, subnet).map((own) => `oifname "${uplink}" ip saddr ${own} ip daddr ${blocks} drop`),
          ...snapshot.natGateways.flatMap((nat) => throughNat(nat, subnet, blocks)),
        ]),
      ],
      "type filter hook postrouting priority srcnat + 10; policy accept;",
    ),
  ];
}

/** Nodes, their pods, load balancers: whoever has a private address in the subnet. */
function acrossBoundary({ cidr }: SubnetRecord, blocks: string): string[] {
  return [
    `ip saddr ${cidr} ip daddr != ${cidr} ip daddr ${blocks} drop`,
    `ip daddr ${cidr} ip saddr != ${cidr} ip saddr ${blocks} drop`,
  ];
}

/**
 * The subnet as the internet sees it, for none or one rule. On AWS the gateway translates before packets get to the
 * subnet, and so to the ACL; here both are in one router, where the addresses on its wire are public ones.
 */
function publicOf(snapshot: LedgerSnapshot, { id, vpcId }: SubnetRecord): string[] {
  const own = publicAddresses(snapshot, vpcId).filter(({ subnetId }) => subnetId === id);
  return own.length > 0 ? [anyOf(own.map(({ publicIp }) => publicIp))] : [];
}

/**
 * Between a NAT gateway and those whom it serves no packet has the gateway's private address here, so the connection
 * has to tell: in which subnet it began, and that its answers come to the gateway.
 */
function throughNat({ subnetId, publicIp }: NatGatewayRecord, { id, cidr }: SubnetRecord, blocks: string): string[] {
  if (subnetId !== id || publicIp === undefined) return [];
  return [`ct reply ip daddr ${publicIp} ct original ip saddr != ${cidr} ct original ip saddr ${blocks} drop`];
}

import type { LedgerSnapshot, NetworkInterfaceRecord, VpcRecord } from "../../aws/runtime.ts";
import { loadBalancerRules } from "../load-balancer/data-path.ts";
import {
  controlPlaneNamespace,
  internetAddresses,
  internetGateway,
  nodeNamespace,
  shortHash,
  vpcGateway,
  vpcNamespace,
} from "../names.ts";
import { linkAddress, resolverPort, vpcSlots } from "./addresses.ts";
import { internetPlan } from "./internet.ts";
import { networkAclChains } from "./network-acls.ts";
import { peerBlocks, peeringLinks, peeringRoutes, peeringRules } from "./peering.ts";
import { anyOf, chain, collection } from "./plan.ts";
import type { LinkPlan, NamespacePlan, NetworkPlan } from "./plan.ts";
import { hasOwnMapping, natMark, routingTable, uplink } from "./routing.ts";
import { securityGroupTable } from "./security-groups.ts";

/**
 * Routers, nodes' and control planes' networks and the internet between them, from the ledger alone. Every interface
 * is a point-to-point link to its VPC's router, so that every packet between two of them passes the router's filters.
 */
export function deriveNetwork(snapshot: LedgerSnapshot): NetworkPlan {
  const slots = vpcSlots(snapshot.vpcs.map(({ id }) => id));
  const plan = internetPlan(snapshot, slots);
  for (const vpc of snapshot.vpcs) {
    plan.namespaces[vpcNamespace(vpc.id)] = routerPlan(snapshot, vpc, slots.get(vpc.id) ?? 0);
    plan.links.push(...attachments(snapshot, vpc).map(({ link }) => link));
  }
  plan.links.push(...peeringLinks(snapshot));
  for (const eni of snapshot.networkInterfaces) addHost(plan, snapshot, eni);
  return plan;
}

interface Attachment {
  eni: NetworkInterfaceRecord;
  link: LinkPlan;
}

/** Interfaces that a namespace stands behind. Those of load balancers and NAT gateways exist in the router only. */
function attachments(snapshot: LedgerSnapshot, vpc: VpcRecord): Attachment[] {
  const links = new Map<string, LinkPlan>();
  return snapshot.networkInterfaces.flatMap((eni) => {
    const namespace = hostNamespace(eni);
    if (eni.vpcId !== vpc.id || namespace === undefined) return [];
    const link = links.get(namespace) ?? {
      left: { namespace: vpcNamespace(vpc.id), interface: `e${shortHash(namespace)}` },
      right: { namespace, interface: "eth0" },
    };
    links.set(namespace, link);
    return [{ eni, link }];
  });
}

function hostNamespace(eni: NetworkInterfaceRecord): string | undefined {
  if (eni.kind === "node") return nodeNamespace({ name: eni.owner, networkInterfaceId: eni.id });
  if (eni.kind === "control-plane") return controlPlaneNamespace({ region: eni.region, name: eni.owner });
  return undefined;
}

function routerPlan(snapshot: LedgerSnapshot, vpc: VpcRecord, slot: number): NamespacePlan {
  const attached = attachments(snapshot, vpc);
  const balancers = snapshot.loadBalancers.filter(({ vpcId }) => vpcId === vpc.id).flatMap(({ zones }) => zones);
  const sides = [...new Set(attached.map(({ link }) => link.left.interface))];
  const peers = peeringRoutes(snapshot, vpc.id);
  return {
    addresses: [
      { interface: uplink, cidr: `${linkAddress(slot)}/32` },
      ...sides.map((side) => ({ interface: side, cidr: `${vpcGateway}/32` })),
      ...balancers.map(({ privateIp }) => ({ interface: "lo", cidr: `${privateIp}/32` })),
      ...peers.addresses,
    ],
    routes: [
      `default via ${internetGateway} dev ${uplink} onlink`,
      `unreachable ${vpc.cidr}`,
      ...peers.routes,
      ...attached.map(({ eni, link }) => `${eni.privateIp} dev ${link.left.interface} scope link`),
      ...attached.flatMap(({ eni, link }) =>
        eni.podCidr === undefined ? [] : [`${eni.podCidr} via ${eni.privateIp} dev ${link.left.interface} onlink`],
      ),
    ],
    table: routerTable(snapshot, vpc, slot),
  };
}

function routerTable(snapshot: LedgerSnapshot, vpc: VpcRecord, slot: number): string[] {
  const nats = snapshot.natGateways.filter(({ vpcId }) => vpcId === vpc.id);
  const mapped = snapshot.networkInterfaces.filter((eni) => eni.vpcId === vpc.id && hasOwnMapping(eni));
  const lb = loadBalancerRules(snapshot, vpc.id);
  const link = linkAddress(slot);
  const resolvers = anyOf([vpc.resolverIp, "169.254.169.253"]);
  const peers = peeringRules(snapshot, vpc.id, resolvers);
  const toResolver = `ip daddr ${resolvers} meta l4proto { tcp, udp } th dport 53`;
  const answered = `ct original ip daddr ${resolvers}`;
  return [
    ...collection(
      "map",
      "inward",
      "ipv4_addr : ipv4_addr",
      mapped.map((eni) => `${eni.publicIp} : ${eni.privateIp}`),
    ),
    ...collection(
      "map",
      "outward",
      "ipv4_addr : ipv4_addr",
      mapped.map((eni) => `${eni.privateIp} : ${eni.publicIp}`),
    ),
    ...securityGroupTable(snapshot, vpc.id),
    ...routingTable(snapshot, vpc.id),
    ...lb.chains,
    ...peers.chains,
    ...networkAclChains(snapshot, vpc, resolvers),
    ...chain(
      "from_internet",
      [
        ...peers.arrival,
        `iifname != "${uplink}" return`,
        `ip saddr ${internetAddresses.resolver} ip daddr ${link} return`,
        "jump enter",
      ],
      "type filter hook prerouting priority mangle; policy accept;",
    ),
    ...chain("admission", lb.admission, "type filter hook prerouting priority dstnat - 5; policy accept;"),
    ...chain(
      "destination",
      [
        ...(vpc.enableDnsSupport ? [`${toResolver} dnat to ${internetAddresses.resolver}:${resolverPort(slot)}`] : []),
        ...lb.translation,
        `iifname "${uplink}" dnat to ip daddr map @inward`,
      ],
      "type nat hook prerouting priority dstnat; policy accept;",
    ),
    ...chain(
      "forwarding",
      [
        `${answered} accept`,
        `iifname "${uplink}" oifname "${uplink}" drop`,
        ...peers.forwarding,
        `oifname "${uplink}" ct direction original jump leave`,
        "ct state established,related accept",
        ...lb.forwarding,
        "ip saddr vmap @egress",
        "ip daddr vmap @ingress",
        "accept",
      ],
      "type filter hook forward priority filter; policy drop;",
    ),
    ...chain(
      "arriving",
      ['iifname "lo" accept', "ct state established,related accept"],
      "type filter hook input priority filter; policy drop;",
    ),
    // What the router itself opens are the load balancers' health checks.
    ...chain(
      "checking",
      ["ct state established,related accept", 'oifname "lo" accept', "ip saddr vmap @egress", "ip daddr vmap @ingress"],
      "type filter hook output priority filter; policy accept;",
    ),
    ...chain(
      "source",
      [
        `${answered} snat to ${link}`,
        ...lb.source,
        ...nats.flatMap((nat) =>
          nat.publicIp ? [`oifname "${uplink}" meta mark ${natMark(nats, nat.id)} snat to ${nat.publicIp}`] : [],
        ),
        `oifname "${uplink}" snat to ip saddr map @outward`,
      ],
      "type nat hook postrouting priority srcnat; policy accept;",
    ),
  ];
}

/** The far side of an interface: a node's or a control plane's own network. */
function addHost(plan: NetworkPlan, snapshot: LedgerSnapshot, eni: NetworkInterfaceRecord): void {
  const namespace = hostNamespace(eni);
  const vpc = snapshot.vpcs.find(({ id }) => id === eni.vpcId);
  if (namespace === undefined || vpc === undefined) return;
  const host = (plan.namespaces[namespace] ??= { addresses: [], routes: [], table: [] });
  host.addresses.push({ interface: "eth0", cidr: `${eni.privateIp}/32` });
  if (eni.kind === "control-plane") {
    // The first interface speaks; the API server's way into the VPC is the VPC, and for its answers the VPC's peers.
    if (host.addresses.filter((address) => address.interface === "eth0").length > 1) return;
    const reached = [vpc.cidr, ...peerBlocks(snapshot, vpc.id)];
    host.routes.push(...reached.map((cidr) => `${cidr} via ${vpcGateway} dev eth0 onlink src ${eni.privateIp}`));
    return;
  }
  host.routes.push(`default via ${vpcGateway} dev eth0 onlink`);
  host.table.push(...podSource(snapshot, eni, vpc));
}

/**
 * The VPC CNI gives packets of pods that leave the VPC the node's address, unless told otherwise.
 * https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html
 */
function podSource(snapshot: LedgerSnapshot, eni: NetworkInterfaceRecord, vpc: VpcRecord): string[] {
  const cluster = snapshot.clusters.find(({ nodeGroups }) =>
    nodeGroups.some(({ nodes }) => nodes.some(({ networkInterfaceId }) => networkInterfaceId === eni.id)),
  );
  if (eni.podCidr === undefined || cluster?.snat.external) return [];
  const kept = [vpc.cidr, ...(cluster?.snat.excludeCidrs ?? [])].map((cidr) => `ip daddr ${cidr} return`);
  return chain(
    "pods",
    [...kept, `oifname "eth0" ip saddr ${eni.podCidr} snat to ${eni.privateIp}`],
    "type nat hook postrouting priority srcnat; policy accept;",
  );
}

import type { ClusterRecord, LedgerSnapshot } from "../../aws/runtime.ts";
import {
  controlPlaneNamespace,
  internetAddresses,
  internetNamespace,
  internetGateway,
  publicRange,
  shortHash,
  vpcNamespace,
  youNamespace,
} from "../names.ts";
import { linkAddress, linkRange } from "./addresses.ts";
import { anyOf, chain } from "./plan.ts";
import type { LinkPlan, NetworkPlan } from "./plan.ts";
import { uplink, vpcPublicAddresses } from "./routing.ts";

/** A control plane's interface to the internet. */
const publicInterface = "pub0";

/** The public internet, the user's machine, and the public side of control planes and VPCs. */
export function internetPlan(snapshot: LedgerSnapshot, slots: Map<string, number>): NetworkPlan {
  const you = link(youNamespace, "eth0");
  const { router, resolver, registry, authenticator } = internetAddresses;
  const services = [router, resolver, registry, authenticator];
  const plan: NetworkPlan = {
    namespaces: {
      [internetNamespace]: {
        addresses: services.map((address) => ({ interface: "lo", cidr: `${address}/32` })),
        routes: [`unreachable default`, toPublic(internetAddresses.you, you)],
        table: internetTable(snapshot),
      },
      [youNamespace]: {
        addresses: [{ interface: "eth0", cidr: `${internetAddresses.you}/32` }],
        routes: [`default via ${internetGateway} dev eth0 onlink`],
        table: [],
      },
    },
    links: [you],
  };
  for (const { id } of snapshot.vpcs) {
    const up = link(vpcNamespace(id), uplink);
    const addresses = [linkAddress(slots.get(id) ?? 0), ...vpcPublicAddresses(snapshot, id)];
    connect(plan, up, addresses);
  }
  for (const cluster of snapshot.clusters) {
    const up = link(controlPlaneNamespace(cluster), publicInterface);
    connect(plan, up, [cluster.publicIp, cluster.egressIp]);
    plan.namespaces[up.right.namespace] = {
      addresses: [cluster.publicIp, cluster.egressIp].map((address) => ({
        interface: publicInterface,
        cidr: `${address}/32`,
      })),
      routes: [`${publicRange} via ${internetGateway} dev ${publicInterface} onlink src ${cluster.egressIp}`],
      table: [],
    };
  }
  for (const { left } of plan.links) {
    plan.namespaces[internetNamespace]?.addresses.push({ interface: left.interface, cidr: `${internetGateway}/32` });
  }
  return plan;
}

function link(namespace: string, name: string): LinkPlan {
  return {
    left: { namespace: internetNamespace, interface: `v${shortHash(namespace)}` },
    right: { namespace, interface: name },
  };
}

/** The first address is the far end's own on that link; the others lie behind it. */
function connect(plan: NetworkPlan, to: LinkPlan, [own = "", ...behind]: string[]): void {
  plan.links.push(to);
  const far = [...new Set(behind)].map(
    (address) => `${address} via ${own} dev ${to.left.interface} onlink src ${internetAddresses.router}`,
  );
  plan.namespaces[internetNamespace]?.routes.push(toPublic(own, to), ...far);
}

function toPublic(address: string, { left }: LinkPlan): string {
  return `${address} dev ${left.interface} scope link src ${internetAddresses.router}`;
}

/** Private addresses do not travel here, and cluster endpoints take only whom they admit. */
function internetTable(snapshot: LedgerSnapshot): string[] {
  const routers = `ip saddr ${linkRange}`;
  return [
    ...snapshot.clusters.flatMap((cluster) => chain(endpointChain(cluster), endpointRules(cluster))),
    ...chain(
      "forwarding",
      [
        `ip saddr != ${publicRange} drop`,
        `ip daddr != ${publicRange} drop`,
        `ip saddr ${linkRange} drop`,
        ...snapshot.clusters.map((cluster) => `ip daddr ${cluster.publicIp} jump ${endpointChain(cluster)}`),
        "ct state established,related accept",
        ...snapshot.clusters.map((cluster) => `ip daddr ${cluster.egressIp} drop`),
      ],
      "type filter hook forward priority filter; policy accept;",
    ),
    // A VPC's private view of DNS answers that VPC's router only.
    ...chain(
      "arriving",
      [
        'iifname "lo" accept',
        "ct state established,related accept",
        `ip saddr != ${publicRange} drop`,
        `meta l4proto { tcp, udp } th dport 20000-24095 ${routers} accept`,
        `ip saddr ${linkRange} drop`,
        `ip daddr ${internetAddresses.resolver} meta l4proto { tcp, udp } th dport 53 accept`,
        `ip daddr ${anyOf([internetAddresses.registry, internetAddresses.authenticator])} tcp dport 1-65535 accept`,
        "drop",
      ],
      "type filter hook input priority filter; policy accept;",
    ),
  ];
}

function endpointChain(cluster: ClusterRecord): string {
  return `endpoint_${shortHash(cluster.arn)}`;
}

function endpointRules(cluster: ClusterRecord): string[] {
  if (!cluster.endpointPublicAccess || cluster.publicAccessCidrs.length === 0) return ["drop"];
  return [...cluster.publicAccessCidrs.map((cidr) => `ip saddr ${cidr} tcp dport 443 return`), "drop"];
}

import type { LedgerSnapshot, PeeringRecord, RouteTableRecord } from "../../aws/runtime.ts";
import { shortHash, vpcNamespace } from "../names.ts";
import { covers, linkAddress, vpcSlots } from "./addresses.ts";
import { anyOf, chain, identifier } from "./plan.ts";
import type { LinkPlan, NamespacePlan } from "./plan.ts";
import { uplink } from "./routing.ts";

/** A peering that carries packets, as one of its VPCs sees it. */
interface Peering {
  id: string;
  interface: string;
  /** Blocks of this VPC and of the other. */
  ours: string;
  theirs: string;
  /** Addresses of the routers, each the only one of its VPC. */
  ourEnd: string;
  theirEnd: string;
}

const sideName = (id: string): string => `p${shortHash(id)}`;
const carries = ({ status }: PeeringRecord): boolean => status === "active";

/** One link between two VPCs' routers for each peering that was accepted. */
export function peeringLinks(snapshot: LedgerSnapshot): LinkPlan[] {
  return snapshot.peerings.filter(carries).map(({ id, requester, accepter }) => ({
    left: { namespace: vpcNamespace(requester.vpcId), interface: sideName(id) },
    right: { namespace: vpcNamespace(accepter.vpcId), interface: sideName(id) },
  }));
}

function peeringsOf(snapshot: LedgerSnapshot, vpcId: string): Peering[] {
  const slots = vpcSlots(snapshot.vpcs.map(({ id }) => id));
  const routerOf = (vpc: string): string => linkAddress(slots.get(vpc) ?? 0);
  return snapshot.peerings.filter(carries).flatMap(({ id, requester, accepter }) => {
    const side = (here: PeeringRecord["requester"], there: PeeringRecord["requester"]): Peering[] => {
      if (here.vpcId !== vpcId) return [];
      const ends = { ourEnd: routerOf(here.vpcId), theirEnd: routerOf(there.vpcId) };
      return [{ id, interface: sideName(id), ours: here.cidr, theirs: there.cidr, ...ends }];
    };
    return [...side(requester, accepter), ...side(accepter, requester)];
  });
}

/** Blocks of a VPC's peers. */
export const peerBlocks = (snapshot: LedgerSnapshot, vpcId: string): string[] => [
  ...new Set(peeringsOf(snapshot, vpcId).map(({ theirs }) => theirs)),
];

const tablesOf = (snapshot: LedgerSnapshot, vpcId: string): RouteTableRecord[] =>
  snapshot.routeTables.filter((table) => table.vpcId === vpcId);

/**
 * Where a router sends packets for peers: as far as any of its route tables says so, and no further than to the block
 * of the peer, so that nobody gets to the peer's gateways or to third VPCs. Which subnets may go there, the filter
 * decides.
 */
export function peeringRoutes(snapshot: LedgerSnapshot, vpcId: string): Pick<NamespacePlan, "addresses" | "routes"> {
  const peerings = peeringsOf(snapshot, vpcId);
  const routes = peerings.flatMap((peering) =>
    tablesOf(snapshot, vpcId)
      .flatMap((table) => table.routes)
      .filter(({ target, state }) => target.kind === "peering" && target.id === peering.id && state === "active")
      .flatMap(({ destinationCidr }) => shared(destinationCidr, peering.theirs))
      .map((cidr) => `${cidr} via ${peering.theirEnd} dev ${peering.interface} onlink`),
  );
  return {
    addresses: peerings.map((peering) => ({ interface: peering.interface, cidr: `${peering.ourEnd}/32` })),
    routes: [...new Set(routes)],
  };
}

/** What two blocks have in common: the smaller one, or nothing. */
function shared(a: string, b: string): string[] {
  if (covers(a, b)) return [b];
  return covers(b, a) ? [a] : [];
}

export interface PeeringRules {
  chains: string[];
  /** Hook prerouting, before any translation. */
  arrival: string[];
  /** Hook forward, before connections are looked at: route tables know none, so answers need a route like questions. */
  forwarding: string[];
}

/**
 * What a VPC's router lets through its peerings: packets between the two blocks only, and out of a subnet only by the
 * route table of that subnet. https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 */
export function peeringRules(snapshot: LedgerSnapshot, vpcId: string, resolvers: string): PeeringRules {
  const peerings = peeringsOf(snapshot, vpcId);
  if (peerings.length === 0) return { chains: [], arrival: [], forwarding: [] };
  const tables = tablesOf(snapshot, vpcId);
  const planes = snapshot.networkInterfaces.filter((eni) => eni.vpcId === vpcId && eni.kind === "control-plane");
  const foreign = anyOf([uplink, ...peerings.map((peering) => peering.interface)].map((name) => `"${name}"`));
  const bySubnet = tables.flatMap((table) => {
    const cidrs = snapshot.subnets.filter(({ routeTableId }) => routeTableId === table.id).map(({ cidr }) => cidr);
    if (cidrs.length === 0) return [];
    const go = `goto over_${identifier(table.id)}`;
    // What answers for a load balancer is the load balancer, in its own subnet.
    return {
      balanced: `ct direction reply ct status dnat ct original ip daddr ${anyOf(cidrs)} ${go}`,
      own: `ip saddr ${anyOf(cidrs)} ${go}`,
    };
  });
  return {
    chains: [
      ...tables.flatMap((table) => chain(`over_${identifier(table.id)}`, overRules(table, peerings))),
      ...chain("depart", [
        `iifname ${foreign} drop`,
        // An API server answers whoever may ask, and calls nobody outside its VPC.
        ...(planes.length > 0
          ? [`ip saddr ${anyOf(planes.map(({ privateIp }) => privateIp))} ct direction original drop`]
          : []),
        ...bySubnet.map(({ balanced }) => balanced),
        ...bySubnet.map(({ own }) => own),
        "drop",
      ]),
    ],
    // A VPC's DNS server answers its own VPC.
    arrival: peerings.map((peering) => `iifname "${peering.interface}" ip daddr ${resolvers} drop`),
    forwarding: peerings.flatMap(({ interface: side, ours, theirs }) => [
      `iifname "${side}" ip saddr != ${theirs} drop`,
      `iifname "${side}" ip daddr != ${ours} drop`,
      `oifname "${side}" ip saddr != ${ours} drop`,
      `oifname "${side}" ip daddr != ${theirs} drop`,
      `oifname "${side}" jump depart`,
    ]),
  };
}

/** A table's routes, the most specific first: the one that fits must lead into the very peering. */
function overRules(table: RouteTableRecord, peerings: readonly Peering[]): string[] {
  const rules = table.routes.map(({ destinationCidr, target, state }) => {
    const into = peerings.find(({ id }) => state === "active" && target.kind === "peering" && target.id === id);
    const verdict = into === undefined ? "drop" : `oifname "${into.interface}" return`;
    return [
      `ip daddr ${destinationCidr} ${verdict}`,
      ...(into === undefined ? [] : [`ip daddr ${destinationCidr} drop`]),
    ];
  });
  return [...rules.flat(), "drop"];
}

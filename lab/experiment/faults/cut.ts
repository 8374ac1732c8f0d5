/** A network that loses every packet between a cluster and others: see platforms/. */
import dns from "node:dns/promises";
import type { Cut, Json } from "../platforms/platform.ts";
import type { Fault, FaultKind } from "./fault.ts";

export interface CutFault extends Fault {
  readonly kind: "cut";
  readonly cut: Cut;
}

/** What of another cluster is not to be reached any more. */
export type Part = "api-server" | "east-west";

/** A cluster that does not reach parts of another. Its addresses are looked up when it comes to that. */
export interface CutFromFault extends Fault {
  readonly kind: "cut-from";
  readonly cluster: string;
  readonly other: string;
  readonly parts: readonly Part[];
}

export function cutFrom(cluster: string, other: string, parts: readonly Part[]): CutFromFault {
  return {
    kind: "cut-from",
    says: `${cluster} does not reach ${parts.join(" and ")} of ${other}`,
    cluster,
    other,
    parts,
  };
}

export const cut = (what: Cut): CutFault => ({ kind: "cut", says: what.says, cut: what });

export const cutKind: FaultKind<CutFault, Json> = {
  prepare: ({ platform }, { cut: what }) => platform.prepare(what),
  inject: ({ platform }, _fault, found) => platform.cut(found),
  remove: ({ platform }, _fault, found) => platform.mend(found),
};

/** Every address of a load balancer or an API server, since packets go to any of them. */
export const cutFromKind: FaultKind<CutFromFault, Json> = {
  async prepare({ platform, outputs }, { cluster, other, parts, says }) {
    const found = outputs.clusters[other];
    const hosts = parts.map((part) => {
      const host =
        part === "api-server" ? found?.apiServer && new URL(found.apiServer).hostname : found?.eastWestHostname;
      if (host === undefined) throw new Error(`The lab's outputs name no ${part} of ${other}.`);
      return host;
    });
    const addresses = (await Promise.all(hosts.map((host) => dns.resolve4(host)))).flat();
    return platform.prepare({ cluster, blocks: [...new Set(addresses)].sort().map((each) => `${each}/32`), says });
  },
  inject: ({ platform }, _fault, found) => platform.cut(found),
  remove: ({ platform }, _fault, found) => platform.mend(found),
};

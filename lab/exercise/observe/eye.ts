/** What checks ask of a lab. A check sees it through this alone, so that it can be tried without one. */
import type { Found, Reference, Selection } from "../../cluster/cluster.ts";
import type { ConnectedProxy } from "../../cluster/istiod.ts";

/** Workloads of an application: pods with the label `app`. */
export interface Place {
  readonly cluster: string;
  readonly namespace: string;
  readonly app: string;
}

/** Requests from a container of an application that has curl. */
export interface Call {
  readonly from: Place;
  readonly url: string;
  /** Default: 1. */
  readonly times?: number;
  /** All at once instead of one after the other. */
  readonly parallel?: true;
  /** `name: value` each. */
  readonly headers?: readonly string[];
  /** Further arguments of curl. */
  readonly options?: readonly string[];
}

export interface Answer {
  /** 0 where there was no answer over HTTP. */
  readonly status: number;
  readonly seconds: number;
  readonly body: string;
  /** curl's exit code (https://curl.se/docs/manpage.html#EXIT); 0 where it got an answer. */
  readonly failure: number;
}

/** A cluster of Envoy's: a destination as a proxy knows it, such as `outbound|80|v1|reviews.shop.svc.cluster.local`. */
export interface Upstream {
  readonly name: string;
  readonly maxConnections: number | undefined;
  readonly hosts: readonly {
    readonly address: string;
    /** Requests since the proxy started. */
    readonly requests: number;
    readonly ejected: boolean;
  }[];
}

/** The certificate by which a workload proves who it is. */
export interface Certificate {
  /** Its SPIFFE id: `spiffe://trust.domain/ns/namespace/sa/account`. */
  readonly identity: string;
  /** In small letters, without colons and leading zeros. */
  readonly serial: string;
}

export interface Eye {
  list<T>(cluster: string, apiVersion: string, kind: string, selection?: Selection): Promise<readonly Found<T>[]>;
  read<T>(cluster: string, reference: Reference): Promise<Found<T> | undefined>;
  /** @throws NothingToAsk where no such pod runs */
  call(call: Call): Promise<readonly Answer[]>;
  /** @throws NothingToAsk where no such pod runs, or it has no proxy */
  upstreams(of: Place): Promise<readonly Upstream[]>;
  /** @throws NothingToAsk as above */
  certificate(of: Place): Promise<Certificate | undefined>;
  /** What every istiod of the lab says of its proxies. */
  connected(): Promise<readonly ConnectedProxy[]>;
  /** Signs a certificate for a host by what istiod of a cluster signs with: the chain and the key, both PEM. */
  issue(cluster: string, host: string): Promise<{ readonly chain: string; readonly key: string }>;
}

/** What should be asked does not run; the message says what, and becomes what the check says is missing. */
export class NothingToAsk extends Error {
  override readonly name = "NothingToAsk";
}

/** What the commands ask of a cluster. */
import type { Duplex } from "node:stream";
import type { KubernetesObject } from "../../istio/object.ts";

/** Which object. */
export interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** An object as the API server has it; what a caller reads of it, it says itself. */
export type Found<T = unknown> = T & {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
};

/** Which of a kind: absent for all. */
export interface Selection {
  readonly namespace?: string;
  /** A label selector, such as `app=server`. */
  readonly labels?: string;
}

export interface ContainerOf {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface Follow {
  /** Called with each piece as it arrives. */
  readonly heard: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Everything here is rejected with the API server's own words where it refuses, and in ours where it does not answer. */
export interface Cluster {
  readonly name: string;
  /**
   * Makes an object what it is to be, as a whole and by one owner, and takes over fields that others set.
   * @param owner whose fields they are from then on. Default: the experiments'
   */
  apply(object: KubernetesObject, owner?: string): Promise<void>;
  /** Changes some fields; null removes one (RFC 7386). */
  merge(reference: Reference, change: object): Promise<void>;
  /** Undefined where there is none. */
  read<T>(reference: Reference): Promise<Found<T> | undefined>;
  list<T>(apiVersion: string, kind: string, selection?: Selection): Promise<Found<T>[]>;
  /** @param grace seconds that a pod gets to end by itself; absent for what it asks for itself */
  remove(reference: Reference, grace?: number): Promise<void>;
  /**
   * Has the API server go through the making of an object, admission included, and make nothing.
   * @returns the object as it would be
   */
  rehearse<T>(object: KubernetesObject): Promise<Found<T>>;
  /** Asks that a pod leave; refused while a disruption budget forbids it. */
  evict(namespace: string, name: string): Promise<void>;
  /**
   * Runs a command in a container.
   * @returns what it printed
   * @throws Error with all that it printed, where it fails
   */
  exec(at: ContainerOf, command: readonly string[], heard?: (text: string) => void): Promise<string>;
  /** What a container has printed. With `follow`, goes on until the container ends or the signal says so. */
  log(at: ContainerOf, follow?: Follow): Promise<string>;
  /** Joins a connection to a port of a pod. Resolves when they are joined; from then on each ends with the other. */
  forward(namespace: string, pod: string, port: number, connection: Duplex): Promise<void>;
}

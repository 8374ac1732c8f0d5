import type { Cloud } from "./cloud.ts";

/** JSON as the engine sends it. */
export type Props = Record<string, unknown>;

/** What AWS holds under one id. `state` is everything the resource class exposes, inputs included. */
export interface Resource<S = Props> {
  type: string;
  id: string;
  region: string;
  state: S;
  /** What the program asked for, checked; absent when AWS itself made it. */
  inputs?: Props;
  /** Whose hand made it; absent for what the program asked for. Only the maker removes it. */
  madeBy?: "vpc" | "eks" | "load-balancer-controller" | "fault";
}

/** Names a resource type together with the shape of its state. */
export interface Kind<S> {
  readonly token: string;
  /** Never set; carries the type. */
  readonly state?: S;
}

export function kind<S>(token: string): Kind<S> {
  return { token };
}

/** IAM has no region. */
export const GLOBAL = "aws-global";

export type Tags = Record<string, string>;

/** What every call carries besides its inputs. */
export interface Call {
  region: string;
  /** Who calls; the creator of a cluster becomes its admin. */
  principalArn: string;
}

/** How AWS, seen through the real provider, treats one type of resource. I are checked inputs, S is the state. */
export interface ResourceType<I, S> {
  kind: Kind<S>;
  /** IAM resources live outside every region. */
  global?: boolean;
  /** Dotted input names whose change needs a new resource (ForceNew in the real provider). */
  replaceOn: readonly string[];
  /** Inputs which AWS chooses when they are left out: dropping one from the program changes nothing. */
  computed?: readonly string[];
  /** Outputs that an update may change, so that a preview of one must not show the old value. */
  changedByUpdate?: readonly string[];
  /** Dotted names inside objects which AWS fills in, so that a preview does not know them. */
  computedWithin?: readonly string[];
  /**
   * Parts of the state that only later resources set, such as the association of an address. They are not reported, so
   * that a refresh after an update shows nothing but real drift; the real provider shows them at the next refresh.
   */
  setByOthers?: readonly string[];
  /** A name made from the resource's own, with a random suffix, when the program gives none. */
  autoName?: { property: string; maxLength: number; unless?: string };
  /** Inputs that the real provider's schema fills in. */
  defaults?: Props;
  /** Inputs that hold IAM policy documents, given as text or as objects. */
  documents?: readonly string[];
  /** Dotted inputs that take only some words; in lists of objects the name after the list's. */
  words?: Readonly<Record<string, readonly string[]>>;
  /** Refusals that need no cloud: shown by a preview. Values may still be unknown. */
  check?(inputs: Props, refuse: (property: string, reason: string) => void): void;
  /** Put the resource into the cloud (`cloud.add`) and return it. Long work comes after that, awaited. */
  create(cloud: Cloud, inputs: I, call: Call): Resource<S> | Promise<Resource<S>>;
  /**
   * Refuse or carry out a change in place. Afterwards the inputs become the state, and over them what this returns,
   * where that differs from the inputs.
   */
  update?(cloud: Cloud, resource: Resource<S>, inputs: I, call: Call): Updated<S> | Promise<Updated<S>>;
  /** Refuse, or undo what create did besides its own record, which the ledger drops afterwards. */
  delete?(cloud: Cloud, resource: Resource<S>, call: Call): void | Promise<void>;
}

// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- most updates have nothing to return
type Updated<S> = Partial<S> | void;

/** A type whose shapes were checked where it was defined, for keeping it in one list with the others. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- inputs were validated against the SDK's types before use
export type AnyResourceType = ResourceType<any, any>;

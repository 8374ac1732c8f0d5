import type { Change } from "../mistakes.ts";

/** A stack with one mistake in it: which resource, how it is wrong, and a word of the objection. */
export interface Twin {
  /** Default: `multi`. */
  readonly stack?: string;
  readonly name: string;
  readonly type?: string;
  readonly change: Change;
  /** What the objection names; by default the resource itself. */
  readonly about?: RegExp;
}

export type Twins<Laws> = Readonly<Record<keyof Laws, readonly Twin[]>>;

export const without =
  (...names: readonly string[]): Change =>
  ({ dependsOn }) => ({ dependsOn: dependsOn.filter((urn) => !names.includes(urn.split("::").at(-1) ?? "")) });

// What several laws are about, in `multi`.
export const cluster = { name: "east", type: "eks:index:Cluster" };
export const service = { name: "east-east-west", type: "kubernetes:core/v1:Service" };
export const balancers = { name: "east-load-balancers", type: "kubernetes:helm.sh/v3:Release" };
export const group = { name: "east-nodes", type: "eks:index:ManagedNodeGroup" };

export const globalIngress = "stacks/global-ingress.yaml";

/** What a retrofit does in one cluster: decided before anything is done. */
import { membership } from "../../istio/namespaces.ts";
import type { MeshPlan } from "../../topology/types.ts";
import { selects } from "../cluster/pods.ts";
import { compareText } from "../plan/words.ts";
import type { PodObject } from "../status/shapes.ts";
import { lives, placeOf, proxyOf, revisionOf, versionOfImage } from "../status/shapes.ts";
import type { NamespaceObject, ServiceObject, Workload, WorkloadObject } from "./shapes.ts";

/** All labels by which a namespace may be a member of a mesh. */
const labelsOfMembers = ["istio-injection", "istio.io/rev", "istio.io/dataplane-mode"] as const;
/** A change of them; null takes one away. */
type Change = Readonly<Record<string, string | null>>;

/** Makes a namespace a member: one label replaces the others, of which some would win over it. */
export const joining = (mesh: Pick<MeshPlan, "dataPlane" | "follows">): Change => ({
  ...leaving(),
  ...membership(mesh, mesh.follows),
});

export const leaving = (): Change => Object.fromEntries(labelsOfMembers.map((label) => [label, null]));

/** Brings back what was. */
export const asBefore = ({ metadata: { labels = {} } }: NamespaceObject): Change =>
  Object.fromEntries(labelsOfMembers.map((label) => [label, labels[label] ?? null]));

/**
 * Workloads in an order in which no call is refused: who is called by nobody comes first. With a proxy one can call
 * those with and those without; without one, one cannot call where mutual TLS is STRICT
 * (https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/). On the way out it is the other way round.
 */
function inSafeOrder(workloads: readonly Workload[], way: "in" | "out"): Workload[] {
  const order = [...workloads].sort(
    (a, b) => Number(a.called) - Number(b.called) || compareText(a.reference.metadata.name, b.reference.metadata.name),
  );
  return way === "in" ? order : order.reverse();
}

export function workloadsOf(
  found: readonly (WorkloadObject & { readonly kind: string })[],
  services: readonly ServiceObject[],
): Workload[] {
  return found
    .filter(({ spec }) => spec.replicas !== 0)
    .map(({ kind, metadata: { name, namespace = "" }, spec }) => ({
      reference: { apiVersion: "apps/v1", kind, metadata: { name, namespace } },
      selector: spec.selector.matchLabels ?? {},
      called: services.some((service) => selects(service.spec.selector, spec.template.metadata?.labels)),
    }));
}

export type Wanted =
  | { readonly proxy: "present" }
  | { readonly proxy: "absent" }
  /** Of the version that its revision has; with `follows`, of this revision, since its namespace has moved there. */
  | { readonly proxy: "fresh"; readonly revisions: Readonly<Record<string, string>>; readonly follows?: string }
  /** In ambient mode: whether its node's ztunnel takes its traffic. */
  | { readonly redirected: boolean };

/** Whether a pod is what it is to be. */
export function isAsWanted(pod: PodObject, wanted: Wanted): boolean {
  // https://istio.io/latest/docs/ambient/architecture/traffic-redirection/
  if ("redirected" in wanted)
    return (pod.metadata.annotations?.["ambient.istio.io/redirection"] === "enabled") === wanted.redirected;
  const proxy = proxyOf(pod);
  if (wanted.proxy === "absent") return proxy === undefined;
  if (wanted.proxy === "present") return proxy !== undefined;
  if (proxy === undefined) return true;
  const revision = revisionOf(pod);
  if (wanted.follows !== undefined && revision !== wanted.follows) return false;
  return versionOfImage(proxy.image) === versionOf(revision, wanted.revisions);
}

function versionOf(revision: string, revisions: Readonly<Record<string, string>>): string | undefined {
  const versions = Object.values(revisions);
  return revisions[revision] ?? (versions.length === 1 ? versions[0] : undefined);
}

/** The revision to which a namespace's tag leads now; undefined where it names none. */
export function followed(
  { metadata: { labels = {} } }: NamespaceObject,
  { revisions }: Pick<MeshPlan, "revisions">,
): string | undefined {
  const named = labels["istio.io/rev"];
  return revisions.find(({ tag, revision }) => named !== undefined && [tag, revision].includes(named))?.revision;
}

/** Pods that never get a proxy, because they say so or share their node's network. */
export const isExempt = ({ metadata, spec }: PodObject): boolean =>
  spec.hostNetwork === true ||
  [metadata.labels, metadata.annotations].some((each) => each?.["sidecar.istio.io/inject"] === "false");

/** Those that are still to become what is wanted, without what has ended or goes. */
export const pending = (pods: readonly PodObject[], wanted: Wanted): PodObject[] =>
  pods.filter((pod) => lives(pod) && !isExempt(pod) && !isAsWanted(pod, wanted));

export interface Restarts {
  readonly workloads: readonly Workload[];
  /** Pods that no workload makes anew. */
  readonly stuck: readonly string[];
}

/** Only what is not yet as wanted is restarted, so that a second run goes on where the first ended. */
export function restartsFor(workloads: readonly Workload[], pods: readonly PodObject[], wanted: Wanted): Restarts {
  const left = pending(pods, wanted);
  const makes = (pod: PodObject) => workloads.find(({ selector }) => selects(selector, pod.metadata.labels));
  const concerned = new Set(left.flatMap((pod) => makes(pod) ?? []));
  return {
    workloads: inSafeOrder([...concerned], "proxy" in wanted && wanted.proxy === "absent" ? "out" : "in"),
    stuck: left.filter((pod) => makes(pod) === undefined).map(placeOf),
  };
}

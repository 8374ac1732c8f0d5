/** Whether client, control plane and data plane are of one version: the first rule of the study group's notes. */
import { failed, type Finding, ok } from "../checks/check.ts";
import { lives, placeOf, type PodObject, proxyOf, revisionOf, versionOfImage } from "./shapes.ts";

export interface VersionFacts {
  /** The version that each revision of the control plane is to have; `default` is the one without a name. */
  readonly revisions: Readonly<Record<string, string>>;
  /** All of the cluster. */
  readonly pods: readonly PodObject[];
  /** What istioctl says of itself; undefined where it is not there. */
  readonly client: string | undefined;
  /** The options by which a command finds the lab, for what to type. */
  readonly lab: string;
}

interface Seen {
  readonly pod: PodObject;
  readonly version: string;
  readonly wanted: string;
}

export function judgeVersions(facts: VersionFacts): Finding {
  const page = "docs/en/upgrades.md";
  const { revisions, client } = facts;
  // A pod that has ended, or is about to, has no proxy to renew.
  const pods = facts.pods.filter(lives);
  const wanted = [...new Set(Object.values(revisions))];
  const istiods = pods.flatMap((pod) => {
    const container = pod.spec.containers.find(({ name }) => name === "discovery");
    return container === undefined
      ? []
      : [{ pod, version: versionOfImage(container.image), wanted: wantedOf(pod, revisions) }];
  });
  const late = istiods.filter(({ version, wanted: its }) => version !== its);
  if (late.length > 0)
    return failed(`istiod is of another version than the stack: ${listed(late)}.`, "pulumi up --refresh", page);
  const data = proxies({ revisions, pods });
  const stale = data.filter(({ version, wanted: its }) => version !== its);
  if (stale.length > 0) {
    const namespaces = [...new Set(stale.map(({ pod }) => pod.metadata.namespace ?? ""))].sort();
    const fix = namespaces
      .map((namespace) => `npm run lab -- retrofit ${namespace} --restart${facts.lab}`)
      .join(" && ");
    return failed(`${stale.length} stale proxies: ${listed(stale)}.`, fix, page);
  }
  if (client === "")
    return failed(
      "istioctl is there, but does not say its version.",
      "Look what it says: istioctl version --remote=false",
      page,
    );
  if (client !== undefined && !wanted.includes(client))
    return failed(
      `istioctl is ${client}, and the mesh is ${wanted.join(" and ")}.`,
      `curl -L https://istio.io/downloadIstio | ISTIO_VERSION=${wanted[0] ?? ""} sh -`,
      page,
    );
  const control = istiods.length === 0 ? "" : `istiod ${versionsOf(istiods)}, `;
  const planes = data.length === 0 ? "no proxies" : `${data.length} proxies ${versionsOf(data)}`;
  return ok(`${control}${planes}, ${client === undefined ? "no istioctl here" : `istioctl ${client}`}`);
}

function proxies({ revisions, pods }: Pick<VersionFacts, "revisions" | "pods">): Seen[] {
  return pods.flatMap((pod) => {
    const proxy = proxyOf(pod);
    return proxy === undefined ? [] : [{ pod, version: versionOfImage(proxy.image), wanted: wantedOf(pod, revisions) }];
  });
}

function wantedOf(pod: PodObject, revisions: VersionFacts["revisions"]): string {
  const revision = revisionOf(pod);
  const all = [...new Set(Object.values(revisions))];
  return revisions[revision] ?? (all.length === 1 ? (all[0] ?? "") : `of the revision ${revision}, which is gone`);
}

const listed = (seen: readonly Seen[]): string =>
  seen.map(({ pod, version, wanted }) => `${placeOf(pod)} is ${version || "?"}, to be ${wanted}`).join("; ");

const versionsOf = (seen: readonly Seen[]): string =>
  [...new Set(seen.map(({ version }) => version))].sort().join(" and ");

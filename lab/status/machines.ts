/** Judgements about a cluster's nodes, istiods and load balancers. */
import { failed, type Finding, ok, skipped } from "../checks/check.ts";
import { type DeploymentObject, type NodeObject, placeOf, type ServiceObject } from "./shapes.ts";

/** @param planned how many the lab makes; undefined in a cluster that is not the lab's */
export function judgeNodes(nodes: readonly NodeObject[], planned: number | undefined, resume: string): Finding {
  const page = "docs/en/recovery.md";
  const unready = nodes.flatMap(({ metadata, status }) => {
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    return ready?.status === "True" ? [] : [`${metadata.name} (${ready?.message ?? "no word of it"})`];
  });
  if (nodes.length === 0) return failed("The cluster has no nodes, so nothing runs: it may be paused.", resume, page);
  if (unready.length > 0)
    return failed(`Not ready: ${unready.join(", ")}.`, "kubectl describe node, or let AWS replace it.", page);
  if (planned !== undefined && nodes.length < planned)
    return failed(`${nodes.length} nodes are there, and the stack file says ${planned}.`, resume, page);
  const versions = [...new Set(nodes.map(({ status }) => status.nodeInfo?.kubeletVersion ?? "?"))].sort();
  return ok(`${nodes.length} ready, ${versions.join(" and ")}`);
}

/** @param revisions those that the stack says run here */
export function judgeIstiods(istiods: readonly DeploymentObject[], revisions: readonly string[]): Finding {
  const page = "docs/en/recovery.md";
  const revisionOf = ({ metadata }: DeploymentObject): string => metadata.labels?.["istio.io/rev"] ?? "default";
  const missing = revisions.filter((revision) => !istiods.some((each) => revisionOf(each) === revision));
  if (missing.length > 0)
    return failed(`There is no istiod of the revision ${missing.join(", ")}.`, "pulumi up --refresh", page);
  const counts = istiods.map((each) => ({
    place: placeOf(each),
    ready: each.status.readyReplicas ?? 0,
    wanted: each.spec.replicas ?? 1,
  }));
  const short = counts.filter(({ ready, wanted }) => ready < wanted || ready === 0);
  const says = (list: typeof counts) =>
    list.map(({ place, ready, wanted }) => `${place} ${ready}/${wanted}`).join(", ");
  if (short.length === 0) return ok(says(counts));
  return failed(
    `Not every istiod is ready: ${says(short)}.`,
    "kubectl describe deployment, and the logs of its pods, say why.",
    page,
  );
}

/** @param resolves whether a name has an address; absent where names are not asked for */
export async function judgeLoadBalancers(
  services: readonly ServiceObject[],
  resolves: ((host: string) => Promise<boolean>) | undefined,
): Promise<Finding> {
  const balanced = services.filter(({ spec }) => spec.type === "LoadBalancer");
  if (balanced.length === 0) return skipped("no Service here asks for one");
  const found = await Promise.all(
    balanced.map(async (service) => {
      const [first] = service.status.loadBalancer?.ingress ?? [];
      const host = first?.hostname ?? first?.ip;
      if (host === undefined) return { service, wrong: "has no address yet" };
      const known = first?.hostname === undefined || resolves === undefined || (await resolves(host));
      return { service, host, wrong: known ? undefined : `has the name ${host}, which no DNS server knows yet` };
    }),
  );
  const wrong = found.filter((each) => each.wrong !== undefined);
  if (wrong.length === 0) return ok(found.map(({ service, host }) => `${placeOf(service)} ${host ?? ""}`).join(", "));
  return failed(
    `${wrong.map(({ service, wrong: what = "" }) => `${placeOf(service)} ${what}`).join("; ")}.`,
    "A new one takes some minutes. After that, the log of aws-load-balancer-controller in kube-system says why.",
    "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/",
  );
}

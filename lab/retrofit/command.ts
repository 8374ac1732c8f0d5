/** `lab retrofit`: a namespace that is there already joins the mesh, leaves it, or gets newer proxies. */
import { meshOf } from "../../istio/plan-queries.ts";
import {
  externalIstiodNamespace,
  istioNamespace,
  observabilityNamespace,
  reservedNamespaces,
} from "../../topology/names.ts";
import { workloadClusters } from "../../topology/queries.ts";
import type { ClusterPlan } from "../../topology/types.ts";
import { say } from "../plan/say.ts";
import { UsageError } from "../plan/usage-error.ts";
import { interruptible } from "../stack/interruptible.ts";
import { openStack } from "../stack/open-stack.ts";
import { clusterOf, type OpenStack } from "../stack/stack.ts";
import { revisionsOf } from "../status/revisions.ts";
import { retrofitAll, type Way } from "./run.ts";

export interface RetrofitOptions {
  readonly stack?: string;
  readonly configFile?: string;
  readonly cluster?: string;
  readonly undo?: boolean;
  readonly restart?: boolean;
}

/**
 * Goes through the clusters that have the namespace, one after the other.
 * @throws UsageError where the namespace is Kubernetes' or Istio's own, or no cluster has it
 */
export async function retrofitCommand(namespace: string, options: RetrofitOptions): Promise<void> {
  const way = wayOf(options);
  refuseReserved(namespace, way);
  const lab = await openStack(options.stack, options.configFile);
  const clusters = await clustersWith(lab, namespace, options.cluster);
  const named = { stack: lab.stack, configFile: options.configFile };
  const retrofits = (signal: AbortSignal) =>
    clusters.map((plan) => ({
      ...{ namespace, way, signal, say, named, mesh: meshOf(lab.plan, plan), revisions: revisionsOf(lab, plan) },
      ...{ cluster: clusterOf(lab, plan.name), config: clusterOf(lab, plan.config) },
    }));
  await interruptible(endings[way], say, (signal) => retrofitAll(retrofits(signal)));
}

const endings: Readonly<Record<Way, string>> = {
  in: "undoing what was done in the cluster that was being changed",
  out: "undoing what was done in the cluster that was being changed",
  restart: "ending when the workload that was restarted last is whole",
};

function wayOf({ undo = false, restart = false }: RetrofitOptions): Way {
  if (undo && restart)
    throw new UsageError("--undo and --restart exclude each other: a proxy that goes is not renewed.");
  return undo ? "out" : restart ? "restart" : "in";
}

/** Reserved namespaces that have proxies, gateways' among them: these may be renewed, and nothing else. */
const owners: Readonly<Record<string, string>> = {
  [istioNamespace]: "Istio's",
  [externalIstiodNamespace]: "Istio's",
  [observabilityNamespace]: "the lab's",
};

export function refuseReserved(namespace: string, way: Way): void {
  const owner = owners[namespace];
  if (!reservedNamespaces.includes(namespace) || namespace === "default") return;
  if (owner !== undefined && way === "restart") return;
  throw new UsageError(
    `${namespace} is ${owner ?? "Kubernetes'"} own namespace, whose pods are not to be in the mesh. ` +
      "Name one with workloads of yours.",
  );
}

async function clustersWith(lab: OpenStack, namespace: string, only: string | undefined): Promise<ClusterPlan[]> {
  if (only !== undefined) clusterOf(lab, only);
  const candidates = workloadClusters(lab.plan.clusters).filter(({ name }) => only === undefined || name === only);
  const found: ClusterPlan[] = [];
  for (const plan of candidates) {
    const reference = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
    if ((await clusterOf(lab, plan.name).read(reference)) !== undefined) found.push(plan);
  }
  if (found.length > 0) return found;
  throw new UsageError(
    `No cluster of the stack ${lab.stack} has a namespace ${namespace}${only === undefined ? "" : ` (asked: ${only})`}.`,
  );
}

import { istioChart } from "../istio/charts.ts";
import { meshOf } from "../istio/plan-queries.ts";
import { releaseNames } from "../topology/names.ts";
import type { ClusterPlan, HelmValues, Json, LabPlan } from "../topology/types.ts";
import type * as pulumi from "@pulumi/pulumi";
import { type ClusterHandle, createRelease, type Dependencies, inCluster } from "./in-cluster.ts";

/** Where charts of Istio's control plane go, and whose they are. */
export interface ChartsArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  readonly namespace: string;
  /** What `hostMark` in the values stands for. */
  readonly host?: pulumi.Output<string>;
}

/** Stands in Helm values for a host name that only a load balancer's Service will tell. */
export const hostMark = "<host>";

/** The values with the host name filled in: a text that has it is known with it, everything else from the start. */
function withHost(values: Json, host: pulumi.Output<string>): pulumi.Input<unknown> {
  if (typeof values === "string")
    return values.includes(hostMark) ? host.apply((name) => values.replaceAll(hostMark, name)) : values;
  if (typeof values !== "object" || values === null) return values;
  if (Array.isArray(values)) return values.map((value: Json) => withHost(value, host));
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, withHost(value, host)]));
}

/** What a control plane beside others has of its own. */
export interface ChartOptions {
  readonly version: string;
  /** Helm's name for it, which is also its logical name's end. */
  readonly release: string;
}

/**
 * A function that installs charts of Istio's control plane into one namespace, each named after `name`. They are of the
 * mesh's version and have the usual names, unless `options` says otherwise.
 */
export function istioCharts(
  name: string,
  { lab, plan, cluster, namespace, host }: ChartsArgs,
  parent: pulumi.Resource,
) {
  return (
    chart: "base" | "cni" | "istiod" | "ztunnel",
    values: HelmValues,
    dependsOn: Dependencies,
    options?: ChartOptions,
  ) =>
    createRelease(
      `${name}-${options?.release ?? chart}`,
      {
        release: options?.release ?? releaseNames[chart],
        namespace,
        chart: istioChart(lab.artifacts, chart, options?.version ?? meshOf(lab, plan).version),
        values: host === undefined ? values : (withHost(values, host) as pulumi.Inputs),
        timeout: 600,
      },
      inCluster(cluster, parent, dependsOn),
    );
}

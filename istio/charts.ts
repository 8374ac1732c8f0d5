/** Where Istio's charts come from. The only place that turns a location into what Helm wants. */
import type { ArtifactsPlan } from "../topology/types.ts";

/** Istio's five charts (https://istio.io/latest/docs/setup/install/helm/). */
export type ChartName = "base" | "istiod" | "cni" | "ztunnel" | "gateway";

/** What Helm needs to find a chart; the shape of Pulumi's `helm.v3.Release` arguments. */
export interface ChartReference {
  /** A chart's name in `repositoryOpts.repo`, an `oci://` reference, or a folder. */
  readonly chart: string;
  /** Absent for a folder, which holds just one version; its path may name it. */
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/** The version of the AWS Load Balancer Controller's chart and of the permissions that the lab grants it. */
const loadBalancerControllerVersion = "3.5.0";

/** That of the add-on in Istio 1.31.1 (https://istio.io/latest/news/releases/1.31.x/announcing-1.31.1/). */
const kialiVersion = "2.31.0";

export function istioChart(artifacts: ArtifactsPlan, name: ChartName, version: string): ChartReference {
  return chartAt(artifacts.istioCharts, name, version);
}

export function loadBalancerControllerChart(artifacts: ArtifactsPlan): ChartReference {
  return chartAt(artifacts.loadBalancerControllerCharts, "aws-load-balancer-controller", loadBalancerControllerVersion);
}

/** Its image follows the chart's version. */
export function kialiChart(artifacts: ArtifactsPlan): ChartReference {
  return chartAt(artifacts.kialiCharts, "kiali-server", kialiVersion);
}

function chartAt(location: string, name: string, version: string): ChartReference {
  const base = location.replace(/\/+$/, "").replaceAll("{version}", version);
  if (/^https?:\/\//.test(base)) return { chart: name, version, repositoryOpts: { repo: base } };
  if (base.startsWith("oci://")) return { chart: `${base}/${name}`, version };
  return { chart: `${base}/${name}` };
}

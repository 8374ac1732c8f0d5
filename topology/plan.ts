/** Configuration in, plan out. Everything that is decided before a resource is made is decided from here. */
import { planCluster } from "./clusters.ts";
import { draftLab, type Drafts } from "./drafts.ts";
import { LabConfigError } from "./errors.ts";
import { openOf } from "./exposure.ts";
import { planEastWestGateways } from "./gateways.ts";
import { planGlobalIngress } from "./global-ingress.ts";
import { planNetworkLinks } from "./links.ts";
import { planMesh } from "./meshes.ts";
import { planKialiSecrets } from "./observability.ts";
import { parseConfig } from "./parse.ts";
import { deriveIstiodGateways, deriveRemoteSecrets } from "./queries.ts";
import { applyRules } from "./rules/index.ts";
import type { LabConfig } from "./schema.ts";
import { planCa, planReaders } from "./trust.ts";
import type { ArtifactsPlan, Issue, LabPlan } from "./types.ts";

export interface PlanOptions {
  /** The day to judge end-of-support dates by, as YYYY-MM-DD. Without it they are not judged: planning reads no clock. */
  readonly today?: string;
  /** The time, ISO 8601, by which tokens that one cluster's istiod reads another with are of a period. */
  readonly now?: string;
}

/** Options for a plan that is made at a time. */
export const planningTime = (now: Date): Required<PlanOptions> => ({
  today: now.toISOString().slice(0, 10),
  now: now.toISOString(),
});

export interface CheckResult {
  /** Everything that forbids the lab; empty where `plan` is there. */
  readonly issues: readonly Issue[];
  readonly warnings: readonly Issue[];
  readonly plan?: LabPlan;
}

/**
 * The plan of a configuration.
 * @throws LabConfigError with every problem at once.
 */
export function planLab(config: LabConfig, options: PlanOptions = {}): LabPlan {
  const drafts = draftLab(config);
  const { errors, warnings } = applyRules({ ...drafts, ...options });
  if (errors.length > 0) throw new LabConfigError(errors);
  return assemble(drafts, warnings, options);
}

/**
 * The plan of what a stack file holds under `istio-lab:`, unchecked as yet.
 * @throws LabConfigError with every problem at once.
 */
export function planConfig(raw: unknown, options: PlanOptions = {}): LabPlan {
  const { issues, plan } = checkConfig(raw, options);
  if (plan === undefined) throw new LabConfigError(issues);
  return plan;
}

/** As `planConfig`, with problems and warnings as data. What has the right type is judged even beside type errors. */
export function checkConfig(raw: unknown, options: PlanOptions = {}): CheckResult {
  const parsed = parseConfig(raw);
  if (parsed.config === undefined) {
    const rest = parsed.readable === undefined ? undefined : applyRules({ ...draftLab(parsed.readable), ...options });
    return { issues: [...parsed.issues, ...(rest?.errors ?? [])], warnings: rest?.warnings ?? [] };
  }
  const drafts = draftLab(parsed.config);
  const { errors, warnings } = applyRules({ ...drafts, ...options });
  return errors.length > 0
    ? { issues: errors, warnings }
    : { issues: [], warnings, plan: assemble(drafts, warnings, options) };
}

function assemble(drafts: Drafts, warnings: readonly Issue[], { now }: PlanOptions): LabPlan {
  const { config } = drafts;
  const clusters = drafts.clusters.map((cluster) => planCluster(drafts, cluster));
  const meshes = drafts.meshes.map((mesh) => planMesh(drafts, mesh));
  const remoteSecrets = deriveRemoteSecrets(drafts.clusters);
  const globalIngress = planGlobalIngress(drafts);
  const tags = Object.entries(config.tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    platform: config.platform ?? "eks",
    clusters,
    meshes,
    remoteSecrets,
    kialiSecrets: planKialiSecrets(clusters),
    networkLinks: planNetworkLinks(drafts),
    eastWestGateways: planEastWestGateways(drafts),
    istiodGateways: deriveIstiodGateways(drafts.clusters),
    ...(globalIngress === undefined ? {} : { globalIngress }),
    open: clusters.flatMap((cluster) => openOf(cluster, meshes, remoteSecrets)),
    warnings,
    artifacts: planArtifacts(config),
    ca: planCa(config),
    readers: planReaders(config, now),
    tags: Object.fromEntries(tags),
  };
}

/** Where things come from; `retired-host` says which places no longer serve. */
function planArtifacts({ artifacts = {} }: LabConfig): ArtifactsPlan {
  return {
    istioCharts: artifacts.istioCharts ?? "https://blob.istio.io/istio-release/charts",
    istioImages: artifacts.istioImages ?? "docker.io/istio",
    loadBalancerControllerCharts: artifacts.loadBalancerControllerCharts ?? "https://aws.github.io/eks-charts",
    gatewayApiCrds:
      artifacts.gatewayApiCrds ??
      "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.0/standard-install.yaml",
    sampleImages: artifacts.sampleImages ?? "docker.io",
    kialiCharts: artifacts.kialiCharts ?? "https://kiali.org/helm-charts",
    kialiImages: artifacts.kialiImages ?? "quay.io/kiali",
    observabilityImages: artifacts.observabilityImages ?? "docker.io",
    grafanaDashboards:
      artifacts.grafanaDashboards ??
      "https://raw.githubusercontent.com/istio/istio/{version}/manifests/addons/dashboards",
  };
}

/**
 * One host over the ingress gateways of all clusters: weighted Route 53 records with health checks. Weights and not
 * PRIMARY and SECONDARY, because any number of clusters may share the requests, and each is left out when it is sick
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html, "active-active").
 */
import type { ClusterDraft, Drafts } from "./drafts.ts";
import { workloadClusters } from "./queries.ts";
import type { GlobalIngressPlan } from "./types.ts";

/** Clusters whose ingress gateway carries requests of users: that of an external control plane carries istiod alone. */
export const ingressClusters = (clusters: readonly ClusterDraft[]): ClusterDraft[] =>
  workloadClusters(clusters).filter(({ gateways }) => gateways.ingress);

/**
 * The quickest that Route 53 offers: three checks, ten seconds apart. A gateway whose zone or region is lost is out of
 * DNS within about half a minute, and out of resolvers that heed the TTL ten seconds later.
 */
const healthCheck = { port: 80, path: "/global-ingress/healthz", intervalSeconds: 10, failureThreshold: 3 } as const;
const ttlSeconds = 10;

/** Undefined unless the stack file asks for it; the rules have made sure that it is complete. */
export function planGlobalIngress({ config: { ingress }, clusters }: Drafts): GlobalIngressPlan | undefined {
  if (ingress?.global !== "route53" || ingress.host === undefined || ingress.hostedZone === undefined) return undefined;
  const { host, hostedZone } = ingress;
  const members = ingressClusters(clusters).map(({ name }) => name);
  return { host, hostedZone, clusters: members, healthCheck, ttlSeconds };
}

import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { clusterOf, field, type Law, primaryOf, source } from "./law.ts";

const healthCheckType = "aws:route53/healthCheck:HealthCheck";

/** A record without a check, or with that of another cluster's gateway, sends users to a region that is lost. */
export const recordsLeadWhereTheirChecksLook: Law = (graph) =>
  graph
    .byType("aws:route53/record:Record")
    .filter((record) => {
      const check = source(graph, record, "healthCheckId");
      const target = source(graph, record, "records");
      return check === undefined || target === undefined || source(graph, check, "fqdn") !== target;
    })
    .map(({ urn }) => `${urn} leads to something that its health check does not look at.`);

/** A check that nobody answers takes a healthy cluster out of DNS. */
export const healthChecksAreAnswered: Law = (graph) =>
  graph
    .byType(healthCheckType)
    .filter((check) => !isAnswered(graph, check))
    .map(({ urn }) => `${urn} asks for a path that no gateway answers by itself.`);

/** Whose istiod tells the gateway what to answer: the cluster's own, or that of its primary. */
function isAnswered(graph: ResourceGraph, check: ResourceNode): boolean {
  const service = source(graph, check, "fqdn");
  const cluster = service && clusterOf(graph, service);
  if (service === undefined || cluster === undefined) return false;
  const ports = (field(service.inputs, "spec", "ports") ?? []) as { port: number }[];
  if (!ports.some(({ port }) => port === check.inputs["port"])) return false;
  return graph
    .byType("kubernetes:networking.istio.io/v1:VirtualService")
    .filter((route) => [cluster, primaryOf(graph, cluster)].includes(clusterOf(graph, route) ?? check))
    .flatMap(({ inputs }) => (field(inputs, "spec", "http") ?? []) as unknown[])
    .filter((http) => field(http, "directResponse", "status") === 200)
    .flatMap((http) => (field(http, "match") ?? []) as unknown[])
    .some((match) => field(match, "uri", "exact") === check.inputs["resourcePath"]);
}

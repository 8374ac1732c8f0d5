import type { Cloud } from "../cloud.ts";
import { GLOBAL } from "../resource.ts";
import type { CanonicalNameRecord, EndpointCheckRecord } from "../snapshot.ts";
import { DnsRecordSet, EndpointCheck } from "./kinds.ts";
import type { RecordState } from "./kinds.ts";

/** What Route 53's checkers look at. */
export function endpointChecks(cloud: Cloud): EndpointCheckRecord[] {
  return cloud.all(EndpointCheck).map(({ id, state }) => ({
    id,
    host: state.fqdn,
    port: state.port,
    path: state.resourcePath,
    interval: state.requestInterval,
    failureThreshold: state.failureThreshold,
    health: state.health,
  }));
}

/** Every name that has records, with those of them that are answered now. */
export function canonicalNames(cloud: Cloud): CanonicalNameRecord[] {
  const records = cloud.all(DnsRecordSet).map(({ state }) => state);
  return [...Map.groupBy(records, ({ fqdn }) => fqdn)].map(([name, set]) => {
    const answered = answeredOf(cloud, set);
    return {
      name,
      ttl: Math.min(...answered.map(({ ttl }) => ttl)),
      targets: answered.map((each) => ({ host: each.records[0]?.toLowerCase() ?? "", weight: weightOf(each) })),
    };
  });
}

/**
 * Healthy ones with a weight, else healthy ones of weight 0; where none is healthy, all count as such.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 */
function answeredOf(cloud: Cloud, records: readonly RecordState[]): readonly RecordState[] {
  const healthy = records.filter((each) => isHealthy(cloud, each));
  const weighty = (set: readonly RecordState[]): RecordState[] => set.filter((each) => weightOf(each) > 0);
  const choices = [weighty(healthy), healthy, weighty(records)];
  return choices.find(({ length }) => length > 0) ?? records;
}

const weightOf = ({ weightedRoutingPolicies }: RecordState): number => weightedRoutingPolicies?.[0]?.weight ?? 1;

/** A record without a check is always healthy. */
function isHealthy(cloud: Cloud, { healthCheckId }: RecordState): boolean {
  const check = healthCheckId === undefined ? undefined : cloud.find(EndpointCheck, GLOBAL, healthCheckId);
  return check?.state.health !== "unhealthy";
}

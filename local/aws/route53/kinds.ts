import { kind } from "../resource.ts";
import type { Tags } from "../resource.ts";

/** Route 53's resources, which belong to no region. */
export interface RecordState {
  zoneId: string;
  /** As the program wrote it; `fqdn` is what it stands for. */
  name: string;
  fqdn: string;
  type: string;
  ttl: number;
  records: string[];
  setIdentifier?: string;
  weightedRoutingPolicies?: { weight: number }[];
  healthCheckId?: string;
}
export const DnsRecordSet = kind<RecordState>("aws:route53/record:Record");

export interface HealthCheckState {
  arn: string;
  type: string;
  fqdn: string;
  port: number;
  resourcePath: string;
  requestInterval: number;
  failureThreshold: number;
  tagsAll: Tags;
  /** What the checkers have found. */
  health: "healthy" | "unhealthy";
}
export const EndpointCheck = kind<HealthCheckState>("aws:route53/healthCheck:HealthCheck");

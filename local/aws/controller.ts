import type { HealthCheck, LedgerSnapshot, LoadBalancerRecord, Runtime, TargetHealth } from "./runtime.ts";

/**
 * What a stand-in AWS Load Balancer Controller asks AWS for on behalf of one Service. Shapes follow the controller's
 * annotations. https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
 */
export interface LoadBalancerRequest {
  cluster: string;
  region: string;
  service: { namespace: string; name: string; uid: string };
  /** Annotation aws-load-balancer-name; absent: a name made of namespace, Service and uid. */
  name?: string;
  /** The controller's default is "internal". */
  scheme: "internet-facing" | "internal";
  /** Fixed subnets (annotation aws-load-balancer-subnets); absent: found by their role tags. */
  subnetIds?: string[];
  listeners: LoadBalancerRequestListener[];
  crossZone: boolean;
  /** spec.loadBalancerSourceRanges; empty means 0.0.0.0/0. */
  sourceRanges: string[];
  tags: Record<string, string>;
}

export interface LoadBalancerRequestListener {
  protocol: "TCP" | "UDP";
  /** The Service's port. */
  port: number;
  /** Ready pods. One that is left out is deregistered: no new connection goes there. */
  targets: { ip: string; port: number }[];
  healthCheck: HealthCheck;
  preserveClientIp: boolean;
  /** Seconds. */
  deregistrationDelay: number;
  /** Seconds, 60 to 6000; AWS's default is 350. */
  idleTimeout: number;
}

/**
 * Every method acts as the role that the cluster's Pod Identity association gives to
 * kube-system/aws-load-balancer-controller, and rejects with an AwsError (code and message as the real controller logs
 * them) when there is no such association, the role may not do it, or no subnet fits.
 */
export interface LedgerLoadBalancers {
  /** Create the load balancer of a Service or make it equal to the request. Idempotent. */
  ensure(request: LoadBalancerRequest): Promise<LoadBalancerRecord>;
  /** Remove a Service's load balancer with its groups, rules and interfaces; nothing happens when there is none. */
  delete(key: { cluster: string; region: string; service: { namespace: string; name: string } }): Promise<void>;
  /** Note what health checks found; names change their addresses with it. Unknown targets are ignored. */
  setTargetHealth(targetGroupArn: string, targets: { ip: string; port: number; health: TargetHealth }[]): Promise<void>;
}

/** Where Route 53's health checkers say what they found. */
export interface LedgerEndpointHealth {
  /** Names change their answers with it. An unknown check is ignored. */
  report(healthCheckId: string, health: "healthy" | "unhealthy"): Promise<void>;
}

/** What the daemon gives to the kernel side when it starts. */
export interface RuntimeContext {
  runDir: string;
  loadBalancers: LedgerLoadBalancers;
  endpointHealth: LedgerEndpointHealth;
  /** The ledger as it is now. */
  snapshot(): LedgerSnapshot;
  log(line: string): void;
}

/** The one export that local/cloud/runtime.ts has to have. */
export type CreateRuntime = (context: RuntimeContext) => Promise<Runtime>;

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GlobalIngressPlan } from "../topology/types.ts";
import type { Tags } from "./tags.ts";

export interface GlobalIngressArgs {
  readonly plan: GlobalIngressPlan;
  /** The host name of each cluster's ingress gateway, in the plan's order. */
  readonly ingresses: readonly { readonly cluster: string; readonly hostname: pulumi.Output<string> }[];
  readonly tags: Tags;
}

/**
 * One host for users, over the ingress gateways of all clusters of a
 * [mesh of several clusters](https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-clusters): Route 53
 * answers with those that are healthy, so that a user whose region died is sent to another one.
 *
 * Creates: for each cluster a health check of its gateway and a weighted record of the host that depends on it.
 * Cost: $1.50 per month for a health check every ten seconds; the hosted zone, which is not made here, $0.50.
 * Defaults: equal weights, three checks ten seconds apart, a TTL of ten seconds. When no gateway is healthy, Route 53
 * answers with all of them.
 * Leaves out: the hosted zone and its delegation, which have to be there; TLS; the nearest cluster for each user.
 */
export class GlobalIngress extends pulumi.ComponentResource {
  constructor(name: string, { plan, ingresses, tags }: GlobalIngressArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:aws:GlobalIngress", name, {}, opts);
    const parent = { parent: this };
    const { host, healthCheck, ttlSeconds } = plan;
    const { zoneId } = aws.route53.getZoneOutput({ name: plan.hostedZone }, parent);
    for (const { cluster, hostname } of ingresses) {
      const check = new aws.route53.HealthCheck(
        `${name}-${cluster}`,
        {
          type: "HTTP",
          fqdn: hostname,
          port: healthCheck.port,
          resourcePath: healthCheck.path,
          requestInterval: healthCheck.intervalSeconds,
          failureThreshold: healthCheck.failureThreshold,
          tags: { ...tags, Name: `${name}-${cluster}` },
        },
        parent,
      );
      new aws.route53.Record(
        `${name}-${cluster}`,
        {
          zoneId,
          name: host,
          type: "CNAME",
          ttl: ttlSeconds,
          records: [hostname],
          setIdentifier: cluster,
          weightedRoutingPolicies: [{ weight: 100 }],
          healthCheckId: check.id,
        },
        parent,
      );
    }
    this.registerOutputs({ host });
  }
}

import * as pulumi from "@pulumi/pulumi";
import { importEntry, importRule } from "../istio/federation.ts";
import type { ImportedServicePlan } from "../topology/types.ts";
import { type ClusterHandle, createObject, type Dependencies, inCluster, knownLater } from "./in-cluster.ts";

export interface ImportArgs {
  readonly service: ImportedServicePlan;
  /** Host names of the east-west gateways that lead to it. */
  readonly gateways: readonly pulumi.Output<string>[];
  /** A cluster that holds the configuration of those who call. */
  readonly cluster: ClusterHandle;
  /** Its istiod. */
  readonly dependsOn: Dependencies;
}

/**
 * A service behind the gateway of somebody whose API server nobody here reads: of another of
 * [multiple meshes](https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-meshes), or of another
 * tenant in [cluster tenancy](https://istio.io/latest/docs/ops/deployment/deployment-models/#cluster-tenancy). The
 * other side opens its gateway to that service alone.
 *
 * Creates: a ServiceEntry at the other side's gateways, and a DestinationRule that checks whom it meets behind them.
 * Cost: nothing. Defaults: HTTP over mutual TLS from workload to workload; another tenant's service is known to the
 * callers' namespaces alone.
 * Leaves out: other protocols, failover to a service of one's own, and a wall between authorities: proxies get one list
 * of roots, so either mesh's authority, or that of either tenant's cluster, could issue the other's identities.
 */
export class Import extends pulumi.ComponentResource {
  constructor(
    name: string,
    { service, gateways, cluster, dependsOn }: ImportArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("istio-lab:mesh:Import", name, {}, opts);
    for (const object of [importEntry(service, gateways.map(knownLater)), importRule(service)]) {
      createObject(`${name}-${object.kind}`, object, inCluster(cluster, this, dependsOn));
    }
    this.registerOutputs({});
  }
}

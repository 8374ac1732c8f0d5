import * as pulumi from "@pulumi/pulumi";
import { importEntry, importRule } from "../istio/federation.ts";
import type { FederatedServicePlan } from "../topology/types.ts";
import { type ClusterHandle, createObject, type Dependencies, inCluster, knownLater } from "./in-cluster.ts";

export interface ImportArgs {
  readonly service: FederatedServicePlan;
  /** Host names of the other mesh's east-west gateways. */
  readonly gateways: readonly pulumi.Output<string>[];
  /** A primary of the mesh that calls. */
  readonly cluster: ClusterHandle;
  /** Its istiod. */
  readonly dependsOn: Dependencies;
}

/**
 * A service of another mesh, as one of
 * [multiple meshes](https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-meshes) sees it. The other
 * mesh opens its gateway to it; nobody reads the other's API server.
 *
 * Creates: a ServiceEntry at the other mesh's gateways, and a DestinationRule that checks whom it meets behind them.
 * Cost: nothing. Defaults: HTTP over mutual TLS from workload to workload.
 * Leaves out: other protocols, failover to a service of one's own, and holding each root to its own trust domain:
 * Istio's proxies get one list of roots, so either mesh's authority could issue the other's identities.
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

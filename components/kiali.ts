import * as pulumi from "@pulumi/pulumi";
import { kialiChart } from "../istio/charts.ts";
import { kialiAccessValues, kialiSecret, kialiTokenSecret, kialiValues } from "../istio/kiali.ts";
import { observabilityNamespace } from "../topology/names.ts";
import type { ClusterPlan, HelmValues, KialiSecretPlan, LabPlan } from "../topology/types.ts";
import { type ClusterHandle, createRelease, createSecret, type Dependencies, inCluster } from "./in-cluster.ts";
import { kubeconfigWith } from "./remote-secret.ts";

interface KialiPlace {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  /** The namespace, closed. */
  readonly dependsOn: Dependencies;
}

function release(
  name: string,
  { lab, cluster }: KialiPlace,
  values: HelmValues,
  parent: pulumi.Resource,
  dependsOn: Dependencies,
): pulumi.Resource {
  return createRelease(
    name,
    { release: "kiali", namespace: observabilityNamespace, chart: kialiChart(lab.artifacts), values, timeout: 600 },
    inCluster(cluster, parent, dependsOn),
  );
}

/**
 * Leave for the Kiali of another cluster to look at this one, one half of what
 * [several clusters](https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-clusters) need
 * (https://kiali.io/docs/configuration/multi-cluster/).
 *
 * Creates: by Kiali's chart a service account and what it may look at, and a Secret that Kubernetes fills with its token.
 * Cost: nothing. Defaults: a new token by the first `pulumi up` of every 90 days. Leaves out: leave to change objects. The
 * chart's role has leave to forward ports, by which Kiali asks proxies: whoever has the token gets at every pod.
 */
export class KialiAccess extends pulumi.ComponentResource {
  /** Secret. */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: KialiPlace, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:observability:KialiAccess", name, {}, opts);
    const { lab, plan, cluster, dependsOn } = args;
    const account = release(name, args, kialiAccessValues(), this, dependsOn);
    const token = createSecret(
      `${name}-token`,
      kialiTokenSecret(lab.readers.tokenPeriod),
      inCluster(cluster, this, [account, ...dependsOn]),
    );
    this.kubeconfig = kubeconfigWith(token, plan.name, cluster);
    this.registerOutputs({});
  }
}

/** Another cluster that Kiali looks at. */
export interface KialiRead {
  readonly plan: KialiSecretPlan;
  /** Secret. */
  readonly kubeconfig: pulumi.Output<string>;
}

export interface KialiArgs extends KialiPlace {
  readonly reads: readonly KialiRead[];
}

/**
 * [Kiali](https://istio.io/latest/docs/ops/integrations/kiali/), which shows who calls whom in a
 * [mesh](https://istio.io/latest/docs/ops/deployment/deployment-models/#mesh-models) and judges its configuration.
 *
 * Creates: Kiali's chart, and a Secret for each further cluster that it looks at.
 * Cost: nothing but room on the nodes.
 * Defaults: in one cluster whoever looks shows a token and may do what that may; with several, nobody says who they are
 * and nobody may change anything. No way in but a port forward.
 * Leaves out: traces, links to Grafana, a log-in by OpenID.
 */
export class Kiali extends pulumi.ComponentResource {
  constructor(name: string, args: KialiArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:observability:Kiali", name, {}, opts);
    const { lab, plan, cluster, reads, dependsOn } = args;
    const secrets = reads.map(({ plan: { from }, kubeconfig }) =>
      createSecret(`${name}-reads-${from}`, kialiSecret({ from, to: plan.name }), inCluster(cluster, this, dependsOn), {
        stringData: { [from]: kubeconfig },
      }),
    );
    release(name, args, kialiValues(lab, plan), this, [...secrets, ...dependsOn]);
    this.registerOutputs({});
  }
}

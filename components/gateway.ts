import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { istioChart } from "../istio/charts.ts";
import { gatewayService } from "../istio/gateway-service.ts";
import { meshOf } from "../istio/plan-queries.ts";
import { gatewayValues, gatewayVersion } from "../istio/values.ts";
import type { ClusterPlan, GatewayPlan, LabPlan } from "../topology/types.ts";
import {
  type ClusterHandle,
  createRelease,
  createService,
  type Dependencies,
  inCluster,
  knownLater,
  owningInAws,
} from "./in-cluster.ts";
import { runError } from "./run-error.ts";

export interface GatewayArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  readonly gateway: GatewayPlan;
  /** Blocks that may reach it beside those of the plan. */
  readonly callers: readonly pulumi.Output<string>[];
  readonly cluster: ClusterHandle;
  /** What the pods need: the namespace, and istiod, which puts the proxy into them. */
  readonly injection: Dependencies;
  /** What the load balancer needs for as long as it lives: its controller and the network. */
  readonly loadBalancing: Dependencies;
}

/**
 * A gateway: the way in or out of a mesh, or between two networks of it
 * ([multiple networks](https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-networks)).
 *
 * Creates: the chart `gateway` without its Service, and a Service of our own with only the ports that are wanted; on
 * EKS that becomes a Network Load Balancer, in a cluster that exists already what the stack file says.
 * Cost: $0.0225 per hour for a load balancer, $0.005 for each of its public addresses, $0.006 per capacity unit.
 * Defaults: one pod, two for an east-west gateway, spread over zones; an egress gateway has no load balancer.
 * Leaves out: autoscaling, fixed addresses, certificates for hosts.
 */
export class Gateway extends pulumi.ComponentResource {
  readonly kind: GatewayPlan["kind"];
  /** Where others call it: the load balancer's name or address, or a node's address and port; undefined without. */
  readonly hostname: pulumi.Output<string> | undefined;

  constructor(name: string, args: GatewayArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:mesh:Gateway", name, {}, opts);
    const { lab, plan, gateway, cluster, injection } = args;
    this.kind = gateway.kind;
    const release = createRelease(
      name,
      {
        release: gateway.release,
        namespace: gateway.namespace,
        chart: istioChart(lab.artifacts, "gateway", gatewayVersion(meshOf(lab, plan))),
        values: gatewayValues(lab, plan, gateway),
        timeout: 900,
      },
      inCluster(cluster, this, injection),
    );
    const service = this.#service(name, args, release);
    this.hostname = gateway.exposure === "none" ? undefined : hostnameOf(gateway, service);
    this.registerOutputs(this.hostname === undefined ? {} : { hostname: this.hostname });
  }

  /**
   * Follows its pods: while it is made it is waited for until they are ready, and after a failure elsewhere they would
   * not be begun any more. A load balancer's is deleted itself and waited for; one inside the cluster goes with it.
   */
  #service(name: string, args: GatewayArgs, pods: pulumi.Resource): k8s.core.v1.Service {
    const { plan, gateway, callers, cluster, loadBalancing } = args;
    const object = gatewayService(plan, gateway, callers.map(knownLater));
    if (gateway.exposure === "none") return createService(name, object, inCluster(cluster, this, [pods]));
    return createService(name, object, {
      ...owningInAws(cluster, this, [pods, ...loadBalancing]),
      // AWS needs two or three minutes for a load balancer, and about as long to take it away.
      customTimeouts: { create: "15m", update: "15m", delete: "15m" },
    });
  }
}

function hostnameOf(
  { service: planned }: GatewayPlan,
  service: k8s.core.v1.Service,
): pulumi.Output<string> | undefined {
  if (planned?.type === "NodePort") {
    const [port] = Object.values(planned.nodePorts);
    return planned.address === undefined ? undefined : pulumi.output(`${planned.address}:${String(port)}`);
  }
  return service.status.apply((status) => {
    // The declared type promises what an API server without a load balancer leaves out.
    const { ingress } = status.loadBalancer as {
      readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[];
    };
    const hostname = ingress?.[0]?.hostname ?? ingress?.[0]?.ip;
    if (hostname === undefined) {
      throw runError(
        "A gateway's load balancer has no host name. Ask its controller why: " +
          (planned === undefined
            ? "kubectl -n kube-system logs deployment/aws-load-balancer-controller"
            : "kubectl -n istio-system describe services"),
      );
    }
    return hostname;
  });
}

import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TrustedRoot } from "../istio/federation.ts";
import { defaultRevision, gatewayNamespaces } from "../istio/namespaces.ts";
import { meshOf } from "../istio/plan-queries.ts";
import type { ClusterOutputs } from "../topology/outputs.ts";
import type { ClusterPlan, GatewayPlan, LabPlan } from "../topology/types.ts";
import { Cluster } from "./cluster.ts";
import { ControlPlane } from "./control-plane.ts";
import { Gateway, type GatewayArgs } from "./gateway.ts";
import { HboneGateway } from "./hbone-gateway.ts";
import { ExistingCluster } from "./existing-cluster.ts";
import { type ClusterHandle, createObject, type Dependencies, inCluster } from "./in-cluster.ts";
import { LoadBalancerController } from "./load-balancer-controller.ts";
import { MeshObjects } from "./mesh-objects.ts";
import type { Network } from "./network.ts";
import { Reader } from "./remote-secret.ts";
import { Sample } from "./sample.ts";
import type { Tags } from "./tags.ts";
import { Tenant } from "./tenant.ts";
import type { Trust } from "./trust.ts";

export interface MeshClusterArgs {
  readonly lab: LabPlan;
  readonly plan: ClusterPlan;
  /** The root of the cluster's mesh. */
  readonly trust: Trust;
  /** Roots of the meshes that this cluster's mesh trusts. */
  readonly peers: readonly TrustedRoot[];
  readonly tags: Tags;
  /** Undefined for a cluster that exists already. */
  readonly aws: AwsPlace | undefined;
}

/** Where a cluster is made on AWS. */
export interface AwsPlace {
  /** The provider of its region. */
  readonly provider: aws.Provider;
  readonly network: Network;
  /** What makes the peerings of its VPC carry packets. */
  readonly links: Dependencies;
}

/** As `ClusterOutputs`, before `up` has finished. */
export type LiveClusterOutputs = { readonly [Key in keyof ClusterOutputs]: pulumi.Input<ClusterOutputs[Key]> };

/** A cluster with what its platform has beside it. */
interface PlatformCluster {
  readonly cluster: ClusterHandle;
  /** What a load balancer needs for as long as it lives. */
  readonly loadBalancing: Dependencies;
  readonly ofPlatform: Pick<LiveClusterOutputs, "eksName" | "context">;
}

/**
 * One cluster of a mesh with all that it carries: a primary, as in
 * [multiple control planes](https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-control-planes).
 *
 * Creates: EKS cluster and load balancer controller, unless the cluster exists already; control plane, gateways,
 * mesh-wide objects, samples, tenants, and a token for whoever may read it.
 * Cost: the sum of these, which each of them says. Defaults: none, the plan has them all.
 * Leaves out: its network and what two clusters have between them, which the lab makes.
 */
export class MeshCluster extends pulumi.ComponentResource {
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  readonly controlPlane: ControlPlane;
  /** Undefined where nobody reads this cluster. */
  readonly reader: Reader | undefined;
  /** Host names of its gateways by kind; none where a gateway has no load balancer. */
  readonly #gateways: ReadonlyMap<GatewayPlan["kind"], pulumi.Output<string>>;
  readonly outputs: LiveClusterOutputs;

  constructor(name: string, args: MeshClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super(
      "istio-lab:mesh:MeshCluster",
      name,
      {},
      args.aws === undefined ? opts : { ...opts, providers: { aws: args.aws.provider } },
    );
    const { lab, plan, trust, peers } = args;
    const parent = { parent: this };
    this.plan = plan;

    const { cluster, loadBalancing, ofPlatform } = this.#cluster(name, args);
    this.cluster = cluster;
    this.controlPlane = new ControlPlane(`${name}-istio`, { lab, plan, cluster, trust, peers }, parent);
    const injection = [this.controlPlane.istiod, ...this.#gatewayNamespaces(name)];
    this.#gateways = new Map(
      plan.gateways.flatMap((gateway) => {
        const gatewayArgs = { lab, plan, gateway, cluster, injection, loadBalancing };
        const hostname = createGateway(`${name}-${gateway.kind}`, gatewayArgs, parent);
        return hostname === undefined ? [] : [[gateway.kind, hostname] as const];
      }),
    );
    new MeshObjects(`${name}-mesh`, { lab, plan, cluster, dependsOn: injection }, parent);
    for (const sample of plan.samples) {
      const istiod = [this.controlPlane.istiod, ...this.controlPlane.ztunnel];
      new Sample(`${name}-${sample.name}`, { lab, plan, sample, cluster, istiod }, parent);
    }
    for (const tenant of plan.tenants) {
      const istiod = [this.controlPlane.istiod];
      new Tenant(`${name}-tenant-${tenant.name}`, { lab, plan, tenant, cluster, istiod }, parent);
    }
    this.reader = this.#reader(name, lab);
    this.outputs = { ...this.#outputs(lab), ...ofPlatform };
    this.registerOutputs(this.outputs);
  }

  #cluster(name: string, { lab, plan, tags, aws: place }: MeshClusterArgs): PlatformCluster {
    const parent = { parent: this };
    const { existing } = plan;
    if (existing !== undefined) {
      const cluster = new ExistingCluster(name, { plan: existing }, parent);
      return { cluster, loadBalancing: [], ofPlatform: { context: existing.context } };
    }
    if (place === undefined) throw new Error(`Cluster "${name}" is made on EKS and has no place on AWS.`);
    const { provider, network, links } = place;
    const cluster = new Cluster(name, { plan, network, links, tags, provider }, parent);
    const balancers = new LoadBalancerController(
      `${name}-load-balancers`,
      { cluster, region: plan.region, vpcId: network.vpcId, artifacts: lab.artifacts, tags },
      parent,
    );
    return {
      cluster,
      loadBalancing: [balancers.release, ...cluster.ready, ...network.connected],
      ofPlatform: { eksName: cluster.eksName },
    };
  }

  #gatewayNamespaces(name: string): Dependencies {
    return gatewayNamespaces(this.plan).map((namespace) =>
      createObject(
        `${name}-${namespace.metadata.name}`,
        namespace,
        inCluster(this.cluster, this, [this.controlPlane.namespace]),
      ),
    );
  }

  #reader(name: string, lab: LabPlan): Reader | undefined {
    if (!lab.remoteSecrets.some((secret) => secret.from === this.plan.name)) return undefined;
    const dependsOn = [this.controlPlane.istiod];
    const { plan, cluster } = this;
    return new Reader(
      `${name}-reader`,
      { clusterName: plan.name, cluster, plan: lab.readers, dependsOn },
      { parent: this },
    );
  }

  /** The load balancer's host name of a gateway that the plan says is reached from outside. */
  hostnameOf(kind: GatewayPlan["kind"]): pulumi.Output<string> {
    const hostname = this.#gateways.get(kind);
    if (hostname === undefined) throw new Error(`Cluster "${this.plan.name}" has no ${kind} gateway with an address.`);
    return hostname;
  }

  #outputs(lab: LabPlan): LiveClusterOutputs {
    const { region, roles, network, kubernetesVersion } = this.plan;
    const { apiServer } = this.cluster;
    const ingressHostname = this.#gateways.get("ingress");
    const eastWestHostname = this.#gateways.get("east-west");
    const { version } = meshOf(lab, this.plan);
    return {
      region,
      roles: [...roles],
      network,
      ...(apiServer === undefined ? {} : { apiServer }),
      kubernetesVersion,
      ...(this.plan.controlPlane === undefined ? {} : { controlPlane: { version, revision: defaultRevision } }),
      ...(ingressHostname === undefined ? {} : { ingressHostname }),
      ...(eastWestHostname === undefined ? {} : { eastWestHostname }),
    };
  }
}

/** Makes a gateway, by Istio's chart or by istiod itself. The host name of its load balancer, where it has one. */
function createGateway(
  name: string,
  args: GatewayArgs,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Output<string> | undefined {
  if (args.gateway.madeBy === "chart") return new Gateway(name, args, opts).hostname;
  new HboneGateway(name, args, opts);
  return undefined;
}

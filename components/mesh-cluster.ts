import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TrustedRoot } from "../istio/federation.ts";
import { istiodGatewayOf } from "../istio/istiod-gateway.ts";
import { gatewayNamespaces } from "../istio/namespaces.ts";
import { dashboardsOf } from "../istio/observability.ts";
import { meshOf } from "../istio/plan-queries.ts";
import type { ClusterOutputs } from "../topology/outputs.ts";
import { isExternalControlPlane } from "../topology/queries.ts";
import type { ClusterPlan, GatewayPlan, KialiSecretPlan, LabPlan, RemoteSecretPlan } from "../topology/types.ts";
import { Cluster } from "./cluster.ts";
import { ControlPlane } from "./control-plane.ts";
import { ExternalControlPlane } from "./external-control-plane.ts";
import { Gateway, type GatewayArgs } from "./gateway.ts";
import { HboneGateway } from "./hbone-gateway.ts";
import { ExistingCluster } from "./existing-cluster.ts";
import { type ClusterHandle, createObject, type Dependencies, inCluster } from "./in-cluster.ts";
import { Kiali, KialiAccess, type KialiRead } from "./kiali.ts";
import { LoadBalancerController } from "./load-balancer-controller.ts";
import { MeshObjects } from "./mesh-objects.ts";
import type { Network } from "./network.ts";
import { Observability } from "./observability.ts";
import { RemoteControlPlane, type ServingControlPlane } from "./remote-control-plane.ts";
import { Reader, RemoteSecret } from "./remote-secret.ts";
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
  /** The cluster whose istiod serves this one; undefined for one that has its own. */
  readonly primary: MeshCluster | undefined;
}

/** Where a cluster is made on AWS. */
export interface AwsPlace {
  /** The provider of its region. */
  readonly provider: aws.Provider;
  readonly network: Network;
  /** What makes the peerings of its VPC carry packets. */
  readonly links: Dependencies;
  /** The block, of one address, that private nodes of a cluster call from. */
  readonly natBlockOf: (cluster: string) => pulumi.Output<string>;
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
 * One cluster of a mesh with all that it carries, in any role of the
 * [control plane models](https://istio.io/latest/docs/ops/deployment/deployment-models/#control-plane-models): primary,
 * remote, or the place of an external control plane.
 *
 * Creates: EKS cluster and load balancer controller, unless the cluster exists already; control plane, gateways,
 * mesh-wide objects, samples, tenants, what shows how the mesh does, and a token for whoever may read it.
 * Cost: the sum of these, which each of them says. Defaults: none, the plan has them all.
 * Leaves out: its network and what two clusters have between them. `admit` and `reads` make this cluster's half, when
 * the lab asks.
 */
export class MeshCluster extends pulumi.ComponentResource {
  readonly plan: ClusterPlan;
  readonly cluster: ClusterHandle;
  readonly controlPlane: ControlPlane | RemoteControlPlane;
  /** Host names of its gateways by kind; none where a gateway has no load balancer. */
  readonly #gateways: ReadonlyMap<GatewayPlan["kind"], pulumi.Output<string>>;
  readonly outputs: LiveClusterOutputs;
  readonly #args: MeshClusterArgs;
  /** By the kind of secret that they are for. */
  readonly #readers: ReadonlyMap<RemoteSecretPlan["type"], Reader>;
  readonly #istiodHost: pulumi.Output<string> | undefined;
  readonly #meshObjects: MeshObjects;
  /** The istiod that runs here for others, once there is a cluster to read its configuration from. */
  #external: ExternalControlPlane | undefined;
  readonly #observability: Observability | undefined;

  constructor(name: string, args: MeshClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super(
      "istio-lab:mesh:MeshCluster",
      name,
      {},
      args.aws === undefined ? opts : { ...opts, providers: { aws: args.aws.provider } },
    );
    const { lab, plan } = args;
    const parent = { parent: this };
    this.plan = plan;
    this.#args = args;

    const { cluster, loadBalancing, ofPlatform } = this.#cluster(name, args);
    this.cluster = cluster;
    const servedBy = args.primary?.serve(plan);
    this.controlPlane = this.#controlPlane(name, servedBy);
    this.#readers = this.#makeReaders(name);
    const istiod = [...this.controlPlane.istiod, ...(servedBy?.admit(this) ?? [])];
    const injection = [...istiod, ...this.#gatewayNamespaces(name)];
    this.#gateways = new Map(
      plan.gateways.flatMap((gateway) => {
        const callers = gateway.callerNats.map((caller) => this.#natBlockOf(caller));
        const gatewayArgs = { lab, plan, gateway, callers, cluster, injection, loadBalancing };
        const hostname = createGateway(`${name}-${gateway.kind}`, gatewayArgs, parent);
        return hostname === undefined ? [] : [[gateway.kind, hostname] as const];
      }),
    );
    const toIstiod = istiodGatewayOf(plan);
    this.#istiodHost = toIstiod && this.#gateways.get(toIstiod.kind);
    this.#meshObjects = new MeshObjects(`${name}-mesh`, { lab, plan, cluster, dependsOn: injection }, parent);
    const ztunnel = this.controlPlane instanceof ControlPlane ? this.controlPlane.ztunnel : [];
    for (const sample of plan.samples) {
      new Sample(`${name}-${sample.name}`, { lab, plan, sample, cluster, istiod: [...istiod, ...ztunnel] }, parent);
    }
    for (const tenant of plan.tenants) {
      new Tenant(`${name}-tenant-${tenant.name}`, { lab, plan, tenant, cluster, istiod }, parent);
    }
    this.#observability = this.#makeObservability(name, [...istiod, ...ztunnel, ...(servedBy?.observed ?? [])]);
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
    const readers = plan.endpoint.readerNats.map((reader) => place.natBlockOf(reader));
    const cluster = new Cluster(name, { plan, network, links, readers, tags, provider }, parent);
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

  #natBlockOf(caller: string): pulumi.Output<string> {
    const { aws: place } = this.#args;
    if (place === undefined) throw new Error(`"${caller}" calls from an address that only AWS knows.`);
    return place.natBlockOf(caller);
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

  #controlPlane(name: string, servedBy: ServingControlPlane | undefined): ControlPlane | RemoteControlPlane {
    const { cluster } = this;
    const { lab, plan, trust, peers } = this.#args;
    const args = { lab, plan, cluster, trust };
    if (servedBy === undefined) return new ControlPlane(`${name}-istio`, { ...args, peers }, { parent: this });
    return new RemoteControlPlane(`${name}-istio`, { ...args, servedBy }, { parent: this });
  }

  #makeReaders(name: string): ReadonlyMap<RemoteSecretPlan["type"], Reader> {
    const { plan, cluster } = this;
    const secrets = this.#args.lab.remoteSecrets.filter(({ from }) => from === plan.name);
    const dependsOn = this.controlPlane.istiod;
    const types = [...new Set(secrets.map(({ type }) => type))];
    const logical = { remote: `${name}-reader`, config: `${name}-istiod-reader` };
    const args = { of: plan, cluster, plan: this.#args.lab.readers, dependsOn };
    return new Map(types.map((type) => [type, new Reader(logical[type], { ...args, type }, { parent: this })]));
  }

  /** This cluster's istiod, or the one that runs here for others, as a remote of it sees it. */
  serve(remote: ClusterPlan): ServingControlPlane {
    const secret = this.#args.lab.remoteSecrets.find(({ from, to }) => from === remote.name && to === this.plan.name);
    if (this.#istiodHost === undefined || secret === undefined)
      throw new Error(`Cluster "${this.plan.name}" is not planned to serve "${remote.name}".`);
    const host = this.#istiodHost;
    return {
      host,
      route: this.#meshObjects.objects,
      observed: this.#observability?.ready ?? [],
      admit: (from) => [this.#admit(secret, from, host)],
    };
  }

  /** The config cluster of an external istiod is where it starts from; any further cluster it reads by a remote secret. */
  #admit(secret: RemoteSecretPlan, from: MeshCluster, host: pulumi.Output<string>): pulumi.Resource {
    if (secret.type === "remote") return this.reads(secret, from);
    const { cluster } = this;
    const { lab, plan, trust } = this.#args;
    const args = { lab, plan, cluster, trust, host, config: secret, reader: from.readerFor(secret) };
    this.#external = new ExternalControlPlane(`${plan.name}-external`, args, { parent: this });
    return this.#external.istiod;
  }

  /** Lets the istiod of this cluster read another's API server. */
  reads(plan: RemoteSecretPlan, from: MeshCluster): pulumi.Resource {
    const dependsOn = this.#external === undefined ? this.controlPlane.istiod : [this.#external.istiod];
    const args = { plan, reader: from.readerFor(plan), cluster: this.cluster, dependsOn };
    return new RemoteSecret(`${plan.to}-reads-${plan.from}`, args, { parent: this }).secret;
  }

  readerFor({ type }: RemoteSecretPlan): Reader {
    const reader = this.#readers.get(type);
    if (reader === undefined)
      throw new Error(`Cluster "${this.plan.name}" has no reader's token for a secret of type ${type}.`);
    return reader;
  }

  #makeObservability(name: string, istiod: Dependencies): Observability | undefined {
    const { plan, cluster } = this;
    if (plan.observability === undefined) return undefined;
    const args = { lab: this.#args.lab, plan, cluster, istiod };
    return new Observability(`${name}-observability`, args, { parent: this });
  }

  /** What observability needs to be there for further parts of it. */
  get #observed(): Dependencies {
    if (this.#observability === undefined) throw new Error(`Cluster "${this.plan.name}" has no observability.`);
    return this.#observability.ready;
  }

  /** Lets the Kiali of another cluster look at this one. Secret: what it does so with. */
  showTo({ to }: KialiSecretPlan): pulumi.Output<string> {
    const { plan, cluster } = this;
    const args = { lab: this.#args.lab, plan, cluster, dependsOn: this.#observed };
    return new KialiAccess(`${plan.name}-kiali-of-${to}`, args, { parent: this }).kubeconfig;
  }

  /** Kiali, which reads the given clusters beside its own. */
  addKiali(reads: readonly KialiRead[]): void {
    const { plan, cluster } = this;
    const args = { lab: this.#args.lab, plan, cluster, reads, dependsOn: this.#observed };
    new Kiali(`${plan.name}-kiali`, args, { parent: this });
  }

  /** The load balancer's host name of a gateway that the plan says is reached from outside. */
  hostnameOf(kind: GatewayPlan["kind"]): pulumi.Output<string> {
    const hostname = this.#gateways.get(kind);
    if (hostname === undefined) throw new Error(`Cluster "${this.plan.name}" has no ${kind} gateway with an address.`);
    return hostname;
  }

  #outputs(lab: LabPlan): LiveClusterOutputs {
    const { region, roles, primary, network, kubernetesVersion } = this.plan;
    const { apiServer } = this.cluster;
    const ingressHostname = isExternalControlPlane(this.plan) ? undefined : this.#gateways.get("ingress");
    const eastWestHostname = this.#gateways.get("east-west");
    const { revisions } = meshOf(lab, this.plan);
    const dashboards = dashboardsOf(this.plan);
    return {
      region,
      roles: [...roles],
      primary,
      network,
      ...(apiServer === undefined ? {} : { apiServer }),
      kubernetesVersion,
      ...(this.plan.controlPlane === undefined ? {} : { controlPlanes: revisions }),
      ...(ingressHostname === undefined ? {} : { ingressHostname }),
      ...(eastWestHostname === undefined ? {} : { eastWestHostname }),
      ...(this.#istiodHost === undefined ? {} : { istiodHostname: this.#istiodHost }),
      ...(dashboards.length === 0 ? {} : { dashboards }),
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

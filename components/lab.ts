import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { TrustedRoot } from "../istio/federation.ts";
import { meshOf } from "../istio/plan-queries.ts";
import { labIdTag, stackTag } from "../topology/names.ts";
import { servingFirst } from "../topology/queries.ts";
import type { LabPlan, MeshPlan } from "../topology/types.ts";
import { GlobalIngress } from "./global-ingress.ts";
import { Import } from "./import.ts";
import { knownLater } from "./in-cluster.ts";
import { type AwsPlace, type LiveClusterOutputs, MeshCluster } from "./mesh-cluster.ts";
import { Network } from "./network.ts";
import { type LinkEnd, NetworkLink } from "./network-link.ts";
import type { Tags } from "./tags.ts";
import { Trust } from "./trust.ts";

export interface LabArgs {
  readonly plan: LabPlan;
  /** Secret. The key of a root of one's own, which no plan holds. */
  readonly rootKey?: pulumi.Output<string> | undefined;
}

/** As `LabOutputs`, before `up` has finished. */
export interface LiveLabOutputs {
  readonly clusters: Readonly<Record<string, LiveClusterOutputs>>;
  readonly kubeconfigs: pulumi.Output<Record<string, string>>;
  readonly meshVersion: string;
  readonly labId: pulumi.Output<string>;
}

/**
 * A whole [deployment model](https://istio.io/latest/docs/ops/deployment/deployment-models/): clusters, each with its
 * network, mesh and workloads, and what connects them.
 *
 * Creates: an id, a provider per region of AWS, every network there and the links between them, a root of trust per
 * mesh, every cluster, the remote secrets between them, and one host over their ingress gateways.
 * Cost: the sum of its clusters; `npm run lab -- plan` prints it.
 * Defaults: none, the plan has them all.
 * Leaves out: whatever the plan does not say. Nothing is decided here.
 */
export class Lab extends pulumi.ComponentResource {
  readonly outputs: LiveLabOutputs;

  constructor(name: string, { plan, rootKey }: LabArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("istio-lab:lab:Lab", name, {}, opts);
    const id = new random.RandomId(`${name}-id`, { byteLength: 4 }, { parent: this });
    const regions = this.#providers(name, plan);
    const tags = { ...plan.tags, [labIdTag]: id.hex, [stackTag]: pulumi.getStack() };
    const networks = this.#networks(plan, regions, tags);
    const links = this.#links(plan, regions, networks, tags);
    const roots = this.#roots(name, plan, rootKey);
    const clusters = this.#clusters(plan, regions, networks, links, roots, tags);
    this.#remoteSecrets(plan, clusters);
    this.#imports(plan, clusters);
    this.#kialis(plan, clusters);
    this.#globalIngress(name, plan, regions, clusters, tags);

    this.outputs = {
      clusters: Object.fromEntries([...clusters].map(([cluster, { outputs }]) => [cluster, outputs])),
      kubeconfigs: pulumi.secret(
        pulumi.all(Object.fromEntries([...clusters].map(([key, { cluster }]) => [key, cluster.kubeconfig]))),
      ),
      meshVersion: [...new Set(plan.meshes.map(({ version }) => version))].sort().join(", "),
      labId: id.hex,
    };
    this.registerOutputs(this.outputs);
  }

  /**
   * One provider per region. All its settings are known before anything exists: with the lab's id among its default
   * tags, the first preview would get no answer about availability zones.
   */
  #providers(name: string, plan: LabPlan): ReadonlyMap<string, aws.Provider> {
    const made = plan.clusters.filter(({ existing }) => existing === undefined);
    const regions = [...new Set(made.map(({ region }) => region))].sort() as aws.Region[];
    const provider = (region: aws.Region): aws.Provider =>
      new aws.Provider(`${name}-${region}`, { region }, { parent: this });
    return new Map(regions.map((region) => [region, provider(region)]));
  }

  /** All networks first, since what joins two of them has to stand before the nodes of either. */
  #networks(lab: LabPlan, regions: ReadonlyMap<string, aws.Provider>, tags: Tags): ReadonlyMap<string, Network> {
    const made = lab.clusters.filter(({ existing }) => existing === undefined);
    return new Map(
      made.map(({ name, region, vpc }) => {
        const options = { parent: this, providers: { aws: found(regions, region) } };
        return [name, new Network(`${name}-network`, { plan: vpc, tags }, options)];
      }),
    );
  }

  #links(
    lab: LabPlan,
    regions: ReadonlyMap<string, aws.Provider>,
    networks: ReadonlyMap<string, Network>,
    tags: Tags,
  ): readonly NetworkLink[] {
    const plans = new Map(lab.clusters.map((plan) => [plan.name, plan]));
    const end = (cluster: string): LinkEnd => {
      const { region } = found(plans, cluster);
      return { cluster, region, network: found(networks, cluster), provider: found(regions, region) };
    };
    return lab.networkLinks.map(
      ({ a, b }) => new NetworkLink(`${a}-${b}-link`, { requester: end(a), accepter: end(b), tags }, { parent: this }),
    );
  }

  #roots(name: string, plan: LabPlan, ownKey: LabArgs["rootKey"]): ReadonlyMap<string, Trust> {
    const root = (mesh: string, rootName: string): Trust =>
      new Trust(`${name}-trust-${mesh}`, { rootName, ca: plan.ca, ownKey }, { parent: this });
    return new Map(plan.meshes.map((mesh) => [mesh.name, root(mesh.name, mesh.rootName)]));
  }

  #clusters(
    lab: LabPlan,
    regions: ReadonlyMap<string, aws.Provider>,
    networks: ReadonlyMap<string, Network>,
    links: readonly NetworkLink[],
    roots: ReadonlyMap<string, Trust>,
    tags: Tags,
  ): ReadonlyMap<string, MeshCluster> {
    const placeOf = (cluster: string, region: string): AwsPlace => ({
      provider: found(regions, region),
      network: found(networks, cluster),
      links: links.filter(({ joins }) => joins.includes(cluster)).flatMap(({ connected }) => connected),
      natBlockOf: (caller) => found(networks, caller).natBlock,
    });
    const clusters = new Map<string, MeshCluster>();
    for (const plan of servingFirst(lab.clusters)) {
      const place = plan.existing === undefined ? placeOf(plan.name, plan.region) : undefined;
      const trust = { trust: found(roots, plan.mesh), peers: trustedRoots(meshOf(lab, plan), roots) };
      const args = { lab, plan, tags, ...trust, aws: place, primary: clusters.get(plan.primary) };
      clusters.set(plan.name, new MeshCluster(plan.name, args, { parent: this }));
    }
    return clusters;
  }

  /** Of clusters that have an istiod of their own: a remote is read by its primary from the start. */
  #remoteSecrets(lab: LabPlan, clusters: ReadonlyMap<string, MeshCluster>): void {
    for (const secret of lab.remoteSecrets) {
      const from = found(clusters, secret.from);
      if (from.plan.primary !== secret.to) found(clusters, secret.to).reads(secret, from);
    }
  }

  /** After all clusters, of which each may have to let a Kiali in. */
  #kialis(lab: LabPlan, clusters: ReadonlyMap<string, MeshCluster>): void {
    for (const home of [...clusters.values()].filter(({ plan }) => plan.observability?.kiali !== undefined)) {
      const secrets = lab.kialiSecrets.filter(({ to }) => to === home.plan.name);
      home.addKiali(
        secrets.map((secret) => ({ plan: secret, kubeconfig: found(clusters, secret.from).showTo(secret) })),
      );
    }
  }

  /** Every cluster from which an istiod of those that call reads its configuration gets the objects. */
  #imports(lab: LabPlan, clusters: ReadonlyMap<string, MeshCluster>): void {
    for (const to of [...clusters.values()].filter(holdsConfig)) {
      for (const service of [...meshOf(lab, to.plan).imports, ...to.plan.imports]) {
        const gateways = service.gateways.map((gateway) => found(clusters, gateway).hostnameOf("east-west"));
        new Import(
          `${to.plan.name}-import-${service.host}`,
          { service, gateways, cluster: to.cluster, dependsOn: to.controlPlane.istiod },
          { parent: to },
        );
      }
    }
  }

  /** Route 53 has no regions, so the provider of any of them will do. */
  #globalIngress(
    name: string,
    { globalIngress: plan }: LabPlan,
    regions: ReadonlyMap<string, aws.Provider>,
    clusters: ReadonlyMap<string, MeshCluster>,
    tags: Tags,
  ): void {
    const [provider] = regions.values();
    if (plan === undefined || provider === undefined) return;
    const ingresses = plan.clusters.map((cluster) => ({
      cluster,
      hostname: found(clusters, cluster).hostnameOf("ingress"),
    }));
    const options = { parent: this, providers: { aws: provider } };
    new GlobalIngress(`${name}-global-ingress`, { plan, ingresses, tags }, options);
  }
}

function holdsConfig({ plan }: MeshCluster): boolean {
  return plan.config === plan.name;
}

function trustedRoots({ trusts }: MeshPlan, roots: ReadonlyMap<string, Trust>): TrustedRoot[] {
  return trusts.map(({ mesh, trustDomain }) => ({
    trustDomain,
    certificate: knownLater(found(roots, mesh).certificate),
  }));
}

function found<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`The plan names "${key}", which it does not hold.`);
  return value;
}

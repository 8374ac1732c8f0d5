import type { CreateRuntime, RuntimeContext } from "../aws/controller.ts";
import type {
  AccessEntry,
  AddonRecord,
  ClusterCredentials,
  ClusterRecord,
  ClusterToken,
  LedgerSnapshot,
  NodeGroupRecord,
  NodeRecord,
  Runtime,
} from "../aws/runtime.ts";
import { Authenticator } from "./cluster/authenticator.ts";
import { bootstrapAccess, installCoreDns, installCoreDnsAddon, removeCoreDns } from "./cluster/bootstrap.ts";
import { adminClient, startControlPlane, stopControlPlane } from "./cluster/control-plane.ts";
import { KubeError } from "./cluster/kube-client.ts";
import type { KubeClient, KubeObject } from "./cluster/kube-client.ts";
import {
  forgetNode,
  installCni,
  nodeReady,
  removeCni,
  startKubeProxy,
  startNode,
  stopKubeProxy,
  stopNode,
} from "./cluster/node.ts";
import { DnsServer } from "./dns.ts";
import { EndpointChecks } from "./endpoint-checks.ts";
import { LoadBalancerController } from "./load-balancer/controller.ts";
import { HealthChecks } from "./load-balancer/health.ts";
import { findMachine } from "./machines.ts";
import { PretendedPods } from "./pretended-pods.ts";
import { controlPlaneNamespace, internetAddresses } from "./names.ts";
import { NetworkApplier } from "./network/apply.ts";
import { deriveNetwork } from "./network/router.ts";
import { NetworkPolicyAgent } from "./network-policy/agent.ts";
import { startRegistry } from "./registry.ts";
import { openWorld } from "./world.ts";

/**
 * Makes the ledger real on this machine. The calling process has to be in namespace il-internet (see enterCommand),
 * where DNS, the registry and the authenticator listen. Clusters that still run are taken over.
 */
export const createRuntime: CreateRuntime = async (context) => {
  await openWorld(context.runDir);
  const runtime = new KernelRuntime(context);
  await runtime.start();
  return runtime;
};

class KernelRuntime implements Runtime {
  readonly #context: RuntimeContext;
  readonly #withNodes = process.env["ISTIO_LAB_NODES"] !== "none";
  readonly #network: NetworkApplier;
  readonly #dns: DnsServer;
  readonly #authenticator: Authenticator;
  readonly #health: HealthChecks;
  readonly #endpoints: EndpointChecks;
  /** By ARN. */
  readonly #controllers = new Map<string, LoadBalancerController>();
  /** By ARN; only without nodes. */
  readonly #pretended = new Map<string, PretendedPods>();
  /** By the cluster's ARN, where the VPC CNI is told to enforce NetworkPolicies. */
  readonly #policyAgents = new Map<string, NetworkPolicyAgent>();

  constructor(context: RuntimeContext) {
    this.#context = context;
    this.#network = new NetworkApplier(context.runDir);
    this.#dns = new DnsServer(internetAddresses.resolver, context.snapshot());
    this.#authenticator = new Authenticator(context.runDir);
    this.#health = new HealthChecks(context.loadBalancers, (line) => {
      context.log(line);
    });
    this.#endpoints = new EndpointChecks(context.endpointHealth, (line) => {
      context.log(line);
    });
  }

  async start(): Promise<void> {
    const snapshot = this.#context.snapshot();
    await this.#authenticator.listen();
    await startRegistry(this.#context.runDir);
    await this.reconcile(snapshot);
    for (const cluster of snapshot.clusters) {
      if (findMachine(this.#context.runDir, controlPlaneNamespace(cluster)) === undefined) {
        this.#context.log(`cluster ${cluster.name} is in the ledger, but its control plane does not run`);
      } else {
        this.#control(cluster);
        for (const addon of cluster.addons.filter(({ name }) => name === "vpc-cni")) {
          await this.#enforcePolicies(cluster, addon);
        }
      }
    }
  }

  async reconcile(snapshot: LedgerSnapshot): Promise<void> {
    await this.#network.apply(deriveNetwork(snapshot));
    await this.#dns.update(snapshot);
    this.#health.update(snapshot);
    this.#endpoints.update(snapshot);
    for (const cluster of snapshot.clusters) this.#authenticator.setAccess(cluster, cluster.access);
  }

  async createCluster(cluster: ClusterRecord): Promise<ClusterCredentials> {
    const addresses = this.#addressesOf(cluster);
    if (addresses.length === 0) throw new Error(`cluster ${cluster.name} has no network interface in its subnets`);
    this.#authenticator.setAccess(cluster, cluster.access);
    const withNodes = this.#withNodes;
    const { certificateAuthority, client } = await startControlPlane({
      runDir: this.#context.runDir,
      cluster,
      addresses,
      withNodes,
    });
    await bootstrapAccess(client);
    if (cluster.bootstrapSelfManagedAddons) await installCoreDns(client, cluster);
    client.close();
    this.#control(cluster);
    return { certificateAuthority: Buffer.from(certificateAuthority).toString("base64") };
  }

  /** Endpoint access is part of the network; nothing inside the cluster changes. */
  updateCluster(): Promise<void> {
    return this.reconcile(this.#context.snapshot());
  }

  async deleteCluster(cluster: ClusterRecord): Promise<void> {
    this.#controllers.get(cluster.arn)?.stop();
    this.#controllers.delete(cluster.arn);
    this.#pretended.get(cluster.arn)?.stop();
    this.#pretended.delete(cluster.arn);
    this.#policyAgents.get(cluster.arn)?.stop();
    this.#policyAgents.delete(cluster.arn);
    for (const { nodes } of cluster.nodeGroups) await this.#stopNodes(cluster, nodes);
    await stopControlPlane(this.#context.runDir, cluster);
    this.#authenticator.forget(cluster);
  }

  async createNodeGroup(cluster: ClusterRecord, group: NodeGroupRecord): Promise<void> {
    if (!this.#withNodes) return;
    const { runDir } = this.#context;
    const vpc = this.#context.snapshot().vpcs.find(({ id }) => id === cluster.vpcId);
    if (vpc === undefined) throw new Error(`VPC ${cluster.vpcId} of cluster ${cluster.name} does not exist`);
    const client = adminClient(runDir, cluster);
    try {
      await removeSurplus(client, group);
      await Promise.all(
        group.nodes.map(async (node) => {
          await startNode(runDir, cluster, group, node, vpc.resolverIp);
          if (carries(cluster, "vpc-cni")) await installCni(runDir, node);
          if (carries(cluster, "kube-proxy")) await startKubeProxy(runDir, node);
          await nodeReady(client, runDir, node);
        }),
      );
    } finally {
      client.close();
    }
  }

  async deleteNodeGroup(cluster: ClusterRecord, group: NodeGroupRecord): Promise<void> {
    await this.#stopNodes(cluster, group.nodes);
  }

  async installAddon(cluster: ClusterRecord, addon: AddonRecord): Promise<void> {
    const { runDir } = this.#context;
    const nodes = cluster.nodeGroups.flatMap((group) => group.nodes);
    if (addon.name === "vpc-cni") {
      await Promise.all(nodes.map((node) => installCni(runDir, node)));
      await this.#enforcePolicies(cluster, addon);
    }
    if (addon.name === "kube-proxy") await Promise.all(nodes.map((node) => startKubeProxy(runDir, node)));
    if (addon.name === "coredns") await this.#with(cluster, (client) => installCoreDnsAddon(client, cluster, addon));
  }

  async deleteAddon(cluster: ClusterRecord, addon: AddonRecord): Promise<void> {
    const { runDir } = this.#context;
    const nodes = cluster.nodeGroups.flatMap((group) => group.nodes);
    if (addon.name === "vpc-cni") {
      await Promise.all(nodes.map((node) => removeCni(runDir, node)));
      await this.#enforcePolicies(cluster);
    }
    if (addon.name === "kube-proxy") await Promise.all(nodes.map((node) => stopKubeProxy(runDir, node)));
    if (addon.name === "coredns") await this.#ifAnswering(cluster, removeCoreDns);
  }

  setAccess(cluster: ClusterRecord, entries: AccessEntry[]): Promise<void> {
    for (const { principalArn, policies } of entries) {
      if (policies.every(({ scope }) => scope.type === "cluster")) continue;
      this.#context.log(`${cluster.name}: ${principalArn} gets nothing from policies that are scoped to namespaces`);
    }
    this.#authenticator.setAccess(cluster, entries);
    return Promise.resolve();
  }

  token(cluster: ClusterRecord, principalArn: string): Promise<ClusterToken> {
    return Promise.resolve(this.#authenticator.token(cluster, principalArn));
  }

  close(): Promise<void> {
    for (const controller of this.#controllers.values()) controller.stop();
    this.#controllers.clear();
    for (const pods of this.#pretended.values()) pods.stop();
    this.#pretended.clear();
    for (const agent of this.#policyAgents.values()) agent.stop();
    this.#policyAgents.clear();
    this.#health.close();
    this.#endpoints.close();
    this.#authenticator.close();
    this.#dns.close();
    return Promise.resolve();
  }

  #control(cluster: ClusterRecord): void {
    if (this.#controllers.has(cluster.arn)) return;
    const { runDir, loadBalancers } = this.#context;
    const client = adminClient(runDir, cluster);
    const controller = new LoadBalancerController(cluster, client, loadBalancers, (line) => {
      this.#context.log(line);
    });
    this.#controllers.set(cluster.arn, controller);
    controller.start();
    if (this.#withNodes) return;
    const pods = new PretendedPods(adminClient(runDir, cluster), () => this.#addressForPods(cluster));
    this.#pretended.set(cluster.arn, pods);
    pods.start();
  }

  #addressesOf(cluster: ClusterRecord): string[] {
    const interfaces = new Map(this.#context.snapshot().networkInterfaces.map((eni) => [eni.id, eni.privateIp]));
    return cluster.networkInterfaceIds.map((id) => interfaces.get(id)).filter((ip) => ip !== undefined);
  }

  /** A node's, as a load balancer's target has to be one; before there are nodes, the API server's own. */
  #addressForPods({ arn, ...cluster }: ClusterRecord): string {
    const now = this.#context.snapshot().clusters.find((one) => one.arn === arn);
    const [node] = (now?.nodeGroups ?? []).flatMap(({ nodes }) => nodes);
    return node?.privateIp ?? this.#addressesOf({ arn, ...cluster })[0] ?? cluster.publicIp;
  }

  /** The CNI's node agents run where the add-on's configuration says so, and nowhere else. */
  async #enforcePolicies(cluster: ClusterRecord, addon?: AddonRecord): Promise<void> {
    const running = this.#policyAgents.get(cluster.arn);
    const wanted = addon?.configuration["enableNetworkPolicy"] === "true";
    if (wanted === (running !== undefined)) return;
    if (running !== undefined) {
      this.#policyAgents.delete(cluster.arn);
      await running.remove();
      return;
    }
    const context = this.#context;
    const agent = new NetworkPolicyAgent({
      runDir: context.runDir,
      client: adminClient(context.runDir, cluster),
      nodes: () => {
        const current = context.snapshot().clusters.find(({ arn }) => arn === cluster.arn);
        return (current?.nodeGroups ?? []).flatMap(({ nodes }) => nodes);
      },
      log: (line) => {
        context.log(line);
      },
    });
    this.#policyAgents.set(cluster.arn, agent);
    agent.start();
  }

  async #stopNodes(cluster: ClusterRecord, nodes: NodeRecord[]): Promise<void> {
    await Promise.all(nodes.map((node) => stopNode(this.#context.runDir, node)));
    await this.#ifAnswering(cluster, (client) => Promise.all(nodes.map((node) => forgetNode(client, node))));
  }

  /** AWS takes instances and add-ons away from a cluster that does not answer, too. */
  async #ifAnswering(cluster: ClusterRecord, use: (client: KubeClient) => Promise<unknown>): Promise<void> {
    try {
      await this.#with(cluster, use);
    } catch (error) {
      if (error instanceof KubeError) throw error;
      this.#context.log(`cluster ${cluster.name} does not answer and keeps its objects: ${(error as Error).message}`);
    }
  }

  async #with(cluster: ClusterRecord, use: (client: KubeClient) => Promise<unknown>): Promise<void> {
    const client = adminClient(this.#context.runDir, cluster);
    try {
      await use(client);
    } finally {
      client.close();
    }
  }
}

/** Whether the cluster has that add-on, from EKS or self-managed. */
function carries(cluster: ClusterRecord, addon: string): boolean {
  return cluster.bootstrapSelfManagedAddons || cluster.addons.some(({ name }) => name === addon);
}

/** Ends nodes that the group no longer lists. */
async function removeSurplus(client: KubeClient, group: NodeGroupRecord): Promise<void> {
  const selector = encodeURIComponent(`eks.amazonaws.com/nodegroup=${group.name}`);
  const { items } = await client.call<{ items: KubeObject[] }>("GET", `/api/v1/nodes?labelSelector=${selector}`);
  for (const { metadata } of items) {
    // The namespace of a node that has left the ledger is gone already, and its machine with it.
    if (!group.nodes.some(({ name }) => name === metadata.name)) await client.remove(`/api/v1/nodes/${metadata.name}`);
  }
}

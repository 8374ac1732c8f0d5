import type { AccessEntry, AddonRecord, ClusterRecord, LedgerSnapshot, NodeGroupRecord } from "./snapshot.ts";

export type * from "./snapshot.ts";

/**
 * What makes the ledger's records real: networks, clusters, nodes, names. The ledger decides everything (addresses,
 * names, who may reach whom) and records it before it calls; an implementation only carries it out, and may be asked
 * twice for the same thing, for example after a restart. A rejected promise fails the AWS call that caused it, with
 * the error's message.
 */
export interface Runtime {
  /**
   * Make routers, interfaces, addresses, filters, names and load balancers equal to the snapshot. Idempotent. It is
   * called before createCluster and createNodeGroup with the interfaces they need, and after every other change.
   * Calls never overlap; a later snapshot replaces those that have not been handed over yet.
   */
  reconcile(snapshot: LedgerSnapshot): Promise<void>;
  /** Start a control plane; resolves when its API server answers. The record's status is still CREATING. */
  createCluster(cluster: ClusterRecord): Promise<ClusterCredentials>;
  /** Take over changed endpoint access, tags or version; the record is the new one. */
  updateCluster(cluster: ClusterRecord): Promise<void>;
  deleteCluster(cluster: ClusterRecord): Promise<void>;
  /** Start nodes; resolves when every one of them is Ready. Called again with another list of nodes when resized. */
  createNodeGroup(cluster: ClusterRecord, group: NodeGroupRecord): Promise<void>;
  deleteNodeGroup(cluster: ClusterRecord, group: NodeGroupRecord): Promise<void>;
  /** Install or update an EKS add-on such as coredns, kube-proxy, vpc-cni or eks-pod-identity-agent. */
  installAddon(cluster: ClusterRecord, addon: AddonRecord): Promise<void>;
  deleteAddon(cluster: ClusterRecord, addon: AddonRecord): Promise<void>;
  /** The complete list of who may talk to the API server, and with which rights. */
  setAccess(cluster: ClusterRecord, entries: AccessEntry[]): Promise<void>;
  /** A bearer token by which the cluster's API server knows the principal (an IAM ARN). */
  token(cluster: ClusterRecord, principalArn: string): Promise<ClusterToken>;
  /** Stop whatever watches and checks in this process; clusters and networks stay up. */
  close(): Promise<void>;
}

export interface ClusterCredentials {
  /** PEM, base64-encoded, as EKS reports it. */
  certificateAuthority: string;
}

export interface ClusterToken {
  token: string;
  /** RFC 3339. */
  expirationTimestamp: string;
}

/** A cloud without machines: for tests and ledger-only runs. Clusters have a certificate authority but no API server. */
export class NullRuntime implements Runtime {
  /** What was called, in order, as "method subject". */
  readonly calls: string[] = [];
  /** The snapshot handed over last. */
  last: LedgerSnapshot | undefined;

  reconcile(snapshot: LedgerSnapshot): Promise<void> {
    this.last = snapshot;
    return Promise.resolve();
  }

  createCluster(cluster: ClusterRecord): Promise<ClusterCredentials> {
    this.calls.push(`createCluster ${cluster.name}`);
    const pem = `-----BEGIN CERTIFICATE-----\n${cluster.name} has no API server\n-----END CERTIFICATE-----\n`;
    return Promise.resolve({ certificateAuthority: Buffer.from(pem).toString("base64") });
  }

  updateCluster(cluster: ClusterRecord): Promise<void> {
    return this.#note(`updateCluster ${cluster.name}`);
  }

  deleteCluster(cluster: ClusterRecord): Promise<void> {
    return this.#note(`deleteCluster ${cluster.name}`);
  }

  createNodeGroup(_cluster: ClusterRecord, group: NodeGroupRecord): Promise<void> {
    return this.#note(`createNodeGroup ${group.name}`);
  }

  deleteNodeGroup(_cluster: ClusterRecord, group: NodeGroupRecord): Promise<void> {
    return this.#note(`deleteNodeGroup ${group.name}`);
  }

  installAddon(_cluster: ClusterRecord, addon: AddonRecord): Promise<void> {
    return this.#note(`installAddon ${addon.name}`);
  }

  deleteAddon(_cluster: ClusterRecord, addon: AddonRecord): Promise<void> {
    return this.#note(`deleteAddon ${addon.name}`);
  }

  setAccess(cluster: ClusterRecord, entries: AccessEntry[]): Promise<void> {
    return this.#note(`setAccess ${cluster.name} ${entries.length}`);
  }

  token(cluster: ClusterRecord): Promise<ClusterToken> {
    return Promise.resolve({ token: `null.${cluster.name}`, expirationTimestamp: "2100-01-01T00:00:00Z" });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #note(call: string): Promise<void> {
    this.calls.push(call);
    return Promise.resolve();
  }
}

import { createHash } from "node:crypto";

/**
 * Everything the local cloud puts into the kernel (namespaces, cgroups) carries this, so that all of it can be found.
 * `$ISTIO_LAB_PREFIX` makes a second world possible beside the first, for tests.
 */
export const prefix = process.env["ISTIO_LAB_PREFIX"] || "il-";
/** The public internet: a router, the public DNS, the image registry and the daemon. */
export const internetNamespace = `${prefix}internet`;
/** The user's machine on the internet. */
export const youNamespace = `${prefix}you`;

/** RFC 2544's range for benchmarks: nobody's addresses, so they can be the public ones of a closed world. */
export const publicRange = "198.18.0.0/15";
/** Addresses of the internet's own services, all inside 198.18.0.0/24, which the ledger hands to nobody. */
export const internetAddresses = {
  /** Where the daemon's own connections come from. */
  router: "198.18.0.1",
  resolver: "198.18.0.2",
  registry: "198.18.0.3",
  authenticator: "198.18.0.4",
  you: "198.18.0.10",
} as const;
export const registryPort = 5000;
export const authenticatorPort = 8081;
/** The next hop on every point-to-point link to a VPC's router; it has a meaning on that link only. */
export const vpcGateway = "169.254.1.1";
/** The next hop on every point-to-point link to the internet. */
export const internetGateway = "169.254.2.1";

/** Stable letters and digits for names with a length limit: an interface's name holds 15 characters. */
export function shortHash(text: string, length = 8): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** The namespace of a VPC's router. */
export function vpcNamespace(vpcId: string): string {
  return `${prefix}${vpcId}`;
}

/** The namespace of a node; its interface's id tells apart nodes that have one address in two VPCs. */
export function nodeNamespace(node: { name: string; networkInterfaceId: string }): string {
  return `${prefix}node-${node.name.split(".")[0]}-${node.networkInterfaceId.slice(-6)}`;
}

/** The namespace of a cluster's control plane. */
export function controlPlaneNamespace(cluster: { region: string; name: string }): string {
  return `${prefix}cp-${cluster.region}-${cluster.name}`;
}

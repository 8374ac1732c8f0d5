/** Deployment models that have a name, as cluster records. The only place that knows a model by its name. */
import type { ClusterConfig, LabConfig, ModelName } from "./schema.ts";

interface Model {
  readonly clusters: readonly ClusterConfig[];
  /** What the model needs beside its clusters. */
  readonly networkLink?: "peering";
}

const east = { name: "east", region: "us-east-1", cidr: "10.10.0.0/16" } as const;
const west = { name: "west", region: "us-west-2", cidr: "10.20.0.0/16" } as const;
const primary = { name: "primary", network: "network-1", region: "us-east-1", cidr: "10.10.0.0/16" } as const;
const remote = { name: "remote", region: "us-west-2", cidr: "10.20.0.0/16", primary: "primary" } as const;

const models: Record<ModelName, Model> = {
  single: { clusters: [{ name: "primary", network: "network-1", cidr: "10.10.0.0/16" }] },
  "multi-primary": {
    clusters: [
      { ...east, network: "network-east" },
      { ...west, network: "network-west" },
    ],
  },
  "multi-primary-one-network": {
    clusters: [
      { ...east, network: "network-1" },
      { ...west, network: "network-1" },
    ],
    networkLink: "peering",
  },
  "primary-remote": { clusters: [primary, { ...remote, network: "network-2" }] },
  "primary-remote-one-network": { clusters: [primary, { ...remote, network: "network-1" }], networkLink: "peering" },
  "external-control-plane": {
    clusters: [
      { name: "external", network: "network-1", region: "us-east-1", cidr: "10.10.0.0/16", config: "config" },
      { name: "config", network: "network-2", region: "us-west-2", cidr: "10.20.0.0/16", primary: "external" },
    ],
  },
};

/** The configuration with its model spelled out as records. Explicit `clusters` always win. Default: `single`. */
export function expandModel(config: LabConfig): LabConfig & { readonly clusters: readonly ClusterConfig[] } {
  if (config.clusters !== undefined) return { ...config, clusters: config.clusters };
  const model = models[config.model ?? "single"];
  const networkLink = config.networkLink ?? model.networkLink;
  return { ...config, clusters: [...model.clusters], ...(networkLink === undefined ? {} : { networkLink }) };
}

import type { ClusterOutputs, LabOutputs } from "../../../../topology/outputs.ts";

/** Outputs of a stack with two primaries on EKS, `east` and `west`. */
export function eksOutputs(): Pick<LabOutputs, "clusters" | "labId"> {
  const cluster = (name: string, region: string): ClusterOutputs => ({
    ...{ region, roles: ["primary"], primary: name, network: name, kubernetesVersion: "1.36" },
    ...{ eksName: `${name}-eks-1a2b3c4`, apiServer: "https://0A1B.gr7.us-east-1.eks.amazonaws.com" },
  });
  return { clusters: { east: cluster("east", "us-east-1"), west: cluster("west", "us-west-2") }, labId: "0badcafe" };
}

/** The same of clusters that existed before. */
export function existingOutputs(): Pick<LabOutputs, "clusters" | "labId"> {
  const { clusters, labId } = eksOutputs();
  const existing = Object.entries(clusters).map(([name, { eksName: _, apiServer: __, ...cluster }]) => {
    return [name, { ...cluster, context: `kind-${name}` }] as const;
  });
  return { clusters: Object.fromEntries(existing), labId };
}

import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import type { ClusterRecord, LedgerSnapshot } from "../aws/snapshot.ts";
import { callCloud, cloudSocket } from "../plugins/aws/transport.ts";
import { places } from "./environment.ts";

/**
 * A kubeconfig with a context for each cluster of the ledger, which logs in with the stand-in AWS CLI. A context has the
 * cluster's name in the lab, not the one with a random suffix that EKS knows. It works inside the local cloud only.
 */
export async function kubeconfig(runDir: string): Promise<string> {
  const ledger = (await callCloud("/ledger", undefined, cloudSocket(runDir))) as LedgerSnapshot;
  const active = ledger.clusters.filter(({ status }) => status === "ACTIVE");
  const clusters = await Promise.all(active.map((cluster) => describe(runDir, cluster)));
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": clusters[0]?.context ?? "",
    clusters: clusters.map(({ context, server, authority }) => ({
      name: context,
      cluster: { server, "certificate-authority-data": authority },
    })),
    contexts: clusters.map(({ context }) => ({ name: context, context: { cluster: context, user: context } })),
    users: clusters.map(({ context, name, region }) => ({
      name: context,
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
          interactiveMode: "Never",
        },
      },
    })),
  });
}

async function describe(runDir: string, { name, region, endpointHost }: ClusterRecord) {
  const call = { type: "aws:eks/cluster:Cluster", id: name, region };
  const { outputs } = (await callCloud("/aws/read", call, cloudSocket(runDir))) as {
    outputs: { certificateAuthority: { data: string } };
  };
  // eks.Cluster "east" makes the EKS cluster east-eksCluster-0a1b2c3.
  const context = name.replace(/-eksCluster-[0-9a-f]{7}$/, "");
  return { context, name, region, server: `https://${endpointHost}`, authority: outputs.certificateAuthority.data };
}

/** Brings the file that KUBECONFIG names in the shell up to date. */
export async function writeKubeconfig(runDir: string): Promise<void> {
  writeFileSync(places(runDir).kubeconfig, await kubeconfig(runDir), { mode: 0o600 });
}

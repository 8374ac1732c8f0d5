import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import type { ClusterRecord, LedgerSnapshot } from "../aws/snapshot.ts";
import { callCloud, cloudSocket } from "../plugins/aws/transport.ts";
import { places } from "./environment.ts";

/** What the ledger says of a cluster, with the authority that its API server got when it was made. */
type Cluster = ClusterRecord & { certificateAuthority?: string };

/**
 * A kubeconfig with a context for each cluster of the ledger, named as the cluster, which logs in with the stand-in
 * AWS CLI. It works inside the local cloud only.
 */
export async function kubeconfig(runDir: string): Promise<string> {
  const ledger = (await callCloud("/ledger", undefined, cloudSocket(runDir))) as LedgerSnapshot;
  const clusters = (ledger.clusters as Cluster[]).filter(({ status }) => status === "ACTIVE");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": clusters[0]?.name ?? "",
    clusters: clusters.map((cluster) => ({
      name: cluster.name,
      cluster: {
        server: `https://${cluster.endpointHost}`,
        "certificate-authority-data": cluster.certificateAuthority,
      },
    })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    users: clusters.map(({ name, region }) => ({
      name,
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

/** Brings the file that KUBECONFIG names in the shell up to date. */
export async function writeKubeconfig(runDir: string): Promise<void> {
  writeFileSync(places(runDir).kubeconfig, await kubeconfig(runDir), { mode: 0o600 });
}

/**
 * What two meshes have to do with each other: services that one offers and the other calls, and whose root is trusted
 * for that (https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-meshes).
 */
import type { Drafts, MeshDraft } from "./drafts.ts";
import { clustersOfMesh, workloadClusters } from "./queries.ts";
import type { FederatedServicePlan, MeshPlan } from "./types.ts";

/** A mesh's part in the exchange; empty for one that keeps to itself. */
export function planFederation(drafts: Drafts, mesh: MeshDraft): Pick<MeshPlan, "exports" | "imports" | "trusts"> {
  const all = drafts.meshes.flatMap((each) => exportsOf(drafts, each)).sort(byHostAndCaller);
  const exports = all.filter(({ from }) => from === mesh.name);
  const imports = all.filter(({ to }) => to === mesh.name);
  const peers = new Set([...exports.map(({ to }) => to), ...imports.map(({ from }) => from)]);
  const trusts = drafts.meshes
    .filter(({ name }) => peers.has(name))
    .map(({ name, trustDomain }) => ({ mesh: name, trustDomain }));
  return { exports, imports, trusts };
}

/** What a mesh offers to others, as its stack file has it. */
export function exportsOf(drafts: Drafts, mesh: MeshDraft): FederatedServicePlan[] {
  const gateways = workloadClusters(clustersOfMesh(drafts.clusters, mesh.name)).map(({ name }) => name);
  return (mesh.written.exports ?? []).map(
    ({ host, namespace, to, service = firstLabel(host), port, serviceAccount }) => ({
      from: mesh.name,
      to,
      host,
      namespace,
      service,
      port: port ?? 80,
      identity: `spiffe://${mesh.trustDomain}/ns/${namespace}/sa/${serviceAccount ?? service}`,
      gateways,
    }),
  );
}

export const firstLabel = (host: string): string => host.split(".")[0] ?? host;

const byHostAndCaller = (a: FederatedServicePlan, b: FederatedServicePlan): number => {
  const [one, other] = [`${a.host} ${a.to}`, `${b.host} ${b.to}`];
  return one < other ? -1 : one > other ? 1 : 0;
};

import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { clusterOf, field, inSameCluster, isIstiod, type Law, releaseType } from "./law.ts";

const rootsOf = ({ inputs }: ResourceNode): unknown[] => {
  const roots = field(inputs, "values", "meshConfig", "caCertificates");
  return Array.isArray(roots) ? roots : [];
};

/**
 * Whose root is trusted beside the mesh's own is held to their trust domain, and refused all but what is exported to
 * them: trust says who somebody is, not what they may do.
 */
export const strangersAreHeldToExports: Law = (graph) =>
  graph
    .byType(releaseType)
    .filter(isIstiod)
    .flatMap((istiod) =>
      rootsOf(istiod).flatMap((root) => {
        const domains = (field(root, "trustDomains") ?? []) as string[];
        if (domains.length === 0) return [`${istiod.urn} trusts a root for every trust domain.`];
        return domains
          .filter((domain) => !isRefused(graph, istiod, domain))
          .map((domain) => `${istiod.urn} trusts ${domain}, which no policy of its mesh holds back.`);
      }),
    );

function isRefused(graph: ResourceGraph, istiod: ResourceNode, domain: string): boolean {
  return inSameCluster(graph, istiod, "kubernetes:security.istio.io/v1:AuthorizationPolicy").some(
    ({ inputs }) =>
      field(inputs, "metadata", "namespace") === istiod.inputs["namespace"] &&
      field(inputs, "spec", "action") === "DENY" &&
      JSON.stringify(field(inputs, "spec", "rules")).includes(`"${domain}/*"`),
  );
}

/**
 * A gateway that passes TLS on leads to whatever its hosts name. The whole of a cluster is for those that know it, and
 * whoever is known is read by another's istiod, or reads it.
 */
export const gatewaysOpenNothingMoreToStrangers: Law = (graph) =>
  graph
    .byType("kubernetes:networking.istio.io/v1:Gateway")
    .filter(({ inputs }) => passesEverything(inputs))
    .filter((gateway) => !knowsAnother(graph, clusterOf(graph, gateway)?.name))
    .map(({ urn }) => `${urn} leads to the whole of a cluster that no other knows.`);

function passesEverything(inputs: ResourceNode["inputs"]): boolean {
  const servers = (field(inputs, "spec", "servers") ?? []) as { tls?: { mode?: string }; hosts?: string[] }[];
  return servers.some(
    ({ tls, hosts }) => tls?.mode === "AUTO_PASSTHROUGH" && hosts?.some((host) => host.includes("*")),
  );
}

/** Remote secrets name whom they are about. */
function knowsAnother(graph: ResourceGraph, cluster: string | undefined): boolean {
  return graph.byType("kubernetes:core/v1:Secret").some((secret) => {
    const about = field(secret.inputs, "metadata", "annotations", "networking.istio.io/cluster");
    return about !== undefined && (about === cluster || clusterOf(graph, secret)?.name === cluster);
  });
}

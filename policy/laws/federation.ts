import type { ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";
import { field, inSameCluster, isIstiod, type Law, releaseType } from "./law.ts";

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

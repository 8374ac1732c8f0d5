import type { ResourceNode } from "../../lab/recorder/graph.ts";
import { field, inSameCluster, isIstiod, type Law, releaseType } from "./law.ts";
import { text } from "./values.ts";

const tagType = "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration";

const tagOf = ({ inputs }: ResourceNode): unknown => field(inputs, "metadata", "labels", "istio.io/tag");

/** Webhooks of a tag ask the Service of its revision; before that is there, no pod of the tag's namespaces is made. */
export const revisionTagsLeadToAnIstiod: Law = (graph) =>
  graph
    .byType(tagType)
    .filter((tag) => tagOf(tag) !== undefined)
    .flatMap((tag) => {
      const istiod = inSameCluster(graph, tag, releaseType)
        .filter(isIstiod)
        .find(({ inputs }) => asks(tag).every((service) => service === inputs["name"]));
      if (istiod === undefined) return [`${tag.urn} leads to no control plane of its cluster.`];
      const named = field(tag.inputs, "metadata", "labels", "istio.io/rev");
      // By this label istiod knows the webhooks that it gives its certificate.
      if (named !== field(istiod.inputs, "values", "revision")) return [`${tag.urn} is none of ${istiod.urn}'s.`];
      return graph.dependsTransitively(tag, istiod) ? [] : [`${tag.urn} does not wait for ${istiod.urn}.`];
    });

/** Services that a tag's webhooks ask. */
function asks({ inputs }: ResourceNode): unknown[] {
  const webhooks = (inputs["webhooks"] ?? []) as unknown[];
  return webhooks.map((webhook) => field(webhook, "clientConfig", "service", "name"));
}

/** A namespace's or gateway's tag must lead somewhere, or its pods come up without proxies and nobody says so. */
export const podsFollowTheirRevision: Law = (graph) =>
  graph.nodes.flatMap((node) => {
    const followed = followedBy(node);
    if (followed === undefined) return [];
    const tag = inSameCluster(graph, node, tagType).find((each) => tagOf(each) === followed);
    if (tag !== undefined && graph.dependsTransitively(node, tag)) return [];
    return [`${node.urn} follows the tag ${text(followed)} and does not wait for it.`];
  });

function followedBy(node: ResourceNode): unknown {
  if (node.type === "kubernetes:core/v1:Namespace") return field(node.inputs, "metadata", "labels", "istio.io/rev");
  return node.type === releaseType && !isIstiod(node) ? field(node.inputs, "values", "revision") : undefined;
}

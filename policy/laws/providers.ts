import { clusterOf, isAws, isKubernetes, type Law } from "./law.ts";

/** Default providers are switched off; a resource without one would fail, or worse, reach another region. */
export const everyResourceNamesItsProvider: Law = (graph) =>
  graph.nodes
    .filter((node) => isKubernetes(node) || isAws(node))
    .filter(({ provider, providers, remote }) =>
      remote ? providers["aws"] === undefined && providers["kubernetes"] === undefined : provider === undefined,
    )
    .map(({ urn }) => `${urn} names no provider.`);

/** An object lands in the cluster in whose subtree it stands; a remote secret in the cluster that reads. */
export const objectsGoToTheirOwnCluster: Law = (graph) =>
  graph.nodes
    .filter((node) => isKubernetes(node))
    .filter((node) => {
      const provider = graph.find(node.provider ?? "");
      return provider === undefined || clusterOf(graph, provider) !== clusterOf(graph, node);
    })
    .map(({ urn, provider }) => `${urn} goes through ${String(provider)}, which is another cluster's.`);

/** All that AWS holds of a cluster is in one region; of one that exists already it holds nothing. */
export const aClusterStaysInItsRegion: Law = (graph) =>
  graph.byType("istio-lab:mesh:MeshCluster").flatMap((cluster) => {
    const used = graph.nodes
      .filter((node) => isAws(node) && clusterOf(graph, node) === cluster)
      .map(({ provider, providers }) => provider ?? providers["aws"]);
    const regions = new Set(used.map((urn) => graph.find(urn ?? "")?.inputs["region"] as string | undefined));
    return regions.size <= 1 ? [] : [`${cluster.urn} is spread over the regions ${[...regions].join(", ")}.`];
  });

/** Look-ups know their region before anything exists, or the first preview gets no answer. */
export const awsProvidersAreKnownAtPreview: Law = (graph) =>
  graph
    .byType("pulumi:providers:aws")
    .filter(({ unknownInputs, dependsOn }) => unknownInputs.length > 0 || dependsOn.length > 0)
    .map(({ urn }) => `${urn} has settings that a first preview does not know.`);

/** As the facts on the Kubernetes provider demand: updates in place, and no forgetting during an outage. */
export const kubernetesProvidersAreSafe: Law = (graph) =>
  graph.byType("pulumi:providers:kubernetes").flatMap(({ urn, inputs, secretInputs }) => [
    ...(secretInputs.includes("kubeconfig") ? [] : [`${urn} has no secret kubeconfig.`]),
    // Provider settings that are not text travel as JSON text.
    ...(["enableSecretMutable", "enableConfigMapMutable"] as const)
      .filter((option) => inputs[option] !== "true")
      .map((option) => `${urn} does not set ${option}.`),
    ...(inputs["deleteUnreachable"] === undefined ? [] : [`${urn} would forget its resources during an outage.`]),
  ]);

/** Calls without a provider would ask the default one. */
export const everyCallNamesItsProvider: Law = (graph) =>
  graph.invokes.filter(({ provider }) => provider === undefined).map(({ token }) => `${token} names no provider.`);

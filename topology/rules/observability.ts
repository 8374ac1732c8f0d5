/** What shows how a mesh does: what it needs, and whom it may show what. */
import { gathersMetrics, namedStores, possibleStores } from "../observability.ts";
import { areStrangers, clustersOfMesh, pairsOf } from "../queries.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

const path = "observability.cluster";
const namesOf = (clusters: readonly { readonly name: string }[]): string => clusters.map(({ name }) => name).join(", ");

function impossibleStores(context: RuleContext): Finding[] {
  const possible = context.meshes.flatMap(({ name }) => possibleStores(context, name));
  return namedStores(context.config)
    .filter((named) => !possible.some(({ name }) => name === named))
    .map((named) => ({
      path,
      message:
        `"${named}" cannot keep the metrics of a mesh: it has to be a cluster of this lab with workloads and an istiod ` +
        `that reads the other clusters, since Kiali reads them too. Name one of: ${namesOf(possible)}.`,
    }));
}

function undecidedStores(context: RuleContext): Finding[] {
  if (!gathersMetrics(context.config)) return [];
  return context.meshes.flatMap((mesh) => {
    const possible = possibleStores(context, mesh.name);
    const named = possible.filter(({ name }) => namedStores(context.config).includes(name));
    if (possible.length < 2 || named.length === 1) return [];
    const what = named.length === 0 ? "it is not said which" : `${namesOf(named)} are named`;
    return [
      {
        path,
        message:
          `One cluster keeps the metrics of mesh "${mesh.name}" and has its Kiali and Grafana, and ${what}. ` +
          `Name one of: ${namesOf(possible)}.`,
      },
    ];
  });
}

export const observabilityRules: readonly Rule[] = [
  {
    code: "observability-without-prometheus",
    severity: "error",
    check: ({ config: { observability = {} } }) => {
      const { prometheus, kiali = false, grafana = false } = observability;
      if (prometheus !== false || !(kiali || grafana)) return [];
      const shown = [...(kiali ? ["Kiali"] : []), ...(grafana ? ["Grafana"] : [])].join(" and ");
      return [
        {
          path: "observability.prometheus",
          message: `${shown} would have nothing to show: all that there is to see are metrics, and Prometheus gathers them. Take this away, or ${shown} too.`,
        },
      ];
    },
  },
  {
    code: "observability-cluster",
    severity: "error",
    check: (context) => [...impossibleStores(context), ...undecidedStores(context)],
  },
  {
    code: "observability-among-strangers",
    severity: "error",
    check: ({ config, clusters, meshes }) => {
      if (!gathersMetrics(config)) return [];
      const strangers = meshes.flatMap(({ name }) =>
        pairsOf(clustersOfMesh(clusters, name)).filter(([a, b]) => areStrangers(a, b)),
      );
      const [pair] = strangers;
      if (pair === undefined) return [];
      const [a, b] = pair;
      return [
        {
          path: "observability",
          message:
            `"${a.name}" and "${b.name}" are dedicated to different tenants, and a mesh has one store of metrics: who looks at it ` +
            "in one of them would see what runs in the other. Leave observability out, or let the tenants share the clusters.",
        },
      ];
    },
  },
];

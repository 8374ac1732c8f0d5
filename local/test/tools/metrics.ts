/** The metrics that exist, and what a query asks for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The metrics that exist, with the labels that their exporters write, and those that are asked for though they do not. */
export const { exported, gone } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../test/istio/metrics.json"), "utf8"),
) as {
  exported: readonly { by: string; source: string; labels: string; metrics: readonly string[] }[];
  gone: readonly { metric: string; why: string; source: string }[];
};

/** Labels that the scrape adds (istio/prometheus.ts): `app` is the pod's. */
export const scraped = ["job", "instance", "cluster", "node", "namespace", "pod", "app"];

interface Asked {
  readonly name: string;
  readonly labels: readonly string[];
}

/** The metrics of a query, each with the labels of its own braces, and those by which the query groups. */
export function asked(query: string): Asked[] {
  const bare = query.replaceAll(/"(?:\\.|[^"\\])*"/g, '""').replaceAll(/\[[^\]]*\]/g, "");
  const groups = /\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g;
  const grouped = [...bare.matchAll(groups)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
  const metrics = /\b(?!(?:and|or|unless|bool|offset)\b)([a-z_]\w*)\b(?!\s*\()(?:\s*\{([^}]*)\})?/gi;
  return [...bare.replaceAll(groups, " ").matchAll(metrics)].map(([, name = "", braces = ""]) => ({
    name,
    labels: [...(braces.match(/\w+(?=\s*[=!])/g) ?? []), ...grouped],
  }));
}

/** The label sets of a metric, of which proxies and ztunnel have different ones. */
export const labelSets = (metric: string): string[][] =>
  exported
    .filter(({ metrics }) => metrics.includes(metric))
    .map(({ labels }) => [...(labels.match(/\w+/g) ?? []), ...(metric.endsWith("_bucket") ? ["le"] : [])]);

/** The names and labels in queries that nothing has. */
export function strangers(queries: readonly string[]): string[] {
  const all = queries.flatMap(asked).flatMap(({ name, labels }) => {
    if (gone.some(({ metric }) => metric === name)) return [];
    if (labelSets(name).length === 0) return [name];
    const known = [...labelSets(name).flat(), ...scraped];
    return labels.filter((label) => !known.includes(label)).map((label) => `${name}{${label}}`);
  });
  return [...new Set(all)];
}

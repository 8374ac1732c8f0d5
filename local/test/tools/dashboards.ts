/** Istio's dashboards, as the lab installs them, and what they ask. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toolsDir } from "../../paths.ts";
import { versions } from "../../versions.ts";

/** Prometheus' own judge of queries. */
export const promtool = join(toolsDir(), "bin", "promtool");
export const dashboards = join(toolsDir(), "share", versions.istio.version, "dashboards");
export const boards = {
  mesh: "istio-mesh-dashboard.gen.json",
  service: "istio-service-dashboard.json",
  workload: "istio-workload-dashboard.json",
  performance: "istio-performance-dashboard.json",
  wasm: "istio-extension-dashboard.json",
  controlPlane: "pilot-dashboard.gen.json",
  ztunnel: "ztunnel-dashboard.gen.json",
} as const;

/** Every query in a part of a dashboard: of panels, which may stand in rows, and of variables. */
function queriesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== "string") return queriesIn(inner);
    return key === "expr" ? [inner] : (/^query_result\((.*)\)$/s.exec(inner)?.slice(1) ?? []);
  });
}

/** With what Grafana fills in. */
const filledIn = (query: string): string =>
  query
    .replaceAll("$__rate_interval", "1m")
    .replaceAll("$__interval", "1m")
    .replaceAll(/\$\{?qrep\}?/g, "destination")
    .replaceAll(/\$\{?service\}?/g, "helloworld.helloworld.svc.cluster.local")
    .replaceAll(/\$\{?namespace\}?/g, "helloworld")
    .replaceAll(/\$\{?workload\}?/g, "helloworld-v2")
    .replaceAll(/\$\{?\w+\}?/g, ".*");

export type Board = keyof typeof boards;

const dashboard = (board: Board): unknown => JSON.parse(readFileSync(join(dashboards, boards[board]), "utf8"));

export const queriesOf = (board: Board): string[] => [...new Set(queriesIn(dashboard(board)).map(filledIn))];

/** The nth query of the panels of a dashboard that have this title. */
export function panel(board: Board, title: string, nth = 0): string {
  const panels = (value: unknown): object[] => {
    if (typeof value !== "object" || value === null) return [];
    const inner = Object.values(value).flatMap(panels);
    return "title" in value && value.title === title && "targets" in value ? [value, ...inner] : inner;
  };
  const query = panels(dashboard(board)).flatMap(queriesIn)[nth];
  assert.ok(query !== undefined, `${boards[board]} has a panel "${title}" with ${String(nth + 1)} queries`);
  return filledIn(query);
}

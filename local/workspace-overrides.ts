import { join } from "node:path";
import { isMap, isSeq } from "yaml";
import type { Document } from "yaml";
import { internetAddresses } from "./cloud/names.ts";
import { versions } from "./versions.ts";

/** The stand-in charts of this project. */
const chartsDir = join(import.meta.dirname, "charts");

/** What a mesh needs here and nowhere else: switches for an Envoy without Istio's extensions. */
const meshOverrides: [path: string[], value: unknown][] = [
  // Upstream Envoy knows no istio.stats filter, and refuses a listener that has it.
  [["values", "istiod", "telemetry", "enabled"], false],
  // Nor the filters behind these two. https://github.com/istio/proxy
  [["values", "istiod", "env", "PILOT_ENABLE_METADATA_EXCHANGE"], "false"],
  [["values", "istiod", "env", "PILOT_ENABLE_ALPN_FILTER"], "false"],
  [["values", "istiod", "meshConfig", "defaultConfig", "proxyMetadata", "PEER_METADATA_DISCOVERY"], "false"],
];

/**
 * Points a stack file at what the local cloud built: charts from folders, the version of Istio that there is, Helm
 * values without Istio's own Envoy filters, of observability what can run; and where the API is closed, lets in whoever runs Pulumi here. They win over what the file says; everything else in it stays, comments
 * included.
 */
export function addOverrides(document: Document, toolsDir: string): void {
  const artifacts = ["config", "istio-lab:artifacts"];
  document.setIn([...artifacts, "istioCharts"], join(toolsDir, "charts", "{version}"));
  document.setIn([...artifacts, "loadBalancerControllerCharts"], chartsDir);
  document.setIn([...artifacts, "gatewayApiCrds"], join(toolsDir, "crds", "gateway-api.yaml"));
  document.setIn([...artifacts, "kialiCharts"], join(toolsDir, "charts"));
  withoutMissingImages(document);
  const admitted = ["config", "istio-lab:endpoint", "publicAccessCidrs"];
  if (document.hasIn(admitted)) document.setIn(admitted, [`${internetAddresses.you}/32`]);
  for (const mesh of meshPaths(document)) {
    for (const [path, value] of [...versionsOf(document, mesh), ...meshOverrides])
      document.setIn([...mesh, ...path], value);
  }
}

/** Prometheus runs here; of Kiali and Grafana there are no images, and whoever waits for their pods waits in vain. */
function withoutMissingImages(document: Document): void {
  const observability = ["config", "istio-lab:observability"];
  const asks = (key: string) => document.getIn([...observability, key]) === true;
  if (!["prometheus", "kiali", "grafana"].some(asks)) return;
  document.setIn([...observability, "prometheus"], true);
  for (const key of ["kiali", "grafana"]) document.setIn([...observability, key], false);
}

/** Only one version is always there; with a canary beside it, what is stable is the one before. */
function versionsOf(document: Document, mesh: (string | number)[]): [path: string[], value: unknown][] {
  const has = (...path: string[]) => document.hasIn([...mesh, ...path]);
  const canary = has("revisions", "canary");
  const stable = canary ? versions.previousIstio.version : versions.istio.version;
  const all: [path: string[], value: unknown][] = [
    [["revisions", "stable"], stable],
    [["revisions", "canary"], versions.istio.version],
    [["version"], stable],
  ];
  // A mesh without revisions need not name its version.
  return all.filter(([path]) => has(...path) || (path[0] === "version" && !has("revisions")));
}

/** Where the file describes meshes: the one of the lab, and each of several. */
export function meshPaths(document: Document): (string | number)[][] {
  const several = document.getIn(["config", "istio-lab:meshes"]);
  const own = isSeq(several) ? several.items.flatMap((item, index) => (isMap(item) ? [index] : [])) : [];
  return [["config", "istio-lab:mesh"], ...own.map((index) => ["config", "istio-lab:meshes", index])];
}

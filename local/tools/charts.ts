import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { kialiChart } from "./kiali-chart.ts";
import type { ChartsRecipe } from "./recipes.ts";
import { run } from "./run.ts";

const local = join(import.meta.dirname, "..");

/** Our folder names are those under which a release publishes the charts; the sources' differ. */
const chartSources = {
  base: "manifests/charts/base",
  istiod: "manifests/charts/istio-control/istio-discovery",
  gateway: "manifests/charts/gateway",
  cni: "manifests/charts/istio-cni",
  ztunnel: "manifests/charts/ztunnel",
};

/**
 * Copies what a release of Istio takes from its sources: the charts with version, hub and tag filled in, the CRDs and
 * Envoy's bootstrap template, Grafana's dashboards, and a chart that stands in for Kiali's; beside them the standard CRDs of the Gateway API version that Istio is compiled with.
 */
export async function copyCharts(recipe: ChartsRecipe, dest: string, logFile: string): Promise<void> {
  const module = join(local, recipe.module);
  await run("go", ["mod", "download", "istio.io/istio", "sigs.k8s.io/gateway-api"], { cwd: module, logFile });
  const istio = moduleFolder(module, "istio.io/istio");
  for (const [chart, source] of Object.entries(chartSources)) {
    copyWritable(join(istio, source), join(dest, "charts", recipe.version, chart));
    for (const file of ["Chart.yaml", "values.yaml"]) {
      const path = join(dest, "charts", recipe.version, chart, file);
      writeFileSync(path, asReleased(readFileSync(path, "utf8"), recipe));
    }
  }
  copyInto(join(istio, "manifests/charts/base/files/crd-all.gen.yaml"), join(dest, "crds/istio.yaml"));
  const dashboards = join(istio, "manifests/addons/dashboards");
  for (const file of readdirSync(dashboards).filter((name) => name.endsWith(".json") && !name.startsWith("jsonnet")))
    copyInto(join(dashboards, file), join(dest, "share", recipe.version, "dashboards", file));
  const kiali = kialiChart(readFileSync(join(istio, "samples/addons/kiali.yaml"), "utf8"));
  for (const [file, text] of Object.entries(kiali)) writeInto(join(dest, "charts/kiali-server", file), text);
  const gatewayApi = join(moduleFolder(module, "sigs.k8s.io/gateway-api"), "config/crd/standard");
  mkdirSync(join(dest, "crds"), { recursive: true });
  writeFileSync(join(dest, "crds/gateway-api.yaml"), joinDocuments(gatewayApi));
  const bootstrap = "tools/packaging/common/envoy_bootstrap.json";
  copyInto(join(istio, bootstrap), join(dest, "share", recipe.version, "envoy_bootstrap_tmpl.json"));
}

/**
 * A chart's file as the release process rewrites it: placeholders of version, image hub and image tag become the
 * release's. https://github.com/istio/release-builder/blob/master/pkg/build/helm.go, `sanitizeChart`.
 */
export function asReleased(text: string, { version, hub }: Pick<ChartsRecipe, "version" | "hub">): string {
  return text
    .replace(/^(version|appVersion): 1\.0\.0$/gm, `$1: ${version}`)
    .replace(/^(\s*)hub: registry\.istio\.io\/testing$/gm, `$1hub: ${hub}`)
    .replace(/^(\s*)tag: latest$/gm, `$1tag: ${version}`);
}

function moduleFolder(cwd: string, path: string): string {
  return execFileSync("go", ["list", "-m", "-f", "{{.Dir}}", path], { cwd, encoding: "utf8" }).trim();
}

/** Go keeps modules read-only; the copies are ordinary files. */
function copyWritable(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      copyInto(join(entry.parentPath, entry.name), join(to, entry.parentPath.slice(from.length), entry.name));
  }
}

function copyInto(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(from));
}

function writeInto(to: string, text: string): void {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
}

function joinDocuments(folder: string): string {
  const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file) && basename(file) !== "kustomization.yaml");
  return files
    .sort()
    .map((file) => `---\n${readFileSync(join(folder, file), "utf8").replace(/^---\n/, "")}`)
    .join("");
}

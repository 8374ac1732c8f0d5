/**
 * What Kiali and Grafana ask, on recorded series: neither runs here, but the metrics and labels that they go by are those
 * that Prometheus gathers. `promtool` is Prometheus' own judge of queries.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolsDir } from "../../paths.ts";
import { versions } from "../../versions.ts";

const promtool = join(toolsDir(), "bin", "promtool");
const dashboards = join(toolsDir(), "share", versions.istio.version, "dashboards");

/** One request per second of curl in east to helloworld, which west answers; as proxies of Istio 1.31 report it. */
const labels = (reporter: string, more: Readonly<Record<string, string>> = {}): string => {
  const all = {
    reporter,
    source_workload: "curl",
    source_workload_namespace: "curl",
    source_canonical_service: "curl",
    source_canonical_revision: "v1",
    source_cluster: "east",
    destination_service: "helloworld.helloworld.svc.cluster.local",
    destination_service_name: "helloworld",
    destination_service_namespace: "helloworld",
    destination_workload: "helloworld-v2",
    destination_workload_namespace: "helloworld",
    destination_canonical_service: "helloworld",
    destination_canonical_revision: "v2",
    destination_cluster: "west",
    request_protocol: "http",
    response_code: "200",
    response_flags: "-",
    connection_security_policy: "mutual_tls",
    cluster: reporter === "source" ? "east" : "west",
    ...more,
  };
  return `{${Object.entries(all)
    .map(([key, value]) => `${key}="${value}"`)
    .join(",")}}`;
};

const recorded = [
  { series: `istio_requests_total${labels("source")}`, values: "0+15x40" },
  { series: `istio_requests_total${labels("destination")}`, values: "0+15x40" },
  { series: 'up{job="kubernetes-pods",app="istiod",cluster="east"}', values: "1x40" },
  { series: 'up{job="kubernetes-pods",app="istiod",cluster="west"}', values: "1x40" },
  { series: 'pilot_xds{app="istiod",version="1.31.1",cluster="east"}', values: "3x40" },
];

interface Expectation {
  readonly expr: string;
  readonly samples: readonly { readonly labels: string; readonly value: number }[];
}

/** What promtool objects to, empty where all is as expected. */
function objections(expectations: readonly Expectation[]): string {
  const folder = mkdtempSync(join(tmpdir(), "istio-lab-queries-"));
  try {
    const file = join(folder, "queries.yaml");
    const promql_expr_test = expectations.map(({ expr, samples }) => ({
      expr,
      eval_time: "9m",
      exp_samples: samples,
    }));
    const tests = [{ interval: "15s", input_series: recorded, promql_expr_test }];
    writeFileSync(file, JSON.stringify({ evaluation_interval: "15s", tests }));
    execFileSync(promtool, ["test", "rules", file], { encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every query of a dashboard, with what Grafana fills in; its panels may stand in rows. */
function queriesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "expr" && typeof inner === "string" ? [inner] : queriesIn(inner),
  );
}

const filledIn = (query: string): string =>
  query
    .replaceAll("$__rate_interval", "1m")
    .replaceAll("$__interval", "1m")
    .replaceAll(/\$\{?qrep\}?/g, "destination")
    .replaceAll(/\$\{?service\}?/g, "helloworld.helloworld.svc.cluster.local")
    .replaceAll(/\$\{?namespace\}?/g, "helloworld")
    .replaceAll(/\$\{?workload\}?/g, "helloworld-v2")
    .replaceAll(/\$\{?\w+\}?/g, ".*");

describe("the queries of what shows a mesh", () => {
  before(function () {
    if (existsSync(promtool) && existsSync(dashboards)) return;
    console.warn("    skipped: there is no promtool; `npm run local -- build` makes it");
    this.skip();
  });

  /** kiali/kiali: graph/telemetry/istio/istio.go groups by these. */
  const graphLabels =
    "source_cluster,source_workload_namespace,source_workload,destination_cluster,destination_service_namespace,destination_service_name,destination_workload,response_code";

  it("draw Kiali's graph across clusters, from what the caller's proxy says", () => {
    const expr = `round(sum(rate(istio_requests_total{reporter="source",source_workload_namespace="curl"}[60s])) by (${graphLabels}) > 0, 0.001)`;
    const samples = [
      {
        labels:
          '{source_cluster="east",source_workload_namespace="curl",source_workload="curl",destination_cluster="west",destination_service_namespace="helloworld",destination_service_name="helloworld",destination_workload="helloworld-v2",response_code="200"}',
        value: 1,
      },
    ];
    assert.equal(objections([{ expr, samples }]), "");
    assert.match(objections([{ expr: expr.replace("60s", "60x"), samples }]), /parse|error|FAILED/i);
    assert.notEqual(objections([{ expr, samples: [] }]), "", "a wrong answer is objected to");
  });

  it("count the requests of Grafana's service dashboard", () => {
    const expr =
      'round(sum(irate(istio_requests_total{reporter=~"destination",destination_service=~"helloworld.helloworld.svc.cluster.local"}[5m])), 0.001)';
    assert.equal(objections([{ expr, samples: [{ labels: "{}", value: 1 }] }]), "");
  });

  it("tell clusters apart by the label that every sample gets", () => {
    const expr = 'sum(up{app="istiod"}) by (cluster)';
    const samples = ["east", "west"].map((cluster) => ({ labels: `{cluster="${cluster}"}`, value: 1 }));
    assert.equal(objections([{ expr, samples }]), "");
  });

  it("are, all of Istio's dashboards, queries that this Prometheus understands", () => {
    const files = readdirSync(dashboards);
    assert.ok(files.length >= 7, files.join());
    for (const file of files) {
      const queries = [...new Set(queriesIn(JSON.parse(readFileSync(join(dashboards, file), "utf8"))).map(filledIn))];
      assert.ok(queries.length > 0, file);
      for (const query of queries)
        execFileSync(promtool, ["promql", "--experimental", "format", "--", query], {
          encoding: "utf8",
          stdio: "pipe",
        });
    }
  });
});

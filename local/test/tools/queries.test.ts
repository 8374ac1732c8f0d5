/**
 * What Kiali and Grafana ask: neither runs here, but the metrics and labels that they go by are those that Prometheus
 * gathers. `promtool` is Prometheus' own judge of queries.
 *
 * The series are written by hand, with values that a head can reckon with. Their names and labels are as recorded of
 * - istiod and ztunnel of Istio 1.31.0: AhmadMasry/agent-mesh-lab on GitHub,
 *   experiments/runs/2026-09-19-metrics-per-hop/families-end.csv;
 * - a sidecar of Istio 1.11.4: DataDog/integrations-core, istio/tests/fixtures/1.5/istio-merged.txt, and as Istio's tests
 *   of its proxy expect them: istio/proxy, testdata/metric.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dashboards, panel, promtool } from "./dashboards.ts";
import { asked, labelSets, scraped, strangers } from "./metrics.ts";

type Labels = Readonly<Record<string, string>>;

const inBraces = (labels: Labels): string =>
  `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(",")}}`;

/** A workload as both ends of a connection are told of. A pod without label `version` is "latest" to the mesh. */
const side = (name: "source" | "destination", app: string, cluster: string, version = ""): Labels => ({
  [`${name}_workload`]: version === "" ? app : `${app}-${version}`,
  [`${name}_workload_namespace`]: app,
  [`${name}_principal`]: `spiffe://cluster.local/ns/${app}/sa/${app}`,
  [`${name}_app`]: app,
  [`${name}_version`]: version,
  [`${name}_cluster`]: cluster,
  [`${name}_canonical_service`]: app,
  [`${name}_canonical_revision`]: version === "" ? "latest" : version,
});

/** What every proxy tells of a connection of the mesh; who calls does not say what secures it. */
const told = (reporter: "source" | "destination", from: Labels, to: Labels, app: string): Labels => ({
  reporter,
  ...from,
  ...to,
  destination_service: `${app}.${app}.svc.cluster.local`,
  destination_service_name: app,
  destination_service_namespace: app,
  request_protocol: "tcp",
  response_flags: "-",
  connection_security_policy: reporter === "source" ? "unknown" : "mutual_tls",
});

const scrapedFrom = (app: string, cluster: string): Labels => ({
  job: "kubernetes-pods",
  instance: "10.0.0.1:15020",
  cluster,
  node: `${cluster}-0`,
  namespace: app,
  pod: `${app}-0`,
  app,
});

/** Curl in east calls helloworld and, as TCP, echo; both are in west. */
const curl = side("source", "curl", "east");
const hello = side("destination", "helloworld", "west", "v2");
const echo = side("destination", "echo", "west", "v1");
const ofCurl = scrapedFrom("curl", "east");
const ofHello = scrapedFrom("helloworld", "west");

const requests = (reporter: "source" | "destination", code: string): Labels => ({
  ...told(reporter, curl, hello, "helloworld"),
  request_protocol: "http",
  response_code: code,
  grpc_response_status: "",
  ...(reporter === "source" ? ofCurl : ofHello),
});

const ofZtunnel = { ...scrapedFrom("ztunnel", "west"), namespace: "istio-system" };

/** Client calls server by ztunnel, which knows at both ends what secures it. */
const byZtunnel: Labels = {
  ...told("source", side("source", "client", "west"), side("destination", "server", "west"), "server"),
  source_region: "unknown",
  source_zone: "unknown",
  destination_region: "unknown",
  destination_zone: "unknown",
  connection_security_policy: "mutual_tls",
  ...ofZtunnel,
};

interface Series {
  readonly series: string;
  readonly values: string;
}

/** A counter that grows by so much a second, over ten minutes of scrapes each 15 seconds. */
const grows = (name: string, labels: Labels, perSecond: number): Series => ({
  series: `${name}${inBraces(labels)}`,
  values: `0+${String(15 * perSecond)}x40`,
});
const stays = (name: string, labels: Labels, value: number): Series => ({
  series: `${name}${inBraces(labels)}`,
  values: `${String(value)}x40`,
});
/** So many requests a second that take 10 ms at most, 25 ms at most, and in all; Envoy has these bounds among others. */
const takes = (labels: Labels, ...perSecond: readonly [number, number, number]): Series[] =>
  ["10", "25", "+Inf"].map((le, index) =>
    grows("istio_request_duration_milliseconds_bucket", { ...labels, le }, perSecond[index] ?? 0),
  );

const istiod = (cluster: string): Labels => ({ ...scrapedFrom("istiod", cluster), namespace: "istio-system" });

const recorded: readonly Series[] = [
  // Four requests a second, of which one fails.
  ...(["source", "destination"] as const).flatMap((reporter) => [
    grows("istio_requests_total", requests(reporter, "200"), 3),
    grows("istio_requests_total", requests(reporter, "500"), 1),
    ...takes(requests(reporter, "200"), 2, 3, 3),
    ...takes(requests(reporter, "500"), 0, 1, 1),
    grows("istio_request_bytes_sum", requests(reporter, "200"), 40),
    grows("istio_response_bytes_sum", requests(reporter, "200"), 240),
  ]),
  grows("istio_tcp_sent_bytes_total", { ...told("source", curl, echo, "echo"), ...ofCurl }, 60),
  grows("istio_tcp_received_bytes_total", { ...told("source", curl, echo, "echo"), ...ofCurl }, 30),
  grows("istio_tcp_sent_bytes_total", byZtunnel, 16),
  grows("istio_tcp_received_bytes_total", byZtunnel, 8),
  grows("istio_tcp_connections_opened_total", byZtunnel, 2),
  grows("istio_tcp_connections_closed_total", byZtunnel, 1),
  stays("istio_tcp_sockets_open", { reporter: "source", ...ofZtunnel }, 5),
  stays("istio_tcp_sockets_open", { reporter: "destination", ...ofZtunnel }, 2),
  stays("envoy_wasm_envoy_wasm_runtime_v8_active", ofCurl, 1),
  stays("envoy_wasm_envoy_wasm_runtime_v8_active", ofHello, 3),
  stays("envoy_cluster_upstream_cx_active", { cluster_name: "xds-grpc", ...ofCurl }, 1),
  stays("envoy_cluster_upstream_cx_active", { cluster_name: "xds-grpc", ...ofHello }, 1),
  stays("pilot_xds", { version: "1.31.1", ...istiod("east") }, 3),
  stays("pilot_xds", { version: "1.31.1", ...istiod("west") }, 4),
  grows("pilot_xds_pushes", { type: "cds", ...istiod("east") }, 1),
  grows("pilot_xds_pushes", { type: "eds", ...istiod("east") }, 2),
  grows("pilot_xds_pushes", { type: "eds", ...istiod("west") }, 2),
];

interface Expectation {
  readonly expr: string;
  readonly samples: readonly { readonly labels: string; readonly value: number }[];
}

/** One number, and the labels that go with it. */
const expects = (expr: string, value: number, labels: Labels = {}): Expectation => ({
  expr,
  samples: [{ labels: inBraces(labels), value }],
});

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
    // Rates are extrapolated, and so may be wrong in their last digit.
    writeFileSync(file, JSON.stringify({ evaluation_interval: "15s", fuzzy_compare: true, tests }));
    execFileSync(promtool, ["test", "rules", file], { encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * A query of Kiali's graph: https://github.com/kiali/kiali/blob/75458778/graph/telemetry/istio/istio.go, and util/util.go
 * beside it, which rounds.
 */
function kiali(metric: string, matchers: string, ...more: string[]): string {
  const ofEnds = ["cluster", "workload_namespace", "workload", "canonical_service", "canonical_revision"];
  const ends = ["source", "destination"].flatMap((end) => ofEnds.map((what) => `${end}_${what}`));
  const service = ["destination_service_namespace", "destination_service", "destination_service_name"];
  return `round(sum(rate(${metric}{${matchers}} [60s])) by (${[...ends, ...service, "response_flags", ...more].join()}) > 0,0.001)`;
}
const kialiRequests = (matchers: string): string =>
  kiali("istio_requests_total", matchers, "request_protocol", "response_code", "grpc_response_status");
const kialiBytes = (direction: "sent" | "received", matchers: string): string =>
  kiali(`istio_tcp_${direction}_bytes_total`, matchers, "app");

/** The labels that such a query leaves of a series, as promtool expects them: without empty ones. */
const left = (query: string, labels: Labels): string => {
  const by = new Set(/by \((.*?)\)/.exec(query)?.[1]?.split(/, ?/));
  return inBraces(Object.fromEntries(Object.entries(labels).filter(([key, value]) => by.has(key) && value !== "")));
};

/** A query and the series that it leaves, each with a value. */
const graph = (expr: string, ...answers: (readonly [Labels, number])[]): Expectation => ({
  expr,
  samples: answers.map(([labels, value]) => ({ labels: left(expr, labels), value })),
});

describe("the queries of what shows a mesh", () => {
  before(function () {
    if ([promtool, dashboards].every((path) => existsSync(path))) return;
    console.warn("    skipped: there is no promtool; `npm run local -- build` makes it");
    this.skip();
  });

  it("are tried on series with the labels that their exporters write", () => {
    const own = (labels: readonly string[]): string =>
      [...new Set(labels)]
        .filter((l) => !scraped.includes(l))
        .sort()
        .join();
    for (const { series } of recorded)
      for (const { name, labels } of asked(series)) assert.ok(labelSets(name).map(own).includes(own(labels)), series);
  });

  it("draw the requests of Kiali's graph across clusters, from what either proxy says", () => {
    const fromCaller = graph(
      kialiRequests('reporter="source",source_workload_namespace="curl"'),
      [requests("source", "200"), 3],
      [requests("source", "500"), 1],
    );
    const fromCalled = graph(
      kialiRequests('reporter="destination",destination_workload_namespace="helloworld"'),
      [requests("destination", "200"), 3],
      [requests("destination", "500"), 1],
    );
    assert.deepEqual(strangers([fromCaller.expr, fromCalled.expr]), []);
    assert.equal(objections([fromCaller, fromCalled]), "");
    const misspelt = { ...fromCaller, expr: fromCaller.expr.replace("60s", "60x") };
    assert.match(objections([misspelt]), /parse|error|FAILED/i);
    assert.notEqual(objections([{ ...fromCaller, samples: [] }]), "", "a wrong answer is objected to");
  });

  it("draw the bytes of Kiali's graph, where the pod's label tells ztunnel's from a sidecar's", () => {
    const bySidecar = { ...told("source", curl, echo, "echo"), ...ofCurl };
    const ofSidecars = 'app!="ztunnel",reporter="source",source_workload_namespace="curl"';
    const ofAmbient = 'reporter=~"waypoint|source",source_workload_namespace="client"';
    const queries = [
      graph(kialiBytes("sent", ofSidecars), [bySidecar, 60]),
      graph(kialiBytes("received", ofSidecars), [bySidecar, 30]),
      graph(kialiBytes("received", ofAmbient), [byZtunnel, 8]),
      graph(kialiBytes("received", `app!="ztunnel",${ofAmbient}`)),
    ];
    assert.deepEqual(strangers(queries.map(({ expr }) => expr)), []);
    assert.equal(objections(queries), "");
  });

  it("fill panels of Istio's dashboards of the mesh, a service and a workload", () => {
    const helloworld = { destination_workload: "helloworld-v2", destination_workload_namespace: "helloworld" };
    const bySource = panel("service", "Incoming Requests By Source And Response Code");
    const expectations = [
      expects(panel("mesh", "Traffic Volume"), 4),
      expects(panel("mesh", "Success Rate"), 0.75),
      expects(panel("mesh", "5xxs"), 1),
      // Half of the requests take 10 ms at most.
      expects(panel("mesh", "HTTP/gRPC Workloads", 1), 10, {
        ...helloworld,
        destination_workload_var: "helloworld-v2.helloworld",
      }),
      expects(panel("service", "Server Request Volume"), 4),
      expects(panel("service", "Server Success Rate (non-5xx responses)"), 0.75),
      expects(panel("service", "Server Request Duration"), 0.01),
      graph(bySource, [requests("destination", "200"), 3], [requests("destination", "500"), 1]),
      expects(panel("workload", "Incoming Request Volume"), 4),
      expects(panel("workload", "Incoming Success Rate (non-5xx responses)"), 0.75),
    ];
    assert.equal(objections(expectations), "");
  });

  it("fill panels of Istio's dashboards of performance, Wasm, the control plane and ztunnel", () => {
    const pod = { pod: "ztunnel-0" };
    const expectations = [
      expects(panel("performance", "Bytes transferred / sec", 1), 280),
      expects(panel("wasm", "Active", 1), 2),
      expects(panel("controlPlane", "Connections"), 2),
      expects(panel("controlPlane", "Connections", 1), 7),
      graph(panel("controlPlane", "XDS Pushes"), [{ type: "cds" }, 1], [{ type: "eds" }, 4]),
      expects(panel("ztunnel", "Connections"), 2, pod),
      expects(panel("ztunnel", "Connections", 1), -1, pod),
      expects(panel("ztunnel", "Bytes Transmitted"), 16, pod),
      // One more each second than are closed, for nine minutes.
      expects(panel("ztunnel", "Resource Usage"), 540, pod),
      expects(panel("ztunnel", "Resource Usage", 2), 7, pod),
    ];
    assert.equal(objections(expectations), "");
  });

  it("tell clusters apart by the label that every sample gets", () => {
    const query = graph('sum(pilot_xds{app="istiod"}) by (cluster)', [istiod("east"), 3], [istiod("west"), 4]);
    assert.equal(objections([query]), "");
  });
});

/** Whether what Grafana asks exists: names and labels in Istio's dashboards. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolsDir } from "../../paths.ts";
import { type Board, boards, dashboards, promtool, queriesOf } from "./dashboards.ts";
import { asked, exported, gone, strangers } from "./metrics.ts";

const pilot = join(toolsDir(), "bin", "pilot-discovery");

describe("Istio's dashboards", () => {
  before(function () {
    if ([promtool, pilot, dashboards].every((path) => existsSync(path))) return;
    console.warn("    skipped: there is no promtool; `npm run local -- build` makes it");
    this.skip();
  });

  it("have queries that this Prometheus understands", () => {
    assert.deepEqual(readdirSync(dashboards).sort(), Object.values(boards).sort());
    for (const board of Object.keys(boards) as Board[]) {
      const queries = queriesOf(board);
      assert.ok(queries.length > 0, board);
      for (const query of queries)
        execFileSync(promtool, ["promql", "--experimental", "format", "--", query], {
          encoding: "utf8",
          stdio: "pipe",
        });
    }
  });

  it("ask for metrics and labels that exist", () => {
    const queries = (Object.keys(boards) as Board[]).flatMap(queriesOf);
    assert.deepEqual(strangers(queries), []);
    const names = new Set(queries.flatMap(asked).map(({ name }) => name));
    assert.ok(names.size > 50, [...names].join());
    for (const { metric, why } of gone) assert.ok(names.has(metric), `nobody asks for ${metric} now: ${why}`);
  });

  it("would be caught with a name or a label that does not exist", () => {
    const planted = {
      'sum(rate(istio_request_total{reporter="source"}[1m]))': "istio_request_total",
      'sum (pilot_xds) / (istio_tcp_sent_bytes{app=~"a"} or vector(0))': "istio_tcp_sent_bytes",
      'istio_requests_total{reporter="source", destination_svc=~"a{b}"}': "istio_requests_total{destination_svc}",
      "sum by (le, kind) (rate(pilot_xds_push_time_bucket{}[1m])) > bool 1": "pilot_xds_push_time_bucket{kind}",
      'irate(istio_tcp_sent_bytes_total{response_code!~"5.."}[1m])': "istio_tcp_sent_bytes_total{response_code}",
    };
    for (const [query, stranger] of Object.entries(planted)) assert.deepEqual(strangers([query]), [stranger]);
  });

  it("find of istiod's metrics what istiod itself says that it exports", () => {
    const folder = mkdtempSync(join(tmpdir(), "istio-lab-metrics-"));
    try {
      execFileSync(pilot, ["collateral", "--html_fragment_with_front_matter", "-o", folder], { stdio: "pipe" });
      const page = readFileSync(join(folder, "pilot-discovery.html"), "utf8");
      const said = [...page.matchAll(/<td><code>(\w+)<\/code><\/td><td><code>(\w+)<\/code>/g)].map(
        ([, name = "", type]) => (type === "Distribution" ? `${name}_bucket` : name),
      );
      const table = exported.filter(({ by }) => by === "istiod").flatMap(({ metrics }) => metrics);
      assert.ok(table.length > 10, table.join());
      assert.deepEqual(
        table.filter((name) => !said.includes(name)),
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

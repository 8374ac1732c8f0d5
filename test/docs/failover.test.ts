import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";
import { failoverFilter } from "../../istio/failover-filter.ts";
import { failoverRule, retryRoute } from "../../istio/traffic.ts";
import { namespace, port, server } from "../../lab/experiment/workload/names.ts";
import { readSource } from "../../lab/plan/source.ts";
import { planConfig, planningTime } from "../../topology/plan.ts";
import type { FailoverPlan } from "../../topology/types.ts";
import { inlineCode } from "./markdown.ts";

const docs = fileURLToPath(new URL("../../docs/en/", import.meta.url));
const read = (page: string): string => readFileSync(`${docs}${page}`, "utf8");

/** YAML below a comment in a page. */
function quoted(page: string, comment: string): string {
  const [, after = assert.fail(`there is no <!-- ${comment} -->`)] = page.split(`<!-- ${comment} -->`);
  return /^\s*```yaml\n([\s\S]*?)```/.exec(after)?.[1] ?? assert.fail(`there is no YAML below <!-- ${comment} -->`);
}

/** Settings of a policy that a page quotes as in force, such as `attempts: 3`, and that are not. */
function settingProblems(markdown: string, { outlierDetection, regions: _, ...others }: FailoverPlan): string[] {
  const settings: Readonly<Record<string, unknown>> = { ...outlierDetection, ...others };
  return inlineCode(markdown).filter((code) => {
    const [, key = "", value] = /^(\w+): (\S+)$/.exec(code) ?? [];
    return key in settings && String(settings[key]) !== value;
  });
}

describe("the policy that docs/en/failover.md quotes", () => {
  const { raw } = readSource({ stack: "multi" });
  const { meshes } = planConfig(raw, planningTime(new Date("2026-11-28")));
  const failover = meshes[0]?.failover ?? assert.fail("multi has no failover");
  const page = read("failover.md");

  it("is that of the stack file", () => {
    const [[key, value] = []] = Object.entries(parse(quoted(page, "policy of the stack file")) as object);
    assert.equal(key, "istio-lab:failover");
    assert.deepEqual(value, (raw as Record<string, unknown>)["failover"]);
  });

  it("is what istiod is told", () => {
    const [rule, route, ...patches] = parseAllDocuments(quoted(page, "policy in force")).map(
      (each) => each.toJS() as object,
    );
    const [toldRule, toldRoute] = [
      failoverRule(server, namespace, failover, "sidecar"),
      retryRoute(server, namespace, port, failover),
    ] as unknown as [{ spec: { trafficPolicy: object } }, { spec: { http: { route: object }[] } }];
    assert.deepEqual(rule, { trafficPolicy: toldRule.spec.trafficPolicy });
    const { route: _, ...told } = toldRoute.spec.http[0] ?? assert.fail("nothing is routed");
    assert.deepEqual(route, told);
    const { spec } = failoverFilter("istio-system", failover) as unknown as {
      spec: { configPatches: { patch: { value: object } }[] };
    };
    assert.deepEqual(
      spec.configPatches.map(({ patch }) => patch.value),
      [...patches, ...patches],
    );
  });

  it("is quoted nowhere else with other values", () => {
    const pages = readdirSync(`${docs}experiments`).filter((file) => file.endsWith(".md"));
    for (const each of ["failover.md", ...pages.map((file) => `experiments/${file}`)])
      assert.deepEqual(settingProblems(read(each), failover), [], each);
    assert.deepEqual(settingProblems("`perTryTimeout: 9s`, `baseEjectionTime: 1m`, `other: 3`", failover), [
      "perTryTimeout: 9s",
    ]);
  });
});

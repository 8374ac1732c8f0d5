import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

const root = fileURLToPath(new URL("../..", import.meta.url));

const pulumiRules = ["@pulumi/no-output-in-template-literal", "@pulumi/no-output-instance-in-template-literal"];

/** The project's rules without those that need types, which a file that does not exist cannot have. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { rules: Object.fromEntries(pulumiRules.map((rule) => [rule, "off" as const])) },
  ],
});

/** What the boundary rules say of a file, if it stood at `path`. */
async function complaints(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: `${root}${path}` });
  const messages = result?.messages ?? [];
  assert.ok(
    messages.every((message) => message.fatal !== true),
    JSON.stringify(messages),
  );
  return messages.flatMap(({ ruleId }) => (ruleId?.startsWith("no-restricted") === true ? [ruleId] : []));
}

const imports = "no-restricted-imports";
const syntax = "no-restricted-syntax";

/** Where, what, which rule must catch it. */
const violations: readonly (readonly [string, string, string])[] = [
  ["topology/new.ts", 'import * as pulumi from "@pulumi/pulumi";', imports],
  ["topology/rules/new.ts", 'import type { Vpc } from "@pulumi/aws/ec2";', imports],
  ["topology/new.ts", 'import { readFileSync } from "node:fs";', imports],
  ["topology/new.ts", 'import { readFileSync } from "fs";', imports],
  ["topology/new.ts", 'export const load = () => import("@pulumi/pulumi");', syntax],
  ["topology/new.ts", 'import { istiodValues } from "../istio/values.ts";', imports],
  ["topology/rules/new.ts", 'import program from "../../index.ts";', imports],
  ["topology/new.ts", "export const home = process.env.HOME;", "no-restricted-globals"],
  ["topology/new.ts", "export const now = new Date();", syntax],
  ["topology/new.ts", "export const now = Date.now();", "no-restricted-properties"],
  ["topology/new.ts", "export const dice = Math.random();", "no-restricted-properties"],
  ["istio/new.ts", 'import * as k8s from "@pulumi/kubernetes";', imports],
  ["istio/new.ts", 'import { hostname } from "node:os";', imports],
  ["istio/new.ts", "console.log(process.argv);", "no-restricted-globals"],
  ["istio/new.ts", 'import { Lab } from "../components/lab.ts";', imports],
  ["components/new.ts", 'import * as pulumi from "@pulumi/pulumi"; new pulumi.Config("istio-lab");', syntax],
  ["components/new.ts", 'import { Config } from "@pulumi/pulumi"; export const c = Config;', syntax],
  ["components/new.ts", 'import * as pulumi from "@pulumi/pulumi"; pulumi.runtime.allConfig();', syntax],
  ["lab/new.ts", 'import * as pulumi from "@pulumi/pulumi"; new pulumi.Config();', syntax],
  ["lab/plan/new.ts", 'import { Vpc } from "@pulumi/aws/ec2/index.js";', imports],
  ["lab/recorder/new.ts", 'import * as k8s from "@pulumi/kubernetes";', imports],
  ["lab/plan/new.ts", 'import { Lab } from "../../components/lab.ts";', imports],
  ["index.ts", 'import { costOf } from "./lab/plan/cost.ts";', imports],
  ["index.ts", 'import { start } from "./local/cloud/start.ts";', imports],
  ["topology/new.ts", 'import { start } from "../local/cloud/start.ts";', imports],
  ["istio/new.ts", 'import { start } from "../local/cloud/start.ts";', imports],
  ["components/new.ts", 'import { start } from "../local/cloud/start.ts";', imports],
  ["lab/plan/new.ts", 'import { start } from "../../local/cloud/start.ts";', imports],
  ["components/new.ts", 'import { plan } from "../test/istio/plans.ts";', imports],
  ["components/new.ts", 'import { laws } from "../policy/laws/all.ts";', imports],
  ["lab/plan/new.ts", 'import { laws } from "../../policy/laws/all.ts";', imports],
  ["policy/laws/new.ts", 'import * as pulumi from "@pulumi/pulumi";', imports],
  ["policy/laws/new.ts", 'import { readFileSync } from "node:fs";', imports],
  ["policy/pack/new.ts", 'import { Vpc } from "@pulumi/aws/ec2/index.js";', imports],
  ["policy/laws/new.ts", 'import { Lab } from "../../components/lab.ts";', imports],
  ["policy/laws/new.ts", 'import { graphOf } from "../../test/stacks/record.ts";', imports],
  ["components/new.ts", 'export const one = (m: string) => m === "multi-primary";', syntax],
  ["topology/clusters.ts", 'export const one = (m: string) => "primary-remote" !== m;', syntax],
  [
    "istio/new.ts",
    'export function f(m: string) { switch (m) { case "single": return 1; default: return 2; } }',
    syntax,
  ],
  ["lab/plan/new.ts", "export const same = (a: { model: string }, b: string) => a.model === b;", syntax],
  ["components/new.ts", "export function f(c: { model: string }) { switch (c.model) { default: return 1; } }", syntax],
];

/** The nearest thing that is allowed, so that no rule forbids everything. */
const allowed: readonly (readonly [string, string])[] = [
  [
    "topology/new.ts",
    'import { z } from "zod"; import type { LabPlan } from "./types.ts"; export type { LabPlan, z };',
  ],
  ["topology/new.ts", 'import { rules } from "./rules/index.ts"; export const all = rules;'],
  ["topology/new.ts", 'export const parsed = Date.parse("2026-11-23"), day = new Date(0);'],
  ["topology/new.ts", "export const given = (c: { model?: string }) => c.model !== undefined;"],
  ["topology/models.ts", 'export const one = (m: string) => m === "multi-primary";'],
  ["istio/new.ts", 'import type { LabPlan } from "../topology/types.ts"; export type { LabPlan };'],
  [
    "components/new.ts",
    'import * as aws from "@pulumi/aws"; import { values } from "../istio/values.ts"; export { aws, values };',
  ],
  ["index.ts", 'import * as pulumi from "@pulumi/pulumi"; export const config = new pulumi.Config();'],
  ["lab/recorder/new.ts", 'import * as pulumi from "@pulumi/pulumi"; export { pulumi };'],
  [
    "lab/plan/new.ts",
    'import { readFileSync } from "node:fs"; import pc from "picocolors"; export { readFileSync, pc };',
  ],
  [
    "policy/laws/new.ts",
    'import { ResourceGraph } from "../../lab/recorder/graph.ts"; export const none = new ResourceGraph([]);',
  ],
  ["policy/pack/new.ts", 'import proto from "@pulumi/pulumi/proto/analyzer_pb.js"; export { proto };'],
  ["local/cloud/new.ts", 'import { local } from "../local/x.ts"; import * as fs from "node:fs"; export { local, fs };'],
  ["test/local.test.ts", 'import { start } from "../local/cloud/start.ts"; export { start };'],
];

describe("the boundaries between folders", function () {
  this.timeout(60_000);

  for (const [path, code, rule] of violations) {
    it(`hold in ${path} against: ${code}`, async () => {
      assert.ok((await complaints(path, code)).includes(rule));
    });
  }

  for (const [path, code] of allowed) {
    it(`leave room in ${path} for: ${code}`, async () => {
      assert.deepEqual(await complaints(path, code), []);
    });
  }
});

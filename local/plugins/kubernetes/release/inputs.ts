import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { containsUnknown, isObject } from "../../host/values.ts";
import { autoname } from "../object/inputs.ts";
import type { CheckFailure, CheckRequest } from "../../host/provider.ts";
import type { Properties } from "../../host/values.ts";

/** A release's checked inputs: what the stand-in reads of them. Other keys are kept as they are. */
export interface ReleaseInputs extends Properties {
  name: string;
  namespace: string;
  chart: string;
  version: string;
  values: Properties;
  repositoryOpts?: { repo?: string; caFile?: string; certFile?: string; keyFile?: string };
  /** Seconds; 0 is the default. */
  timeout?: number;
}

/** What the real provider fills in once every input is known (its Release struct, helm_release.go). */
const defaults: Properties = {
  allowNullValues: false,
  atomic: false,
  cleanupOnFail: false,
  createNamespace: false,
  dependencyUpdate: false,
  description: "",
  devel: false,
  disableCRDHooks: false,
  disableOpenapiValidation: false,
  disableWebhooks: false,
  forceUpdate: false,
  keyring: "",
  lint: false,
  postrender: "",
  recreatePods: false,
  renderSubchartNotes: false,
  replace: false,
  resetValues: false,
  reuseValues: false,
  skipAwait: false,
  skipCrds: false,
  values: {},
  verify: false,
  version: "",
  waitForJobs: false,
};

const known = new Set([
  ...Object.keys(defaults),
  "chart",
  "compat",
  "manifest",
  "maxHistory",
  "name",
  "namespace",
  "repositoryOpts",
  "resourceNames",
  "status",
  "timeout",
  "valueYamlFiles",
]);

/** Options whose "on" would have to do something. */
const notBuilt = ["keyring", "lint", "postrender", "recreatePods", "replace", "verify"];

/** Seconds that Helm waits by default. */
export const defaultTimeout = 300;

/** The inputs with a name, the namespace, the timeout, merged values files and the real provider's defaults. */
export function releaseInputs(request: CheckRequest, defaultNamespace: string): ReleaseInputs {
  const { valueYamlFiles, compat: _sdk, ...news } = request.news;
  const oldName = request.olds["name"];
  const name = news["name"] || oldName || autoname(request.name, request.randomSeed);
  const timeout = news["skipAwait"] === true ? {} : { timeout: defaultTimeout };
  const files = Array.isArray(valueYamlFiles) ? valueYamlFiles.map(valuesOfAsset) : [];
  const own = isObject(news["values"]) ? news["values"] : {};
  const values = [...files, own].reduce<Properties>(merge, {});
  const namespace = news["namespace"] || defaultNamespace;
  return withoutNulls({ ...defaults, ...timeout, ...news, name, namespace, values }) as ReleaseInputs;
}

/** What the stand-in would ignore, and what is missing. */
export function inputFailures(news: Properties): CheckFailure[] {
  const failures = Object.keys(news)
    .filter((key) => !known.has(key))
    .map((property) => ({ property, reason: "there is no such property" }));
  for (const property of notBuilt) {
    if (news[property]) failures.push({ property, reason: "not built in the local cloud; leave it out" });
  }
  const repository = news["repositoryOpts"];
  if (isObject(repository) && (repository["username"] || repository["password"])) {
    failures.push({ property: "repositoryOpts", reason: "username and password are not built in the local cloud" });
  }
  if (!news["chart"]) failures.push({ property: "chart", reason: "is missing" });
  return failures;
}

/** Sets the second values over the first, as Helm merges values files. */
export function merge(under: Properties, over: Properties): Properties {
  const merged: Properties = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) && !containsUnknown(value) ? merge(before, value) : value;
  }
  return merged;
}

/** A values file is a Pulumi asset: a text, or a path. */
function valuesOfAsset(asset: unknown): Properties {
  if (!isObject(asset)) throw new Error("valueYamlFiles: an entry is no asset");
  const { text, path } = asset;
  if (typeof text !== "string" && typeof path !== "string") {
    throw new Error("valueYamlFiles: an entry is neither a text nor a file (remote assets: not built)");
  }
  const content: unknown = parse(typeof text === "string" ? text : readFileSync(String(path), "utf8"));
  if (content === null || content === undefined) return {};
  if (!isObject(content)) throw new Error(`valueYamlFiles: ${String(path ?? "a text")} holds no values`);
  return content;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isObject(value)) return value;
  const pairs = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(pairs.map(([key, item]) => [key, withoutNulls(item)]));
}

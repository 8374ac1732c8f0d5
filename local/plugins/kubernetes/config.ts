import { containsUnknown, deepEqual, UNKNOWN } from "../host/values.ts";
import { activeContext } from "./api/kubeconfig.ts";
import type { CheckFailure, CheckResult, DiffResult } from "../host/provider.ts";
import type { Properties } from "../host/values.ts";
import type { ActiveContext } from "./api/kubeconfig.ts";

/** The provider's options, with the real provider's defaults. */
export interface ProviderOptions {
  enableSecretMutable: boolean;
  enableConfigMapMutable: boolean;
  upsertExistingObjects: boolean;
  /** What is in a cluster that does not answer counts as deleted; also `PULUMI_K8S_DELETE_UNREACHABLE=true`. */
  deleteUnreachable: boolean;
}

/** Options that the stand-in reads. */
const read = new Set([
  "cluster",
  "clusterIdentifier",
  "context",
  "deleteUnreachable",
  "enableConfigMapMutable",
  "enableSecretMutable",
  "enableServerSideApply",
  "kubeconfig",
  "namespace",
  "upsertExistingObjects",
]);

/** Options that change nothing here: client rates and warnings that the stand-in does not give. */
const harmless = new Set(["kubeClientSettings", "suppressDeprecationWarnings", "suppressHelmHookWarnings", "version"]);

/** Options whose "on" would have to do something. */
const notBuilt = new Set([
  "alwaysRender",
  "enablePatchForce",
  "helmReleaseSettings",
  "renderYamlToDirectory",
  "skipUpdateUnreachable",
]);

/** Checks the options of a `kubernetes.Provider`. What would be ignored is refused. */
export function checkConfig(news: Properties): CheckResult {
  const failures = Object.entries(news).flatMap(([property, value]): CheckFailure[] => {
    if (read.has(property) || harmless.has(property) || !isOn(value)) return [];
    const reason = notBuilt.has(property) ? "not built in the local cloud; leave it out" : "there is no such option";
    return [{ property, reason }];
  });
  if (String(news["enableServerSideApply"]) === "false") {
    failures.push({ property: "enableServerSideApply", reason: "client-side apply is not built in the local cloud" });
  }
  const kubeconfig = news["kubeconfig"];
  if (kubeconfig === undefined || kubeconfig === "") {
    failures.push({ property: "kubeconfig", reason: "is missing; the local cloud uses no kubeconfig of the machine" });
  } else if (!containsUnknown(kubeconfig)) {
    failures.push(...kubeconfigFailures(news));
  }
  return { inputs: news, failures };
}

/**
 * Compares options. A change updates the provider in place, but another active cluster replaces it and every resource
 * with it, unless `clusterIdentifier` is set: then only its own change does.
 */
export function diffConfig(olds: Properties, news: Properties): DiffResult {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = keys.filter((key) => key !== "version" && !deepEqual(olds[key], news[key]));
  const detailed = Object.fromEntries(changed.map((key) => [key, "update" as const]));
  const replaces = changed.filter((key) => replacesProvider(key, olds, news));
  const replaced = Object.fromEntries(replaces.map((key) => [key, "update-replace" as const]));
  return { changes: changed.length > 0, replaces, detailed: { ...detailed, ...replaced } };
}

/** Reads the checked options. */
export function providerOptions(inputs: Properties, env: NodeJS.ProcessEnv = process.env): ProviderOptions {
  return {
    enableSecretMutable: isOn(inputs["enableSecretMutable"]),
    enableConfigMapMutable: isOn(inputs["enableConfigMapMutable"]),
    upsertExistingObjects: isOn(inputs["upsertExistingObjects"]),
    deleteUnreachable: isOn(inputs["deleteUnreachable"] ?? env["PULUMI_K8S_DELETE_UNREACHABLE"]),
  };
}

/** The cluster that the options point at. @throws Error when the kubeconfig is malformed */
export function contextOf(inputs: Properties): ActiveContext {
  const active = activeContext(String(inputs["kubeconfig"]), {
    context: text(inputs["context"]),
    cluster: text(inputs["cluster"]),
  });
  return { ...active, namespace: text(inputs["namespace"]) ?? active.namespace };
}

function replacesProvider(key: string, olds: Properties, news: Properties): boolean {
  if (text(news["clusterIdentifier"])) return key === "clusterIdentifier" && text(olds[key]) !== undefined;
  if (key !== "kubeconfig" && key !== "context" && key !== "cluster") return false;
  if (news["kubeconfig"] === UNKNOWN) return key === "kubeconfig";
  return !deepEqual(contextOf(olds).cluster, contextOf(news).cluster);
}

function kubeconfigFailures(news: Properties): CheckFailure[] {
  try {
    contextOf(news);
    return [];
  } catch (error) {
    return [{ property: "kubeconfig", reason: error instanceof Error ? error.message : String(error) }];
  }
}

/** The SDK sends every option as JSON text. */
function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== false && value !== "false";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== UNKNOWN ? value : undefined;
}

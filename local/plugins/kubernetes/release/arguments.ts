import { defaultTimeout } from "./inputs.ts";
import type { Helm } from "./helm.ts";
import type { ReleaseInputs } from "./inputs.ts";

/**
 * The command lines of Helm 4. They ask for what Helm 3 did, which the real provider embeds: client-side apply, so that
 * fields that istiod patches do not conflict, and Helm 3's way of waiting.
 */
export function installArguments(inputs: ReleaseInputs, helm: Helm): string[] {
  return [
    "install",
    ...common(inputs, helm),
    "--server-side=false",
    ...flag("--create-namespace", inputs["createNamespace"]),
    ...flag("--no-hooks", inputs["disableWebhooks"]),
  ];
}

export function upgradeArguments(inputs: ReleaseInputs, helm: Helm): string[] {
  const history = typeof inputs["maxHistory"] === "number" ? inputs["maxHistory"] : 0;
  return [
    "upgrade",
    ...common(inputs, helm),
    "--server-side=false",
    `--history-max=${history}`,
    ...flag("--no-hooks", inputs["disableCRDHooks"]),
    ...flag("--cleanup-on-fail", inputs["cleanupOnFail"]),
    ...flag("--reset-values", inputs["resetValues"]),
    ...flag("--reuse-values", inputs["reuseValues"]),
  ];
}

/** Waits by the stored timeout until every object is gone, finalizers included. */
export function uninstallArguments(inputs: ReleaseInputs): string[] {
  const waits = inputs["atomic"] === true || inputs["skipAwait"] !== true;
  const wait = waits ? ["--wait=legacy", `--timeout=${timeoutOf(inputs)}s`] : [];
  return ["uninstall", inputs.name, "--namespace", inputs.namespace, ...wait];
}

/** Renders the chart on this machine, without the cluster. */
export function templateArguments(inputs: ReleaseInputs, helm: Helm): string[] {
  return [
    "template",
    ...chartArguments(inputs, helm),
    ...(inputs["skipCrds"] === true ? ["--skip-crds"] : ["--include-crds"]),
    ...flag("--no-hooks", inputs["disableWebhooks"]),
  ];
}

function common(inputs: ReleaseInputs, helm: Helm): string[] {
  const waits = inputs["skipAwait"] !== true;
  const description = inputs["description"];
  return [
    ...chartArguments(inputs, helm),
    `--timeout=${timeoutOf(inputs)}s`,
    waits ? "--wait=legacy" : "--wait=hookOnly",
    ...flag("--wait-for-jobs", waits && inputs["waitForJobs"]),
    ...flag("--rollback-on-failure", inputs["atomic"]),
    ...flag("--skip-crds", inputs["skipCrds"]),
    ...flag("--disable-openapi-validation", inputs["disableOpenapiValidation"]),
    ...flag("--force-replace", inputs["forceUpdate"]),
    ...flag("--render-subchart-notes", inputs["renderSubchartNotes"]),
    ...(typeof description === "string" && description ? ["--description", description] : []),
  ];
}

function chartArguments(inputs: ReleaseInputs, helm: Helm): string[] {
  const { name, namespace, chart, version, repositoryOpts = {} } = inputs;
  return [
    name,
    chart,
    "--namespace",
    namespace,
    "--values",
    helm.valuesFile,
    ...(version ? ["--version", version] : []),
    ...(repositoryOpts.repo ? ["--repo", repositoryOpts.repo] : []),
    ...(repositoryOpts.caFile ? ["--ca-file", repositoryOpts.caFile] : []),
    ...(repositoryOpts.certFile ? ["--cert-file", repositoryOpts.certFile] : []),
    ...(repositoryOpts.keyFile ? ["--key-file", repositoryOpts.keyFile] : []),
    ...flag("--dependency-update", inputs["dependencyUpdate"]),
    ...flag("--devel", inputs["devel"]),
  ];
}

function timeoutOf(inputs: ReleaseInputs): number {
  return inputs.timeout || defaultTimeout;
}

function flag(name: string, isOn: unknown): string[] {
  return isOn === true ? [name] : [];
}

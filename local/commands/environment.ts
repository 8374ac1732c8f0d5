import { delimiter, join } from "node:path";
import { cacheDir, compileCache } from "../paths.ts";

/** Where everything about one running cloud lies. */
export interface Places {
  runDir: string;
  /** Plugins and the stand-in AWS CLI. */
  bin: string;
  workspace: string;
  /** Pulumi's state, as its file backend keeps it. */
  backend: string;
  pulumiHome: string;
  /** Contexts for all clusters of the ledger. */
  kubeconfig: string;
}

/** The places below a run directory. */
export function places(runDir: string): Places {
  return {
    runDir,
    bin: join(runDir, "bin"),
    workspace: join(runDir, "workspace"),
    backend: join(runDir, "pulumi"),
    pulumiHome: join(runDir, "pulumi-home"),
    kubeconfig: join(runDir, "kubeconfig"),
  };
}

/**
 * The environment of everything that runs on the user's machine inside the local cloud: the tools first on PATH, Pulumi
 * on its own state, and nothing that would lead out: no AWS profile, no proxy.
 *
 * @param inherited the caller's environment, of which the rest is kept
 */
export function environment(
  at: Places,
  toolsBin: string,
  inherited: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const kept = Object.entries(inherited).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !leadsOut.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: [at.bin, toolsBin, inherited["PATH"] ?? "/usr/bin:/bin"].join(delimiter),
    ISTIO_LAB_RUN: at.runDir,
    ISTIO_LAB_CACHE: cacheDir,
    // An `up` starts seven processes of Node, whose modules take longer to compile than most of what they do.
    NODE_COMPILE_CACHE: compileCache,
    KUBECONFIG: at.kubeconfig,
    PULUMI_HOME: at.pulumiHome,
    PULUMI_BACKEND_URL: `file://${at.backend}`,
    PULUMI_CONFIG_PASSPHRASE: "local-cloud",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** npm's own variables would change how npm runs inside; the others name accounts and proxies of the real world. */
const leadsOut = /^(npm_.*|INIT_CWD|AWS_.*|PULUMI_.*|(https?|all|no|ftp)_proxy)$/i;

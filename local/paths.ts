import { homedir } from "node:os";
import { join } from "node:path";
import { toolsKey } from "./tools/key.ts";

/** Where built tools are kept, outside the checkout: `$ISTIO_LAB_CACHE`, else `~/.cache/istio-lab`. */
export const cacheDir = process.env["ISTIO_LAB_CACHE"] || join(homedir(), ".cache", "istio-lab");

/** Where Node keeps its modules compiled: `$NODE_COMPILE_CACHE`, else a folder of the cache. */
export const compileCache = process.env["NODE_COMPILE_CACHE"] || join(cacheDir, "compiled");

/** Where a running cloud keeps its ledger, socket, clusters and logs: `$ISTIO_LAB_RUN`, else `/var/lib/istio-lab`. */
export const runDir = process.env["ISTIO_LAB_RUN"] || "/var/lib/istio-lab";

/**
 * The folder of the tools that belong to this checkout: `bin/` (executables), `charts/<version>/` (base, istiod, gateway,
 * cni, ztunnel), `crds/`, `share/` and `images/` (the registry's storage). Filled by `buildTools()`; its name changes with
 * every version, go.mod, go.sum and Go source that it is made of.
 */
export function toolsDir(): string {
  return join(cacheDir, "tools", toolsKey());
}

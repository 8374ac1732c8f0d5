import { join } from "node:path";
import { toolsDir } from "../paths.ts";

export interface RegistryProcess {
  command: string[];
  /** To be added to the process's environment. */
  env: Record<string, string>;
  configFile: string;
  /** The image content, which the registry only reads. */
  storageDir: string;
}

/**
 * How to run the image registry; it speaks plain HTTP and needs no state of its own.
 * @param listen address and port, as `198.18.0.2:5000`
 */
export function registryConfig(listen: string): RegistryProcess {
  const tools = toolsDir();
  const configFile = join(import.meta.dirname, "registry.yaml");
  const storageDir = join(tools, "images", "storage");
  return {
    command: [join(tools, "bin", "registry"), "serve", configFile],
    env: {
      REGISTRY_HTTP_ADDR: listen,
      REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: storageDir,
      // It would otherwise send traces to a collector on localhost.
      OTEL_TRACES_EXPORTER: "none",
    },
    configFile,
    storageDir,
  };
}

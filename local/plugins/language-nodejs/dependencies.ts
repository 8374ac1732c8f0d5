import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
}

/** The direct dependencies of the program in this directory, with the versions that are installed. */
export function installedDependencies(directory: string): { name: string; version: string }[] {
  const names = Object.keys(readManifest(join(directory, "package.json")).dependencies ?? {});
  return names.map((name) => {
    const version = readManifest(join(directory, "node_modules", name, "package.json")).version;
    return { name, version: version ?? "not installed" };
  });
}

function readManifest(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch {
    return {};
  }
}

/** Where the project is. */
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));

/**
 * A file as somebody types it: from the project's folder, where it is in that.
 * @param path a relative one is taken from `from`
 */
export function shortPath(path: string, from = process.cwd()): string {
  const inProject = relative(projectRoot, resolve(from, path));
  return inProject.startsWith("..") ? path : inProject;
}

import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The nearest folder, upwards from a path that need not exist yet, that does exist. */
export function existingFolder(path: string): string {
  let folder = resolve(path);
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

/** Bytes that may still be written where a path is or would be. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(existingFolder(path));
  return bavail * bsize;
}

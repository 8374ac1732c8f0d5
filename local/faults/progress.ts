/** Which positions are done, so that a suite that was interrupted goes on: kept per tree, outside the checkout. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../paths.ts";
import { treeHash } from "../tree-hash.ts";

const root = join(import.meta.dirname, "..", "..");

export class Progress {
  readonly #file: string;
  /** By part, in groups that were tried together. */
  readonly #done: Record<string, string[][]>;

  constructor() {
    const folder = join(cacheDir, "faults");
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, `${treeHash(root)}.json`);
    this.#done = read(this.#file);
  }

  /** Positions of a part that are done already. */
  of(part: string): readonly string[] {
    return this.groups(part).flat();
  }

  groups(part: string): readonly (readonly string[])[] {
    return this.#done[part] ?? [];
  }

  add(part: string, positions: readonly string[]): void {
    this.#done[part] = [...(this.#done[part] ?? []), [...positions]];
    writeFileSync(this.#file, JSON.stringify(this.#done));
  }
}

function read(file: string): Record<string, string[][]> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, string[][]>;
  } catch {
    return {};
  }
}

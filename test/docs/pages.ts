/** The pages of the documentation. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** From the project's folder. */
export const pages: readonly string[] = [
  "README.md",
  "README.ja.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { encoding: "utf8", recursive: true })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

export const read = (page: string): string => readFileSync(join(root, page), "utf8");

/** Writes the parts of all pages that repeat what the code says, and the policies' pages: `npm run docs:write`. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { policyPage } from "../../policy/page.ts";
import type { Language } from "./experiment-pages.ts";
import { withGeneratedParts } from "./generated.ts";
import { docsFolder } from "./write-measurements.ts";

export interface WrittenPage {
  readonly path: string;
  readonly text: string;
}

/** Every page with what the code says now, as prettier formats it. */
export async function writtenPages(): Promise<WrittenPage[]> {
  const languages: readonly Language[] = ["en", "ja"];
  const pages = languages.flatMap((language) => [
    ...readdirSync(join(docsFolder, language), { encoding: "utf8", recursive: true })
      .filter((file) => file.endsWith(".md") && file !== "policies.md")
      .map((file) => join(docsFolder, language, file))
      .map((path) => ({ path, text: withGeneratedParts(readFileSync(path, "utf8"), language) })),
    { path: join(docsFolder, language, "policies.md"), text: policyPage(language) },
  ]);
  const options = { ...(await resolveConfig(join(docsFolder, "README.md"))), parser: "markdown" };
  return Promise.all(pages.map(async ({ path, text }) => ({ path, text: await format(text, options) })));
}

if (import.meta.main) for (const { path, text } of await writtenPages()) writeFileSync(path, text);

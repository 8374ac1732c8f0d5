/** Writes docs/policies.md anew: `npm run policies`. */
import { writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { policyPage } from "../../policy/page.ts";

const path = new URL("../../docs/policies.md", import.meta.url);

/** The page as it has to stand there. */
export async function writtenPage(): Promise<string> {
  return format(policyPage(), { ...(await resolveConfig(path)), parser: "markdown" });
}

if (import.meta.main) writeFileSync(path, await writtenPage());

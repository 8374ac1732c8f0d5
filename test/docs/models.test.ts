import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { knownStacks } from "../../lab/plan/stacks.ts";
import { tablesOf } from "../lab/experiment/show/markdown.ts";
import { textIn } from "./parts.ts";

const docs = fileURLToPath(new URL("../../docs", import.meta.url));

/** What is wrong with the topology on the page of a stack; that it is the plan's, `npm run docs:write` sees to. */
function topologyProblems(page: string, stack: string): string[] {
  const part = { open: `<!-- topology ${stack} -->`, close: "<!-- /topology -->" };
  if (!page.includes(part.open)) return [`there is no line ${part.open}`];
  return textIn(page, part).startsWith("```mermaid\n") ? [] : ["its topology is no diagram"];
}

/** Stacks to whose page the first table of a page does not lead. */
function unlisted(page: string): string[] {
  const [rows = []] = tablesOf(page);
  return knownStacks().filter((stack) => !rows.flat().some((cell) => cell.includes(`](models/${stack}.md)`)));
}

describe("the pages of the stacks", () => {
  for (const language of ["en", "ja"]) {
    const folder = join(docs, language, "models");
    const files = readdirSync(folder).sort();

    it(`are one for each stack, and no other (${language})`, () => {
      assert.deepEqual(
        files,
        knownStacks()
          .map((stack) => `${stack}.md`)
          .sort(),
      );
    });

    const models = readFileSync(join(docs, language, "deployment-models.md"), "utf8");

    it(`are led to by the table of the deployment models (${language})`, () => assert.deepEqual(unlisted(models), []));

    it(`are missed there, also where the text names them still (${language})`, () => {
      const link = "](models/single-ha.md)";
      assert.deepEqual(unlisted(`${models.replace(link, "]")}\n[single-ha${link}\n`), ["single-ha"]);
    });

    for (const file of files)
      it(`${file} shows its topology (${language})`, () => {
        assert.deepEqual(topologyProblems(readFileSync(join(folder, file), "utf8"), file.replace(/\.md$/, "")), []);
      });
  }

  it("are found wanting without a topology, with another's and with an empty one", () => {
    const page = readFileSync(join(docs, "en/models/single.md"), "utf8");
    for (const [changed, problem] of [
      [page.replaceAll(/<!-- topology[\s\S]*<!-- \/topology -->/g, ""), "there is no line <!-- topology single -->"],
      [page.replace("topology single", "topology multi"), "there is no line <!-- topology single -->"],
      [page.replace(/```mermaid[\s\S]*?```/, ""), "its topology is no diagram"],
    ] as const)
      assert.deepEqual(topologyProblems(changed, "single"), [problem]);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tablesOf } from "../lab/experiment/show/markdown.ts";
import { root } from "./pages.ts";

/** The file of each class that is a component, by its name. */
function componentsIn(sources: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(
    Object.entries(sources).flatMap(([file, text]) =>
      [...text.matchAll(/^export class (\w+) extends pulumi\.ComponentResource\b/gm)].map(
        ([, name = ""]) => [name, file] as const,
      ),
    ),
  );
}

const filesIn = (folder: string, end: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(root, folder), { encoding: "utf8", recursive: true })
      .filter((file) => file.endsWith(end))
      .map((file) => [file, readFileSync(join(root, folder, file), "utf8")]),
  );

const pageOf = (component: string): string => `${component.replaceAll(/(?<=.)[A-Z]/g, "-$&").toLowerCase()}.md`;

/** Components without a page, or that the first table of the README does not lead to; pages of none. */
function setProblems(components: ReadonlyMap<string, string>, pages: Readonly<Record<string, string>>): string[] {
  const { "README.md": readme = "", ...others } = pages;
  const [[, ...rows] = []] = tablesOf(readme);
  const [named, wanted] = [[...components.keys()], rows.map(([cell = ""]) => cell)];
  const expected = named.map(pageOf);
  return [
    ...expected.filter((page) => !(page in others)).map((page) => `there is no ${page}`),
    ...Object.keys(others)
      .filter((page) => !expected.includes(page))
      .map((page) => `${page} is of no component`),
    ...named
      .map((name) => `[${name}](${pageOf(name)})`)
      .filter((link) => !wanted.includes(link))
      .map((link) => `README.md does not list ${link}`),
    ...[...components].flatMap(([name, file]) => pageProblems(others[pageOf(name)] ?? "", name, file)),
  ];
}

function pageProblems(page: string, component: string, file: string): string[] {
  if (page === "") return [];
  const source = `[components/${file}](../../../components/${file})`;
  return [
    ...(page.startsWith(`# ${component}\n`) ? [] : [`${pageOf(component)}: its heading is not ${component}`]),
    ...(page.includes(source) ? [] : [`${pageOf(component)} does not lead to ${source}`]),
  ];
}

describe("the pages of the components", () => {
  const components = componentsIn(filesIn("components", ".ts"));
  const english = filesIn("docs/en/components", ".md");

  for (const language of ["en", "ja"])
    it(`are one for each class, and no other (${language})`, () => {
      assert.ok(components.size > 0);
      assert.deepEqual(setProblems(components, filesIn(`docs/${language}/components`, ".md")), []);
    });

  const { "trust.md": trust = "", ...withoutTrust } = english;
  const readme = english["README.md"] ?? "";
  const further = componentsIn({ "ztunnel.ts": "export class Ztunnel extends pulumi.ComponentResource {" });
  const wrong: [title: string, of: ReadonlyMap<string, string>, pages: typeof english, problems: string[]][] = [
    ["a class without a page", components, withoutTrust, ["there is no trust.md"]],
    ["a page without a class", components, { ...english, "mesh.md": "# Mesh\n" }, ["mesh.md is of no component"]],
    [
      "a new class",
      new Map([...components, ...further]),
      english,
      ["there is no ztunnel.md", "README.md does not list [Ztunnel](ztunnel.md)"],
    ],
    [
      "one that their README does not list",
      components,
      { ...english, "README.md": readme.replace(/^\| \[Trust\].*\n/m, "") },
      ["README.md does not list [Trust](trust.md)"],
    ],
    [
      "one of another name",
      components,
      { ...english, "trust.md": trust.replace("# Trust", "# Root") },
      ["trust.md: its heading is not Trust"],
    ],
    [
      "one of another file",
      components,
      { ...english, "trust.md": trust.replaceAll("trust.ts", "root.ts") },
      ["trust.md does not lead to [components/trust.ts](../../../components/trust.ts)"],
    ],
  ];
  for (const [title, of, pages, problems] of wrong)
    it(`are found wanting: ${title}`, () => assert.deepEqual(setProblems(of, pages), problems));
});

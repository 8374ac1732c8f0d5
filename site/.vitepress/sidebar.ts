/** The pages of a language, in the order in which somebody new reads them, under the headings that they have. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";

export type Language = "en" | "ja";

interface Group {
  readonly text: Readonly<Record<Language, string>>;
  /** Names of pages; absent for all pages of `folder`. */
  readonly pages?: readonly string[];
  readonly folder?: string;
}

const groups: readonly Group[] = [
  {
    text: { en: "Start", ja: "はじめに" },
    pages: [
      "getting-started",
      "notes",
      "deployment-models",
      "configuration",
      "commands",
      "cost",
      "troubleshooting",
      "glossary",
    ],
  },
  { text: { en: "Exercises", ja: "演習" }, folder: "exercises" },
  { text: { en: "Experiments", ja: "実験" }, folder: "experiments" },
  { text: { en: "Deployment models", ja: "デプロイメントモデル" }, folder: "models" },
  { text: { en: "Components", ja: "コンポーネント" }, folder: "components" },
  {
    text: { en: "In depth", ja: "詳しく" },
    pages: [
      "failover",
      "performance",
      "observability",
      "certificates",
      "upgrades",
      "recovery",
      "closed-labs",
      "rules",
      "policies",
      "local-cloud",
    ],
  },
];

/** @throws Error that names a page which no group has, or which there is not */
export function sidebarOf(docs: string, language: Language): DefaultTheme.SidebarItem[] {
  const root = join(docs, language);
  const listed = groups.flatMap(({ pages = [] }) => pages);
  const missing = readdirSync(root).filter((file) => file.endsWith(".md") && !listed.includes(file.slice(0, -3)));
  const lost = missing.filter((file) => file !== "README.md");
  if (lost.length > 0) throw new Error(`${lost.join(", ")} of ${root} is in no group of site/.vitepress/sidebar.ts.`);
  return groups.map(({ text, pages, folder }) => ({
    text: text[language],
    collapsed: folder !== undefined,
    ...(existsSync(join(root, folder ?? "", "README.md")) && folder !== undefined
      ? { link: `/${language}/${folder}/` }
      : {}),
    items: (pages ?? pagesOf(join(root, folder ?? ""))).map((page) => {
      const path = folder === undefined ? page : `${folder}/${page}`;
      return { text: headingOf(join(root, `${path}.md`)), link: `/${language}/${path}` };
    }),
  }));
}

const pagesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".md") && file !== "README.md")
    .map((file) => file.slice(0, -3))
    .sort();

function headingOf(file: string): string {
  const [, heading = ""] = /^# (.+)$/m.exec(readFileSync(file, "utf8")) ?? [];
  return heading.replaceAll("`", "");
}

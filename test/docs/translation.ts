/** What a Japanese page lacks of the English one, or has beside it; each check returns one line per mistake. */
import { tablesOf } from "../lab/experiment/show/markdown.ts";
import { inlineCode } from "./markdown.ts";

/** Everything in which both pages have to be the same, and what is still English. */
export function translationProblems(englishPage: string, japanesePage: string): string[] {
  const [english, japanese] = [englishPage, japanesePage].map(withoutGenerated) as [string, string];
  const same: [what: string, of: (page: string) => readonly string[]][] = [
    ["headings of the same levels", headingLevels],
    ["code blocks", codeBlocks],
    ["code in lines", (page) => distinct(inlineCode(page))],
    ["links", (page) => distinct(targets(page))],
    ["tables of the same size", (page) => tablesOf(page).map((rows) => `${rows.length} × ${rows[0]?.length ?? 0}`)],
    ["generated parts", (page) => page.match(/<!--.*?-->/g) ?? []],
  ];
  const different = same.flatMap(([what, of]) => {
    const [ours, theirs] = [of(english), of(japanese)];
    if (ours.join("\n") === theirs.join("\n")) return [];
    const missing = ours.filter((each) => !theirs.includes(each));
    const more = theirs.filter((each) => !ours.includes(each));
    const details = [
      ...missing.map((each) => `missing ${firstLine(each)}`),
      ...more.map((each) => `only in Japanese ${firstLine(each)}`),
    ];
    return [`not the same ${what}: ${details.join("; ") || "in another order or number"}`];
  });
  return [...different, ...stillEnglish(japanese).map((text) => `still English: ${firstLine(text)}`)];
}

const distinct = (all: readonly string[]): string[] => [...new Set(all)].sort();
const firstLine = (text: string): string => text.split("\n").find((line) => !line.startsWith("```")) ?? text;

const fence = /^ *```[\s\S]*?^ *```$/gm;
const withoutCode = (page: string): string => page.replaceAll(fence, "");

/** What a program has written is not to be compared, but its place is. */
const withoutGenerated = (page: string): string =>
  page.replaceAll(/(<!-- ([\w-]+).*?-->)[\s\S]*?(<!-- \/\2 -->)/g, "$1 $3");

const codeBlocks = (page: string): readonly string[] => page.match(fence) ?? [];
const headingLevels = (page: string): string[] =>
  [...withoutCode(page).matchAll(/^(#+) /gm)].map(([, level = ""]) => level);

/** Of links and pictures; anchors are other words in each language, and the languages link to each other. */
function targets(page: string): string[] {
  const all = [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return all
    .filter((target) => !target.startsWith("#"))
    .map((target) => (target.startsWith("http") ? target : (target.split("#")[0] ?? "")))
    .map((target) => target.replace(/^docs\/(en|ja)\//, "docs/LANGUAGE/").replace(/^README(\.ja)?\.md$/, "README"));
}

/** Paragraphs, list items and headings of more than a few words that have no Japanese letter. */
function stillEnglish(page: string): string[] {
  const text = withoutCode(page).replaceAll(/<[^>]+>/g, "");
  const parts = text.split(/\n\s*\n|^(?=#|[-*] |\d+\. )/m);
  return parts.filter((part) => {
    const prose = part.replaceAll(/`[^`]*`|\[[^\]]*\]\([^)]*\)|^\|.*$/gm, " ");
    // Names are written as they are: what makes English are its small words.
    const words = prose.match(/(?<![\w-])[a-z]+(?:-[a-z]+)*(?![\w-])/g) ?? [];
    return words.length > 3 && !/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(prose);
  });
}

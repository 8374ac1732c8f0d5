/** Where the pages of docs/en/experiments are, what they consist of, and what the code says of their experiments. */
import type { Experiment, Scene } from "../../lab/experiment/experiment.ts";
import { sceneOf, type NodeZone } from "../../lab/experiment/run/scene.ts";
import { experiments } from "../../lab/experiment/set/all.ts";
import type { Expectation } from "../../lab/experiment/measure/verdict.ts";
import { expectedMarkdown, listMarkdown, type ListWords } from "../../lab/experiment/show/page.ts";
import { fakeLab } from "../lab/experiment/fake-lab.ts";
import { inJapanese } from "./japanese.ts";
import { textIn, type Part } from "./parts.ts";

const part = (name: string, of = ""): Part => ({ open: `<!-- ${name}${of} -->`, close: `<!-- /${name} -->` });

/** What must hold, from the code. */
export const expectedPart = (experiment: string): Part => part("expected", ` ${experiment}`);
/** What was measured, from a result. */
export const measuredPart = (experiment: string): Part => part("measured", ` ${experiment}`);
/** The table of all experiments, in their README. */
export const listPart: Part = part("experiments");

export const unmeasured = "Not measured yet.";

/** The stack on which a page runs its experiment. */
export const stackOf = ({ needs }: Experiment): string => (needs?.globalIngress ? "global-ingress" : "multi");

const nodes: NodeZone[] = ["east", "west"].flatMap((cluster) =>
  ["a", "b"].map((zone) => ({ cluster, node: `node-${zone}`, zone: `${cluster}-${zone}` })),
);

const sceneFor = (experiment: Experiment): Scene => sceneOf(fakeLab({}, stackOf(experiment)), nodes);

/** What an experiment expects of the stack of its page. */
export const expectationsOf = (experiment: Experiment): readonly Expectation[] =>
  experiment.expect(sceneFor(experiment));

/** What has to stand in the part `expectedPart`, as it is before it is formatted. */
export const expectedText = (experiment: Experiment, language: Language): string =>
  languages[language].written(expectedMarkdown(expectationsOf(experiment)));

interface Words extends ListWords {
  /** Of an experiment that has no measurement. */
  readonly notYet: string;
  /** What a program has written in English. */
  readonly written: (english: string) => string;
  /** The title as the page has it, in its first paragraph. */
  readonly titleOf: (experiment: Experiment, page: string) => string;
}

/** What differs between the languages of the pages. */
export const languages = {
  en: {
    head: ["experiment", "what is done", "measured"],
    control: " (control: must fail)",
    notYet: "not yet",
    written: (english) => english,
    titleOf: ({ title }) => title,
  },
  ja: {
    head: ["実験", "行うこと", "測定結果"],
    control: "（対照実験。失敗しなければならない）",
    notYet: "未測定",
    written: inJapanese,
    titleOf: (_experiment, page) => firstParagraph(page).replace(/。$/, ""),
  },
} as const satisfies Record<string, Words>;

export type Language = keyof typeof languages;

/** Below the heading, in one line; between Japanese letters there is no space. */
export const firstParagraph = (page: string): string =>
  (page.split("\n\n")[1] ?? "").replaceAll(/([\x21-\x7e])\n(?=[\x21-\x7e])/g, "$1 ").replaceAll("\n", "");

/**
 * What has to stand in the part `listPart`, as it is before it is formatted.
 * @param page an experiment's, by its name
 */
export function listText(page: (experiment: string) => string, language: Language): string {
  const words: Words = languages[language];
  return listMarkdown(
    experiments,
    (experiment) => words.titleOf(experiment, page(experiment.name)),
    (name) => verdictIn(textIn(page(name), measuredPart(name))) ?? words.notYet,
    words,
  );
}

/** The verdict, with which a measured part begins, in small letters. */
const verdictIn = (measured: string): string | undefined => /^\*\*(.+?)[.。]\*\*/.exec(measured)?.[1]?.toLowerCase();

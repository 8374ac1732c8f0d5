import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Experiment } from "../../lab/experiment/experiment.ts";
import { experiments } from "../../lab/experiment/set/all.ts";
import { knownStacks } from "../../lab/plan/stacks.ts";
import { tablesOf } from "../lab/experiment/show/markdown.ts";
import {
  expectedPart,
  expectedText,
  languages,
  listPart,
  listText,
  measuredPart,
  stackOf,
  unmeasured,
  type Language,
} from "./experiment-pages.ts";
import { textIn, withText } from "./parts.ts";
import { fencedCommands, inlineCode } from "./markdown.ts";
import { docsFolder } from "./write-measurements.ts";

const folderOf = (language: Language): string => join(docsFolder, language, "experiments");
const pageOf = (name: string, language: Language): string =>
  readFileSync(join(folderOf(language), `${name}.md`), "utf8");

/** What the pages of a language call their parts. */
const parts = {
  en: {
    sections: ["Predict", "Run", "Measured", "Explain", "On EKS"],
    prediction: "Prediction",
    question: "?",
    notOnEks: /not measured on EKS/i,
  },
  ja: {
    sections: ["予測", "実行", "測定結果", "解説", "EKS での違い"],
    prediction: "予測の答え",
    question: "か。",
    notOnEks: /EKS では未測定です/,
  },
} as const;

/** What makes a page of an experiment incomplete; a line for each mistake. */
function pageProblems(page: string, experiment: Experiment, language: Language): string[] {
  const { name, title } = experiment;
  const words = parts[language];
  const [heading, first] = page.split("\n\n").map((paragraph) => paragraph.replaceAll("\n", " "));
  const sections = page.split(/^## /m).slice(1);
  const [predict = "", run = "", measured = "", explain = "", eks = ""] = sections;
  const command = `npm run lab -- experiment run ${name} --stack ${stackOf(experiment)} --repeats 5`;
  const [question = ""] = predict.split("<details>");
  const demands: [met: boolean, what: string][] = [
    [heading === `# ${name}`, "its heading is its name"],
    [language === "ja" || first === `${title}.`, "its first paragraph is the title in the code"],
    [sections.map((each) => each.split("\n")[0]).join() === words.sections.join(), "its sections"],
    [question.includes(words.question) || question.includes("？"), "a question before the prediction"],
    [predict.includes(`<details><summary>${words.prediction}</summary>\n\n`), "a prediction that is folded in"],
    [predict.includes(expectedPart(name).open), "what is expected, with the prediction"],
    [fencedCommands(run).includes(command), `the command: ${command}`],
    [measured.includes(measuredPart(name).open), "a place for what is measured"],
    [/\]\(https:/.test(explain), "an explanation with a link to its source"],
    [words.notOnEks.test(eks), "that it has not been measured on EKS"],
  ];
  return demands.filter(([met]) => !met).map(([, what]) => what);
}

/** Commands that run an experiment which there is not, or on a stack which the project does not have. */
function runProblems(markdown: string): string[] {
  const known = ["all", ...experiments.map(({ name }) => name)];
  const commands = [...fencedCommands(markdown), ...inlineCode(markdown)];
  return commands.flatMap((command) => {
    const [, words = ""] = /\bexperiment run (.*)$/.exec(command) ?? [];
    const [names = "", ...options] = words.split(/ (?=--)/);
    const stacks = options.flatMap((option) =>
      option.startsWith("--stack ") ? [option.slice("--stack ".length)] : [],
    );
    return [
      ...names.split(" ").filter((name) => name !== "" && !known.includes(name)),
      ...stacks.filter((stack) => !knownStacks().includes(stack)),
    ].map((unknown) => `${command}: there is no ${unknown}`);
  });
}

/** Cells of a table, whatever its columns' widths. */
const cells = (markdown: string): string[][] => tablesOf(markdown).flat();

for (const language of Object.keys(languages) as Language[])
  describe(`the pages of the experiments (${language})`, () => {
    it("are one for each experiment, and no other", () => {
      const files = readdirSync(folderOf(language)).filter((file) => file.endsWith(".md") && file !== "README.md");
      assert.deepEqual(files.sort(), experiments.map(({ name }) => `${name}.md`).sort());
    });

    for (const experiment of experiments) {
      const { name } = experiment;
      it(`${name} has all that a page has, and expects what the code expects: \`npm run docs:measure\` writes that`, () => {
        const page = pageOf(name, language);
        assert.deepEqual(pageProblems(page, experiment, language), []);
        assert.deepEqual(cells(textIn(page, expectedPart(name))), cells(expectedText(experiment, language)));
        assert.ok([unmeasured, "**"].some((start) => textIn(page, measuredPart(name)).startsWith(start)));
        assert.deepEqual(runProblems(page), []);
      });
    }

    it("are listed in their README, with what was measured", () => {
      const listed = cells(textIn(pageOf("README", language), listPart));
      assert.deepEqual(listed, cells(listText((name) => pageOf(name, language), language)));
      assert.equal(listed.length, experiments.length + 1);
    });

    it("and those about them run experiments that there are", () => {
      for (const name of ["README", "../failover"]) assert.deepEqual(runProblems(pageOf(name, language)), []);
    });
  });

describe("the pages of the experiments", () => {
  it("are listed with the titles of the code, and controls as such", () => {
    const [, ...rows] = cells(textIn(pageOf("README", "en"), listPart));
    for (const [at, { name, title, control }] of experiments.entries()) {
      assert.equal(rows[at]?.[0], `[${name}](${name}.md)`);
      assert.ok(rows[at]?.[1]?.startsWith(title), title);
      assert.equal(rows[at]?.[1]?.endsWith("(control: must fail)"), control === true);
    }
  });

  it("must not run what there is not", () => {
    const good = "`npm run lab -- experiment run pod-kill all --stack multi --repeats 5`, or `experiment run`";
    assert.deepEqual(runProblems(good), []);
    assert.match(runProblems(good.replace("pod-kill", "pod-kiss")).join(), /there is no pod-kiss$/);
    assert.match(runProblems("```\nnpm run lab -- experiment run all --stack much\n```").join(), /there is no much$/);
  });

  describe("are found wanting", () => {
    const [experiment] = experiments;
    assert.ok(experiment);
    const good = pageOf(experiment.name, "en");
    const wrong: [title: string, page: string, problem: RegExp][] = [
      ["without a section", good.replace("## Explain\n", ""), /its sections/],
      ["under another name", good.replace("# pod-kill", "# pod-kiss"), /heading/],
      ["with another title than the code's", good.replace("One of three", "Two of three"), /title in the code/],
      ["without a question", good.replaceAll("?", "."), /question/],
      ["whose prediction is open", good.replace("<details>", ""), /folded/],
      [
        "with another command",
        good.replace("run pod-kill --stack multi", "run pod-kill --stack single"),
        /the command/,
      ],
      ["whose sources are not named", good.replaceAll("](https:", "](http:"), /source/],
      ["that claims EKS", good.replace("**Not measured on EKS.**", "Measured on EKS."), /EKS/],
      ["without a place for measurements", good.replace("<!-- measured pod-kill -->", ""), /place/],
    ];
    for (const [title, page, problem] of wrong)
      it(title, () => {
        assert.notEqual(page, good);
        assert.match(pageProblems(page, experiment, "en").join(), problem);
      });
  });
});

describe("a part of a page", () => {
  const part = measuredPart("x");
  const page = `a\n\n${part.open}\n\nold\n\n${part.close}\n\nb\n`;

  it("is replaced, and nothing around it", () => {
    const text = "costs $& and $1";
    const replaced = withText(page, part, text);
    assert.equal(
      replaced,
      page.replace("old", () => text),
    );
    assert.equal(textIn(replaced, part), text);
  });

  for (const [what, broken] of [
    ["no beginning", page.replace(part.open, "")],
    ["no end", page.replace(part.close, "")],
    ["two beginnings", page + page],
    ["the beginning of another", page.replace(part.open, measuredPart("y").open)],
  ] as const)
    it(`is refused with ${what}`, () => {
      assert.throws(() => withText(broken, part, "new"), /must have one line <!-- measured x -->/);
    });
});

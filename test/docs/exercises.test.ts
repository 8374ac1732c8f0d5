import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubernetesObject } from "../../istio/object.ts";
import type { Exercise } from "../../lab/exercise/exercise.ts";
import { exercises } from "../../lab/exercise/set/all.ts";
import { validate } from "../istio/validate.ts";
import { tablesOf } from "../lab/experiment/show/markdown.ts";
import { firstParagraph, type Language } from "./experiment-pages.ts";
import { fencedCommands, inlineCode } from "./markdown.ts";
import { root } from "./pages.ts";

const folderOf = (language: Language): string => join(root, "docs", language, "exercises");
const pageOf = (name: string, language: Language): string =>
  readFileSync(join(folderOf(language), `${name}.md`), "utf8");

/** What the pages of a language call their parts. */
const parts = {
  en: {
    /** Letters that it takes at least to say one. */
    goal: 60,
    sections: ["Goal", "Predict", "Do", "See", "Explain", "Tidy up"],
    prediction: "Prediction",
    question: "?",
    notOnLocalCloud: /not on the local cloud/i,
    yesOrNo: ["yes", "no"],
  },
  ja: {
    goal: 30,
    sections: ["目標", "予測", "実行", "確認", "解説", "後片付け"],
    prediction: "予測の答え",
    question: "か。",
    notOnLocalCloud: /ローカルクラウドでは実行できません/,
    yesOrNo: ["可", "不可"],
  },
} as const;

const typed = (verb: string, { name, stack }: Exercise): string =>
  `npm run lab -- exercise ${verb} ${name} --stack ${stack}`;

/** What makes a page of an exercise incomplete; a line for each mistake. */
function pageProblems(page: string, exercise: Exercise, language: Language): string[] {
  const words = parts[language];
  const [heading, first] = page.split("\n\n").map((paragraph) => paragraph.replaceAll("\n", " "));
  const sections = page.split(/^## /m).slice(1);
  const [goal = "", predict = "", task = "", see = "", explain = "", tidy = ""] = sections;
  const [question = ""] = predict.split("<details>");
  const demands: [met: boolean, what: string][] = [
    [heading === `# ${exercise.name}`, "its heading is its name"],
    [language === "ja" || first === `${exercise.title}.`, "its first paragraph is the title in the code"],
    [
      sections.map((each) => each.split("\n")[0]).join() === words.sections.join(),
      `its sections: ${words.sections.join(", ")}`,
    ],
    [goal.trim().length > words.goal, "a goal in sentences"],
    [question.includes(words.question) || question.includes("？"), "a question before the prediction"],
    [predict.includes(`<details><summary>${words.prediction}</summary>\n\n`), "a prediction that is folded in"],
    [fencedCommands(task).includes(typed("start", exercise)), `the command: ${typed("start", exercise)}`],
    [fencedCommands(see).includes(typed("check", exercise)), `the command: ${typed("check", exercise)}`],
    [fencedCommands(see).includes(typed("solve", exercise)), `the command: ${typed("solve", exercise)}`],
    [/\]\(https:/.test(explain), "an explanation with a link to its source"],
    [fencedCommands(tidy).includes(typed("reset", exercise)), `the command: ${typed("reset", exercise)}`],
    [
      (exercise.notOnLocalCloud === undefined) !== words.notOnLocalCloud.test(page),
      "whether it can run on the local cloud",
    ],
  ];
  return demands.filter(([met]) => !met).map(([, what]) => what);
}

/** Exercises, and namespaces of exercises, that there are not, in a page that names these namespaces. */
function nameProblems(page: string, spaces: readonly string[]): string[] {
  const names = exercises.map((each) => each.name);
  const typedNames = [...fencedCommands(page), ...inlineCode(page)].flatMap(
    (command) => /^npm run lab -- exercise [a-z]+ (\w\S*)/.exec(command)?.slice(1) ?? [],
  );
  const named = [...page.matchAll(/\bexercise-[a-z]+(?:-[a-z]+)*/g)].map(([name]) => name);
  return [
    ...typedNames.filter((name) => !names.includes(name)).map((name) => `there is no exercise ${name}`),
    ...[...new Set(named)].filter((name) => !spaces.includes(name)).map((name) => `there is no namespace ${name}`),
  ];
}

/** Objects in YAML blocks that Istio would not take. */
function objectProblems(page: string): string[] {
  return [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].flatMap(([, text = ""]) => {
    try {
      const object = parse(text) as KubernetesObject;
      if (/\bistio\.io\//.test(object.apiVersion)) validate(object);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

describe("the pages of the exercises", function () {
  this.timeout(60_000);

  for (const language of Object.keys(parts) as Language[]) {
    it(`are one for each exercise, and no other (${language})`, () => {
      const files = readdirSync(folderOf(language)).filter((file) => file.endsWith(".md") && file !== "README.md");
      assert.deepEqual(files.sort(), exercises.map(({ name }) => `${name}.md`).sort());
    });

    for (const exercise of exercises)
      it(`${exercise.name} has all that a page has, and names nothing that there is not (${language})`, () => {
        const page = pageOf(exercise.name, language);
        assert.deepEqual(pageProblems(page, exercise, language), []);
        assert.deepEqual(nameProblems(page, exercise.namespaces), []);
        assert.deepEqual(objectProblems(page), []);
      });

    it(`are listed in their README as the code has them (${language})`, () => {
      const readme = pageOf("README", language);
      const [, ...rows] = tablesOf(readme)[0] ?? [];
      const [yes, no] = parts[language].yesOrNo;
      assert.deepEqual(
        rows,
        exercises.map(({ name, stack, notOnLocalCloud }) => [
          `[${name}](${name}.md)`,
          `\`${stack}\``,
          notOnLocalCloud === undefined ? yes : no,
          firstParagraph(pageOf(name, language)).replace(/[.。]$/, ""),
        ]),
      );
      const spaces = exercises.flatMap(({ namespaces }) => namespaces);
      assert.deepEqual(nameProblems(readme, spaces), []);
    });
  }

  it("and the command lists them with the same words", () => {
    const printed = execFileSync(process.execPath, ["lab/cli.mjs", "exercise", "list", "--json"], {
      cwd: root,
      encoding: "utf8",
    });
    const list = JSON.parse(printed) as { name: string; title: string; stack: string }[];
    assert.deepEqual(
      list.map(({ name, title, stack }) => [name, title, stack]),
      exercises.map(({ name, title, stack }) => [name, title, stack]),
    );
  });

  describe("are found wanting", () => {
    const [exercise] = exercises;
    assert.ok(exercise);
    const good = pageOf(exercise.name, "en");
    const wrong: [title: string, page: string, problem: RegExp][] = [
      ["without a section", good.replace("## Explain\n", ""), /its sections/],
      ["under another name", good.replace("# first-mesh", "# last-mesh"), /heading/],
      ["with another title than the code's", good.replace("Two pods", "Three pods"), /title in the code/],
      ["without a question", good.replaceAll("?", "."), /question/],
      ["whose prediction is open", good.replace("<details>", ""), /folded/],
      [
        "on another stack",
        good.replace("start first-mesh --stack single", "start first-mesh --stack multi"),
        /exercise start/,
      ],
      ["without the way back", good.replace("exercise reset", "exercise start"), /exercise reset/],
      ["whose sources are not named", good.replaceAll("](https:", "](http:"), /source/],
      ["that forbids the local cloud", `${good}\nNot on the local cloud.\n`, /local cloud/],
    ];
    for (const [title, page, problem] of wrong)
      it(title, () => {
        assert.notEqual(page, good);
        assert.match(pageProblems(page, exercise, "en").join(), problem);
      });

    const unknown: [title: string, page: string, problem: RegExp][] = [
      ["an exercise that there is not", good.replace("check first-mesh", "check last-mesh"), /no exercise last-mesh/],
      [
        "a namespace of another exercise",
        good.replaceAll("exercise-first-mesh", "exercise-routing"),
        /no namespace exercise-routing/,
      ],
    ];
    for (const [title, page, problem] of unknown)
      it(`with ${title}`, () => {
        assert.notEqual(page, good);
        assert.match(nameProblems(page, exercise.namespaces).join(), problem);
      });

    it("with an object that Istio would not take", () => {
      const object = "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: a }\nspec: { servers: 1 }\n";
      assert.equal(objectProblems(`\`\`\`yaml\n${object}\`\`\`\n`).length, 1);
      assert.deepEqual(objectProblems(`\`\`\`yaml\n${object.replace("servers: 1", "servers: []")}\`\`\`\n`), []);
    });
  });
});

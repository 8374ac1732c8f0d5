import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { translationProblems } from "./translation.ts";
import { read, root } from "./pages.ts";

const pagesOf = (language: "en" | "ja"): string[] =>
  readdirSync(join(root, "docs", language), { encoding: "utf8", recursive: true })
    .filter((file) => file.endsWith(".md"))
    .sort();

describe("the documentation in two languages", () => {
  it("has the same pages", () => {
    assert.deepEqual(pagesOf("ja"), pagesOf("en"));
  });

  const pairs = [["README.md", "README.ja.md"], ...pagesOf("en").map((page) => [`docs/en/${page}`, `docs/ja/${page}`])];
  for (const [english = "", japanese = ""] of pairs)
    it(`says in ${japanese} what ${english} says`, () => {
      assert.deepEqual(translationProblems(read(english), read(japanese)), []);
    });

  describe("is found wanting", () => {
    const english = [
      "# Zone loss",
      "A zone is gone. Run `kubectl get pods`, see [failover](failover.md#ejection).",
      "```\nnpm run lab -- status\n```",
      "## Look",
      "| figure | value |\n| ------ | ----- |\n| p99    | 1 ms  |",
      "<!-- measured zone-loss -->\n\nNot measured yet.\n\n<!-- /measured -->",
    ].join("\n\n");
    const japanese = english
      .replace("Zone loss", "ゾーンの喪失")
      .replace(
        "A zone is gone. Run `kubectl get pods`, see [failover](failover.md#ejection).",
        () =>
          "ゾーンがなくなります。\n`kubectl get pods` を実行し、[フェイルオーバー](failover.md#除外)を読んでください。",
      )
      .replace("Look", "確認")
      .replace("figure", "数値");

    it("and not where nothing is missing", () => {
      assert.deepEqual(translationProblems(english, japanese), []);
    });

    const wrong: [title: string, page: string, problem: RegExp][] = [
      ["without a heading", japanese.replace("## 確認\n", ""), /headings/],
      ["with a heading of another level", japanese.replace("## 確認", "### 確認"), /headings/],
      ["with another command", japanese.replace("-- status", "-- audit"), /code blocks: missing npm run lab -- status/],
      ["without some code", japanese.replace("`kubectl get pods`", "コマンド"), /code in lines: missing kubectl/],
      ["with a link to somewhere else", japanese.replace("failover.md", "README.md"), /links: missing failover\.md/],
      ["with a shorter table", japanese.replace("\n| p99    | 1 ms  |", ""), /tables/],
      ["without a generated part", japanese.replace("<!-- /measured -->", ""), /generated parts/],
      [
        "with a paragraph in English",
        `${japanese}\n\nA zone is gone and nobody said so.\n`,
        /still English: A zone is gone/,
      ],
    ];
    for (const [title, page, problem] of wrong)
      it(title, () => {
        assert.notEqual(page, japanese);
        assert.match(translationProblems(english, page).join("\n"), problem);
      });
  });
});

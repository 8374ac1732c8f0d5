/** The page of the policies in Japanese: nothing is missing, and figures, code and links are those of the English. */
import assert from "node:assert/strict";
import { policies } from "../../policy/catalogue.ts";
import { notApplicable as notApplicableInEnglish } from "../../policy/cis-eks.ts";
import { exceptions } from "../../policy/exceptions.ts";
import { notApplicable, reasons, sentences, severities, what } from "../../policy/ja.ts";
import { policyPage } from "../../policy/page.ts";

type Texts = Readonly<Record<string, string>>;

const pairs: readonly (readonly [name: string, english: Texts, japanese: Texts])[] = [
  ["what", Object.fromEntries(Object.entries(policies).map(([id, each]) => [id, each.what])), what],
  ["reasons", Object.fromEntries(exceptions.map(({ reason }) => [reason, reason])), reasons],
  ["notApplicable", notApplicableInEnglish, notApplicable],
];

const fences = /^```\n[\s\S]*?^```$/gm;

/** What has to be the same in both languages and is not in the second. */
function lost(english: string, japanese: string): string[] {
  const same = english.replaceAll(fences, "").match(/`[^`]+`|https:[^\s)]+|\$?\d+(\.\d+)*/g) ?? [];
  return same.filter((each) => !japanese.includes(each));
}

const all = (pattern: RegExp, page: string): readonly string[] =>
  page.match(pattern) ?? assert.fail(`nothing in the page is ${String(pattern)}`);

describe("the policies in Japanese", () => {
  it("lose neither code nor figures, as far as this test can tell", () => {
    assert.deepEqual(lost("`a` costs $1.50 for 7 days: https://a.example/b.", "7 日間で $1.50"), [
      "`a`",
      "https://a.example/b.",
    ]);
  });

  for (const [name, english, japanese] of pairs) {
    it(`have all of \`${name}\` in policy/ja.ts, and nothing else`, () => {
      assert.deepEqual(Object.keys(japanese).sort(), Object.keys(english).sort());
    });

    it(`are whole sentences in \`${name}\`, with the code and the figures of the English`, () => {
      for (const [key, text] of Object.entries(english)) {
        assert.match(japanese[key] ?? "", /[ぁ-ん].*。$/, key);
        assert.deepEqual(lost(text, japanese[key] ?? ""), [], key);
      }
    });
  }

  it("have a word for each severity, and the page uses it", () => {
    assert.equal(new Set(Object.values(severities)).size, 4);
    assert.ok(sentences.intro.includes(`「${severities.low}」`));
    assert.ok(sentences.intro.includes(`**${sentences.inTestsAlone}**`));
  });

  it("have the page's headings, commands and columns", () => {
    const english = policyPage("en");
    const count = Object.keys(policies).length;
    const { intro, exceptions: excused, notApplicable: rest } = sentences;
    const japanese = [intro, sentences.all(count), excused, rest].join("\n");
    assert.deepEqual(all(/^#+ /gm, japanese), all(/^#+ /gm, english));
    assert.ok(sentences.all(count).includes(String(count)));
    assert.deepEqual(all(fences, intro), all(fences, english));
    assert.deepEqual(lost(english.split("\n## All ")[0] ?? "", intro), []);
    assert.deepEqual(
      [sentences.policyColumns, sentences.exceptionColumns, sentences.notApplicableColumns].map(({ length }) => length),
      all(/^\| .*(?=\n\| ---)/gm, english).map((head) => head.split(" | ").length),
    );
  });
});

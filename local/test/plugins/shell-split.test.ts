import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { shellSplit } from "../../plugins/language-nodejs/shell-split.ts";

describe("nodeargs are split as a shell splits words", () => {
  const cases: [line: string, words: string[]][] = [
    ["", []],
    ["  ", []],
    [
      "--import=./lab/require-node.mjs --stack-trace-limit=3",
      ["--import=./lab/require-node.mjs", "--stack-trace-limit=3"],
    ],
    [`--title='a b'  "c \\"d\\""`, ["--title=a b", `c "d"`]],
    [`a\\ b ''`, ["a b", ""]],
    [`"\\n"`, ["\\n"]],
  ];
  for (const [line, words] of cases) {
    it(JSON.stringify(line), () => assert.deepEqual(shellSplit(line), words));
  }

  it("refuses a quote that is not closed", () => {
    assert.throws(() => shellSplit(`--a 'b`), /a quote is not closed in: --a 'b/);
  });
});

import assert from "node:assert/strict";
import { commandsOf, wordsOf } from "./shell.ts";

describe("what pages type into a shell", () => {
  const scripts: [title: string, script: string, commands: string[]][] = [
    ["operators and lines part it", "a && b || c | d; e\nf", ["a", "b", "c", "d", "e", "f"]],
    ["a line goes on after a backslash", "a \\\n  b", ["a    b"]],
    ["comments are none of it", "# a\nb # c; d\n#\ne#f", ["b", "e#f"]],
    ["quotes keep what would part it", `a 'b | c # d' "e; f # g"`, [`a 'b | c # d' "e; f # g"`]],
    ["quoted lines are one", "a '{\n  b;\n}'", ["a '{\n  b;\n}'"]],
    ["an apostrophe in quotes is none", `a "b's"; c 'd'`, [`a "b's"`, "c 'd'"]],
    ["what it puts in is run", 'x=$(a | b) c "$(d "$(e)")"', ["a", "b", "e", 'd "$()"', 'x=$() c "$()"']],
  ];
  for (const [title, script, commands] of scripts) it(title, () => assert.deepEqual(commandsOf(script), commands));

  it("has words without their quotes, and without redirections", () =>
    assert.deepEqual(wordsOf(`a --b='c d' "e" 2> f`), ["a", "--b=c d", "e"]));
});

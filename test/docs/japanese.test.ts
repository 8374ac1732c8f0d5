import assert from "node:assert/strict";
import { experiments } from "../../lab/experiment/set/all.ts";
import { expectedMarkdown, measuredMarkdown } from "../../lab/experiment/show/page.ts";
import { sample } from "../lab/experiment/samples.ts";
import { expectationsOf, expectedText } from "./experiment-pages.ts";
import { inJapanese } from "./japanese.ts";

describe("what a program writes into Japanese pages", () => {
  for (const experiment of experiments)
    it(`has words for all that ${experiment.name} expects, and for why`, () => {
      const expectations = expectationsOf(experiment);
      const { result } = sample({ expectations, with: { control: experiment.control === true } });
      assert.doesNotThrow(() => inJapanese(measuredMarkdown(result, "timeline.svg")));
      assert.match(expectedText(experiment, "ja"), /^\| 数値 /);
    });

  it("keeps names, numbers and units", () => {
    const english = expectedMarkdown([{ figure: "steadyAfterFault", atMost: 5_000, client: "east", because: "" }]);
    assert.match(inJapanese(english), /\| 障害から定常状態まで \| east のクライアント \| 5,000 ms 以下 \|/);
  });

  it("names what has no words", () => {
    assert.throws(() => inJapanese("| figure |\n| ------ |\n| fine weather |"), /no Japanese for "fine weather"/);
    assert.throws(() => inJapanese("It rains."), /no Japanese for "It rains\."/);
  });
});

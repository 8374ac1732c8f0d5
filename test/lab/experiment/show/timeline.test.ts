import assert from "node:assert/strict";
import type { Request } from "../../../../lab/experiment/measure/request.ts";
import { succeeded } from "../../../../lab/experiment/measure/request.ts";
import { timelineSvg } from "../../../../lab/experiment/show/timeline.ts";
import type { Repeat } from "../../../../lab/experiment/result.ts";
import { origin, sample, type Sample, type SampleOptions } from "../samples.ts";
import { elementsOf, ofClass, parseSvg, textBoxes, textFaults, type Element } from "./svg.ts";

const longSentence = "the intermediate certificate of each cluster replaced by a new one of the same root, ".repeat(3);

/** Requests that fail here and there, from a client with a long name, with marks that take long and say much. */
function crowded(): Sample {
  const longName = "a-name-that-is-as-long-as-30ch";
  const { result, requests } = sample({ clients: [longName, "outside"], with: { title: longSentence } });
  const [repeat, all] = [result.repeats[0]!, requests[0]!];
  const failing = all.map((request, at): Request => (at % 331 === 0 ? { ...request, status: 503 } : request));
  const [fault, undo] = repeat.marks;
  const marks = [
    { ...fault!, says: longSentence, end: fault!.begin + 4_000 },
    { ...undo!, says: longSentence, begin: origin + 49_000, end: origin + 60_000 },
  ];
  return { result: { ...result, repeats: [{ ...repeat, marks }] }, requests: [failing] };
}

const pictures: Readonly<Record<string, () => Sample>> = {
  "one client": () => sample({ clients: ["east"] }),
  "two clients": () => sample(),
  "three clients": () => sample({ clients: ["east", "west", "north"], failures: [40] }),
  "total outage": () => sample({ outage: true }),
  "total outage without an undo": () => sample({ outage: true, undo: false }),
  "nothing that failed": () => sample({ failures: [0] }),
  "clients without requests": () => ({ ...sample(), requests: [[]] }),
  "failures everywhere, long names and sentences": crowded,
};

const draw = ({ result, requests }: Sample): string => timelineSvg(result, result.repeats[0]!, requests[0]!);

const drawn = (options: SampleOptions): Element => parseSvg(draw(sample(options)));

const texts = (root: Element, kind: string): string[] => ofClass(root, kind).map(({ text }) => text);

const titleOf = ({ children }: Element): string => children.find(({ name }) => name === "title")?.text ?? "";

const failedIn = (requests: readonly Request[]): number => requests.filter((request) => !succeeded(request)).length;

/** The failures that the bars of a picture stand for. */
const failedDrawn = (root: Element): number =>
  ofClass(root, "failed").reduce((sum, bar) => sum + Number.parseInt(titleOf(bar).replaceAll(",", ""), 10), 0);

describe("the timeline of an experiment", () => {
  for (const [name, make] of Object.entries(pictures))
    describe(`of ${name}`, () => {
      const made = make();
      const svg = draw(made);
      const root = parseSvg(svg);

      it("has texts that stay on the page and overlap no other", () => {
        assert.deepEqual(textFaults(root), []);
        assert.ok(textBoxes(root).length > 15);
      });

      it("names every cluster that answered", () => {
        const answered = new Set(made.requests[0]!.flatMap((request) => request.answered?.cluster ?? []));
        const legend = texts(root, "legend");
        for (const cluster of answered) assert.ok(legend.includes(`answered by ${cluster}`), cluster);
        assert.equal(legend.filter((entry) => entry.startsWith("answered by")).length, answered.size);
      });

      it("counts every request that failed: in bars, in their labels, in the legend and by client", () => {
        const failed = failedIn(made.requests[0]!);
        const numbers = (labels: readonly string[]): number =>
          labels.reduce((sum, label) => sum + Number.parseInt(label.replaceAll(",", ""), 10), 0);
        assert.equal(failedDrawn(root), failed);
        assert.equal(numbers(texts(root, "failures")), failed);
        assert.ok(texts(root, "legend").includes(`failed: ${failed === 0 ? "none" : failed.toLocaleString("en-GB")}`));
        const byClient = texts(root, "client").map((text) => / ([\d,]+) failed$/.exec(text)?.[1] ?? "0");
        assert.equal(numbers(byClient), failed);
      });

      it("shows each mark with a line through both panels of each client", () => {
        const { marks } = made.result.repeats[0]!;
        for (const { what } of marks) {
          const lines = ofClass(root, what);
          assert.ok(lines.length > made.result.load.clients.length, what);
          assert.equal(texts(root, "mark").filter((text) => text.startsWith(`${what}, `)).length, 1);
        }
        assert.equal(texts(root, "mark").length, marks.length);
      });

      it("holds nothing that is undefined, no script, no style sheet and nothing to fetch", () => {
        assert.doesNotMatch(svg, /undefined|NaN|Infinity/);
        const names = new Set(elementsOf(root).map((each) => each.name));
        for (const forbidden of ["script", "style", "image", "foreignObject", "use", "a"])
          assert.ok(!names.has(forbidden), forbidden);
        assert.doesNotMatch(svg, /url\(|href|@import/);
      });
    });

  it("has a title, a description and a page of its own colour beneath all else", () => {
    const root = drawn({});
    assert.equal(root.attributes["xmlns"], "http://www.w3.org/2000/svg");
    assert.equal(titleOf(root), "scale-to-zero: the service of one cluster to 0 replicas");
    assert.match(
      root.children.find(({ name }) => name === "desc")!.text,
      /Client in east: 10,000 requests, 3 failed\./,
    );
    const [page] = elementsOf(root).filter(({ name }) => !["svg", "title", "desc"].includes(name));
    assert.deepEqual([page?.name, page?.attributes["fill"]], ["rect", "#ffffff"]);
    assert.equal(page?.attributes["height"], root.attributes["height"]);
  });

  it("says what ran, when, with which Istio and where; of several repeats, which; of a control, that it is one", () => {
    const made = sample({ failures: [3, 1], with: { control: true } });
    const words = textBoxes(parseSvg(timelineSvg(made.result, made.result.repeats[1]!, made.requests[1]!)))
      .map(({ text }) => text)
      .join("\n");
    assert.match(words, /control: meant to fail · stack multi · 2026-11-28 09:59 UTC · repeat 2 of 2 · Istio 1\.31\.1/);
    assert.match(words, /local cloud\n2 cores of Imagined CPU @ 2\.50GHz, 24 GiB, Linux 6\.12\.0/);
    assert.doesNotMatch(draw(sample()), /repeat|control/);
  });

  it("shows a single failure among 20,000 requests as a bar that can be seen, with its number", () => {
    const root = drawn({ failures: [1] });
    const [bar, ...more] = ofClass(root, "failed");
    assert.equal(more.length, 0);
    assert.ok(Number(bar?.attributes["width"]) >= 4 && Number(bar?.attributes["height"]) >= 5);
    assert.equal(titleOf(bar!), "1 failed");
    assert.deepEqual(texts(root, "failures"), ["1 failed"]);
    assert.deepEqual(ofClass(drawn({ failures: [0] }), "failed"), []);
  });

  it("keeps a single failure as visible in a load of half an hour", () => {
    const { result, requests } = sample({ failures: [1] });
    const repeat = { ...result.repeats[0]!, end: origin + 1_800_000 };
    const [bar] = ofClass(parseSvg(timelineSvg(result, repeat, requests[0]!)), "failed");
    assert.ok(Number(bar?.attributes["width"]) >= 4);
  });

  it("draws a failure where it was sent, and the fault where seconds are zero", () => {
    const root = drawn({ failures: [1] });
    const [bar] = ofClass(root, "failed");
    const [line] = ofClass(root, "fault");
    assert.equal(bar?.attributes["x"], line?.attributes["x1"]);
    const axis = textBoxes(root).filter(({ text }) => text === "0");
    const x = Number(line?.attributes["x1"]);
    assert.ok(axis.some(({ left, right }) => Math.abs((left + right) / 2 - x) < 1));
  });

  it("shades a mark that takes a while, and only that", () => {
    const shades = (root: Element) => elementsOf(root).filter(({ attributes }) => attributes["fill"] === "#fff2b3");
    assert.equal(shades(drawn({})).length, 2);
    assert.equal(shades(drawn({ undo: false })).length, 0);
    assert.deepEqual(texts(drawn({}), "mark"), [
      "fault, at 0 s: helloworld of east to 0 replicas",
      "undo, 20 to 21.2 s: helloworld of east back to 1 replica",
    ]);
  });

  it("names the areas inside them, where no line of a mark runs through the name", () => {
    const { result, requests } = sample({ clients: ["west"], failures: [0] });
    const [fault] = result.repeats[0]!.marks;
    const marks = [{ ...fault!, begin: origin + 25_000, end: origin + 25_000 }];
    const calm = requests[0]!.map((request) => ({ ...request, answered: { cluster: "west", zone: "", pod: "" } }));
    const root = parseSvg(timelineSvg(result, { ...result.repeats[0]!, marks }, calm));
    const x = Number(ofClass(root, "fault")[0]?.attributes["x1"]);
    const name = textBoxes(root).find(({ text }) => text === "west");
    assert.ok(name !== undefined && (name.right < x || name.left > x), JSON.stringify({ name, x }));
    assert.deepEqual(texts(drawn({}), "layer").toSorted(), ["east", "west", "west"]);
  });

  it("gives a cluster its colour by the order of all clusters, whoever answers", () => {
    const colourOf = (root: Element, cluster: string): string | undefined => {
      const all = elementsOf(root);
      const label = all.findIndex(({ text }) => text === `answered by ${cluster}`);
      return all[label - 1]?.attributes["fill"];
    };
    const [both, outage] = [drawn({ clients: ["west", "east"] }), drawn({ outage: true, undo: false })];
    assert.ok(colourOf(both, "east") !== undefined && colourOf(both, "east") !== colourOf(both, "west"));
    for (const cluster of ["east", "west"]) assert.equal(colourOf(outage, cluster), colourOf(both, cluster));
    const { result, requests } = sample();
    const fromWest = requests[0]!.filter(({ client }) => client === "west");
    const alone = parseSvg(timelineSvg(result, result.repeats[0]!, fromWest));
    assert.equal(colourOf(alone, "west"), colourOf(both, "west"));
  });

  it("says of good answers whose cluster is not known that they don't say it", () => {
    const { result, requests } = sample({ clients: ["east"], failures: [0] });
    const silent = requests[0]!.map(({ answered: _, ...request }): Request => request);
    const root = parseSvg(timelineSvg(result, result.repeats[0]!, silent));
    assert.deepEqual(texts(root, "legend").slice(0, 2), ["answered, but not said where", "failed: none"]);
  });

  it("grows with its clients", () => {
    const heights = [["east"], ["east", "west"], ["east", "west", "north"]].map((clients) =>
      Number(drawn({ clients }).attributes["height"]),
    );
    const [one = 0, two = 0, three = 0] = heights;
    assert.ok(two - one > 200 && three - two === two - one, heights.join(", "));
  });

  it("draws 20,000 requests in less than two seconds and 400 kB", () => {
    const made = sample();
    assert.equal(made.requests[0]!.length, 20_000);
    // Of the processor, not of the clock: what else the machine does is not the picture's fault.
    const begin = process.cpuUsage();
    const svg = draw(made);
    const { user, system } = process.cpuUsage(begin);
    assert.ok(user + system < 2_000_000, `${user + system} µs`);
    assert.ok(svg.length < 400_000, String(svg.length));
  });

  it("escapes what names and sentences may hold", () => {
    const nasty = `<&">'|\u00a0日本`;
    const { result, requests } = sample({ clients: [nasty], with: { experiment: nasty, title: nasty, stack: nasty } });
    const [repeat] = result.repeats as [Repeat];
    const marks = repeat.marks.map((mark) => ({ ...mark, says: nasty }));
    const root = parseSvg(timelineSvg(result, { ...repeat, marks }, requests[0]!));
    assert.equal(titleOf(root), `${nasty}: ${nasty}`);
    assert.ok(texts(root, "legend").includes(`answered by ${nasty}`));
    assert.ok(texts(root, "client")[0]?.startsWith(`Client in ${nasty}: `));
    assert.ok(texts(root, "mark")[0]?.endsWith(nasty));
  });

  it("needs a fault to count from", () => {
    const { result, requests } = sample();
    const repeat = { ...result.repeats[0]!, marks: [] };
    assert.throws(() => timelineSvg(result, repeat, requests[0]!), /without a fault/);
  });
});

describe("what the tests of timelines read", () => {
  it("is refused where it is not well-formed", () => {
    for (const broken of [
      "<svg><g></svg></g>",
      "<svg><g></svg>",
      "<svg>a & b</svg>",
      '<svg a="<"/>',
      '<svg a="1" a="2"/>',
      "<svg a=1/>",
      "<svg/><svg/>",
      "<svg>&nbsp;</svg>",
    ])
      assert.throws(() => parseSvg(broken), Error, broken);
    assert.equal(parseSvg('<svg a="&lt;"><g>b &amp; c</g></svg>').children[0]?.text, "b & c");
  });

  it("says aloud when a text is moved onto another or off the page", () => {
    const svg = draw(sample());
    const moved = (to: string): string => {
      const changed = svg.replace(
        /(<text [^>]*)( x="[\d.]*" y="[\d.]*"|y="[\d.]*" x="[\d.]*")([^>]*>answered by west<)/,
        `$1 ${to}$3`,
      );
      assert.notEqual(changed, svg);
      return textFaults(parseSvg(changed)).join("; ");
    };
    assert.match(moved('x="90" y="82"'), /overlaps "answered by west"|"answered by west" overlaps/);
    assert.match(moved('x="900" y="82"'), /"answered by west" leaves the page/);
  });
});

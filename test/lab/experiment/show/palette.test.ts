import assert from "node:assert/strict";
import { clusterPaints, paints } from "../../../../lab/experiment/show/picture/palette.ts";

/** Linear red, green and blue as somebody without one kind of cone sees them: https://doi.org/10.1109/TVCG.2009.113 */
const visions = {
  "all cones": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;

type Triple = [number, number, number];
type Matrix = readonly (readonly [number, number, number])[];

const times = (matrix: Matrix, [x, y, z]: Triple): Triple => matrix.map(([a, b, c]) => a * x + b * y + c * z) as Triple;

function linear(colour: string): Triple {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as Triple;
}

const toXyz: Matrix = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
];

/** CIE 1976 L*a*b*, in which equal distances look about equal. */
function lab(rgb: Triple): Triple {
  const [x, y, z] = times(toXyz, rgb);
  const [fx, fy, fz] = [x / 0.9505, y, z / 1.089].map((value) =>
    value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116,
  ) as Triple;
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

function difference(a: string, b: string, vision: Matrix): number {
  const [one, other] = [a, b].map((colour) => lab(times(vision, linear(colour)))) as [Triple, Triple];
  return Math.hypot(...one.map((value, index) => value - other[index]!));
}

const luminance = (colour: string): number => times(toXyz, linear(colour))[1];

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Colours that meet in a picture of so many clusters. */
function together(clusters: number): string[] {
  const names = Array.from({ length: clusters }, (_, index) => `cluster-${String(index).padStart(2, "0")}`);
  return [...[...clusterPaints(names).values()].map(({ fill }) => fill), paints.failed, paints.page];
}

const pairs = (colours: readonly string[]): [string, string][] =>
  colours.flatMap((a, index) => colours.slice(index + 1).map((b): [string, string] => [a, b]));

describe("the colours of a timeline", () => {
  for (const [name, vision] of Object.entries(visions)) {
    it(`stay apart for five clusters and failures: ${name}`, () => {
      for (const [a, b] of pairs(together(5)))
        assert.ok(difference(a, b, vision) > 15, `${a} and ${b}: ${difference(a, b, vision).toFixed(1)}`);
    });
    it(`keep failures apart from any of nine clusters: ${name}`, () => {
      for (const colour of together(9).slice(0, 9))
        assert.ok(
          difference(colour, paints.failed, vision) > 15,
          `${colour}: ${difference(colour, paints.failed, vision).toFixed(1)}`,
        );
    });
  }

  it("would be refused, were one red and the other a green that some take for it", () => {
    assert.ok(difference("#d4001a", "#5f7a1c", visions["all cones"]) > 60);
    assert.ok(difference("#b3202a", "#5f6a1c", visions.deuteranopia) < 25);
  });

  it("leave the names on them readable", () => {
    const names = Array.from({ length: 9 }, (_, index) => String(index));
    for (const { fill, ink } of clusterPaints(names).values())
      assert.ok(contrast(fill, ink) >= 3, `${ink} on ${fill}: ${contrast(fill, ink).toFixed(1)}`);
    for (const text of [paints.ink, paints.quiet, paints.failed]) assert.ok(contrast(text, paints.page) >= 4.5, text);
  });

  it("depend on the order of names alone", () => {
    assert.deepEqual(clusterPaints(["west", "east", "west"]), clusterPaints(["east", "west"]));
    const nine = Array.from({ length: 9 }, (_, index) => String(index));
    assert.equal(new Set([...clusterPaints(nine).values()].map(({ fill }) => fill)).size, 9);
  });
});

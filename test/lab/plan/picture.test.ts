import assert from "node:assert/strict";
import { drawTopology } from "../../../lab/plan/picture/layout.ts";
import { renderSvg } from "../../../lab/plan/picture/svg.ts";
import { fit, textWidth } from "../../../lab/plan/picture/text.ts";
import type { LabPlan } from "../../../topology/types.ts";
import { meshOf, multiLab, singleLab, twoMeshes, withRemotes } from "./labs.ts";
import { contains, faultsOf, overlap, readShapes } from "./svg-shapes.ts";

const longName = "a-name-that-is-as-long-as-30ch";

const labs: Readonly<Record<string, () => LabPlan>> = {
  single: singleLab,
  multi: multiLab,
  "three with egress": () => meshOf(3, { gateways: { egress: true } }),
  four: () => meshOf(4),
  five: () => meshOf(5),
  six: () => meshOf(6),
  "twenty with egress": () => meshOf(20, { gateways: { egress: true } }),
  "two meshes that call each other": twoMeshes,
  "two remotes": () => withRemotes(meshOf(4)),
  "ten remotes": () => withRemotes(meshOf(20)),
  "long names": () => {
    const clusters = ["a", "b", "c"].map((letter) => ({
      name: longName.slice(0, -1) + letter,
      network: `network-${longName}-and-once-more-${letter}`,
      nodes: { instanceTypes: ["m5.xlarge", "m6i.xlarge", "m7i.xlarge", "m7i.2xlarge"] },
    }));
    return meshOf(3, { clusters, gateways: { egress: true, replicas: 12 } });
  },
};

describe("the picture of a topology", () => {
  for (const [name, lab] of Object.entries(labs)) {
    describe(name, () => {
      const shapes = readShapes(renderSvg(drawTopology(lab(), `stack-of-${name}`)));
      const boxesOf = (pattern: RegExp) => [...shapes.boxes.values()].filter((box) => pattern.test(box.id));

      it("has texts that stay in their frames, overlap no other text and are crossed by no line", () => {
        assert.deepEqual(faultsOf(shapes), []);
        assert.ok(shapes.texts.length > 8);
      });

      it("has a frame per network, and each cluster in the frame of its network and in no other's way", () => {
        const { clusters } = lab();
        const frames = boxesOf(/^network /);
        const boxes = boxesOf(/^cluster [^ ]+$/);
        assert.equal(frames.length, new Set(clusters.map((cluster) => cluster.network)).size);
        assert.equal(boxes.length, clusters.length);
        for (const { name: cluster, network } of clusters) {
          const box = shapes.boxes.get(`cluster ${cluster}`);
          const frame = shapes.boxes.get(`network ${network}`);
          assert.ok(box !== undefined && frame !== undefined && contains(frame, box), cluster);
        }
        for (const group of [frames, boxes]) {
          const pairs = group.flatMap((a, index) => group.slice(index + 1).map((b) => [a, b] as const));
          assert.deepEqual(
            pairs.filter(([a, b]) => overlap(a, b)),
            [],
          );
        }
      });

      it("stays on its page", () => {
        const page = shapes.boxes.get("page");
        assert.ok(page !== undefined);
        for (const box of shapes.boxes.values()) assert.ok(contains(page, box), box.id);
        for (const { from, to } of shapes.segments)
          for (const [x, y] of [from, to])
            assert.ok(x >= 0 && x <= page.right && y >= 0 && y <= page.bottom, `${String(x)},${String(y)}`);
      });
    });
  }

  it("joins each pair of clusters by its own arrows where there are few", () => {
    const { lines } = readShapes(renderSvg(drawTopology(meshOf(4), "four")));
    const titled = (kind: string) =>
      lines.filter((line) => line.kind === kind && / holds a secret | goes through /.test(line.title));
    assert.equal(titled("remote-secret").length, 6);
    assert.equal(titled("east-west").length, 6);
  });

  it("joins every cluster to a common line where there are many", () => {
    const { lines } = readShapes(renderSvg(drawTopology(meshOf(6), "six")));
    const stubs = lines.filter((line) => line.kind === "remote-secret" && line.title.includes("reads the API of"));
    assert.equal(stubs.length, 6);
  });

  it("points from the API that is read to the cluster that holds the secret", () => {
    const [secret] = withRemotes(multiLab()).remoteSecrets;
    assert.deepEqual([secret?.from, secret?.to], ["west", "east"]);
    const svg = renderSvg(drawTopology(withRemotes(multiLab()), "remote"));
    const [line = ""] = svg.split("\n").filter((each) => each.includes('class="remote-secret"'));
    const [start = "", end = ""] = ["marker-start", "marker-end"].map((end) => String(line.includes(end)));
    // The line runs from east to west, so the arrow to east, which holds the secret, is at its start.
    assert.deepEqual([start, end], ["true", "false"]);
  });

  it("says aloud when a text is moved out of its frame, onto another text or under a line", () => {
    const svg = renderSvg(drawTopology(multiLab(), "multi"));
    const moved = (text: string, to: string) => {
      const changed = svg.replace(new RegExp(`<text x="[^"]*" y="[^"]*"([^>]*>${text}<)`), `<text ${to}$1`);
      assert.notEqual(changed, svg);
      return faultsOf(readShapes(changed)).join("; ");
    };
    assert.match(moved("west", 'x="52" y="186"'), /overlaps/);
    assert.match(moved("network-west", 'x="900" y="20"'), /leaves its frame/);
    const [vertical] = readShapes(svg).segments.filter((segment) => segment.kind === "remote-secret");
    assert.ok(vertical !== undefined);
    const [x, y] = vertical.to;
    assert.match(
      moved("remote secrets", `x="${String(x)}" y="${String(y + 20)}"`),
      /remote-secret crosses "remote secrets"/,
    );
  });

  it("is well-formed and escapes what names may hold", () => {
    const svg = renderSvg(drawTopology(singleLab(), '<&">'));
    assert.match(svg, /Stack &lt;&amp;&quot;&gt;</);
    assert.doesNotMatch(svg, /undefined|NaN/);
  });
});

describe("the width of text", () => {
  it("counts every character, bold ones as wider, unknown ones as a full em", () => {
    assert.ok(textWidth("istiod", 12) > 30 && textWidth("istiod", 12) < 45);
    assert.ok(textWidth("istiod", 12, true) > textWidth("istiod", 12));
    assert.equal(textWidth("日本", 10), 20);
  });

  it("shortens what does not fit, and only that", () => {
    assert.equal(fit("short", 100, 12), "short");
    const shortened = fit("a rather long sentence", 60, 12);
    assert.match(shortened, /^a .*…$/);
    assert.ok(textWidth(shortened, 12) <= 60);
    assert.match(fit("cluster-of-a-large-family-17", 80, 12), /^clu.*….*17$/);
    assert.equal(fit("anything", 1, 12), "…");
  });
});

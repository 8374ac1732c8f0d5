import assert from "node:assert/strict";
import { LabConfigError } from "../../topology/errors.ts";
import { checkConfig, planConfig } from "../../topology/plan.ts";

const messageOf = (raw: unknown): string => {
  try {
    planConfig(raw);
  } catch (error) {
    assert.ok(error instanceof LabConfigError);
    return error.message;
  }
  return assert.fail("the configuration planned");
};

describe("a bad configuration", () => {
  it("is explained in one text, every problem with its code, its key, and what to do", () => {
    const message = messageOf({
      clusters: [
        { name: "east", zones: 1 },
        { name: "west", primary: "eats" },
      ],
    });
    assert.equal(
      message,
      [
        "The lab cannot be built: 2 problems in its configuration. Nothing was created or changed.",
        "",
        "  dangling-primary  at istio-lab:clusters[1].primary",
        '    "west" names the primary "eats", which is no cluster of this lab, so no istiod would serve it.',
        "    Name one of: east, west.",
        "",
        "  too-few-zones  at istio-lab:clusters[0].zones",
        '    EKS demands subnets in two availability zones at least, and "east" has 1. Set zones to 2 or',
        "    more.",
      ].join("\n"),
    );
  });

  it("shows type errors and broken rules together", () => {
    const { issues } = checkConfig({ regoin: "us-east-1", clusters: [{ name: "east", zones: 1, network: 5 }] });
    assert.deepEqual(
      issues.map(({ code, path }) => `${code} ${path}`),
      ["type clusters[0].network", "type regoin", "too-few-zones clusters[0].zones"],
    );
  });

  it("says that a version must be quoted, because YAML reads 1.30 as 1.3", () => {
    assert.match(messageOf({ kubernetes: { version: 1.3 } }), /type {2}at istio-lab:kubernetes\.version\n.*in quotes/);
  });

  it("lists the values of a word that has a few", () => {
    assert.match(messageOf({ model: "multi" }), /Must be one of "single", "multi-primary"/);
  });

  it("lists the keys that may stand where a wrong one stands", () => {
    const message = (raw: unknown) =>
      checkConfig(raw)
        .issues.map((issue) => issue.message)
        .join();
    assert.match(message({ regoin: "us-east-1" }), /"regoin" here.*may stand: model, clusters, .*region, /);
    assert.match(message({ clusters: [{ name: "a", netwrk: "b" }] }), /may stand: name, network, primary, config/);
    assert.match(message({ mesh: { values: { pilot: {} } } }), /may stand: base, istiod, gateway, cni, ztunnel\./);
  });

  it("is told of the shape that was meant where there are several", () => {
    const places = (outlierDetection: unknown) =>
      checkConfig({ failover: { outlierDetection } }).issues.map(({ path }) => path);
    assert.deepEqual(places({ intervall: "1s" }), ["failover.outlierDetection.intervall"]);
    assert.deepEqual(places({ interval: "soon" }), ["failover.outlierDetection.interval"]);
    assert.deepEqual(places(true), ["failover.outlierDetection"]);
  });

  it("is refused whatever it is", () => {
    for (const raw of [undefined, null, "single", 7, [], { clusters: {} }, { clusters: [null] }]) {
      assert.ok(checkConfig(raw).issues.length > 0, JSON.stringify(raw));
    }
  });

  it("keeps every line within 100 columns, unless a word is longer", () => {
    const long = messageOf({ eastWest: { sourceRanges: ["203.0.113.0/24"] }, model: "multi-primary" });
    for (const line of long.split("\n")) assert.ok(line.length <= 100, line);
  });
});

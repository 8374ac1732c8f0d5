import assert from "node:assert/strict";
import { table, wrap } from "../../../lab/plan/table.ts";

const plain = { indent: "  ", titleStyle: (text: string) => text };

describe("a table in a terminal", () => {
  it("aligns its columns, and leaves no blanks at the end of a line", () => {
    const columns = [{ title: "item" }, { title: "count", align: "right" as const }, { title: "what" }];
    const rows = [
      ["nodes", "2", "t3.large"],
      ["addresses", "12", ""],
    ];
    assert.deepEqual(table(columns, rows, { ...plain, width: 100 }), [
      "  item       count  what",
      "  nodes          2  t3.large",
      "  addresses     12",
    ]);
  });

  it("breaks its last column where the page ends", () => {
    const lines = table([{ title: "a" }, { title: "b" }], [["x", "one two three four"]], { ...plain, width: 16 });
    assert.deepEqual(lines, ["  a  b", "  x  one two", "     three four"]);
  });

  it("cuts its widest columns when even that is not enough", () => {
    const columns = [{ title: "name" }, { title: "network" }, { title: "gateways" }];
    const network = `${"n".repeat(62)}7`;
    const lines = table(columns, [["short", network, "ingress, egress"]], { ...plain, width: 50 });
    assert.ok(
      lines.every((line) => line.length <= 50),
      lines.join("\n"),
    );
    assert.match(lines[1] ?? "", /^ {2}short {2}n+…n+7 {2}ingress,$/);
  });
});

describe("wrapping", () => {
  it("keeps a word that is longer than the line", () => {
    assert.deepEqual(wrap("a verylongword b", 5), ["a", "verylongword", "b"]);
  });
});

import assert from "node:assert/strict";
import { checkConfig } from "../../topology/plan.ts";
import { rules } from "../../topology/rules/index.ts";
import { cases } from "./rules/all.ts";

describe("topology rules", () => {
  it("each has a configuration that it catches and one that it lets pass", () => {
    assert.deepEqual(Object.keys(cases).sort(), rules.map(({ code }) => code).sort());
  });

  it("have codes in kebab-case, each once", () => {
    const codes = rules.map(({ code }) => code);
    assert.deepEqual(
      codes.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code)),
      [],
    );
    assert.equal(new Set(codes).size, codes.length);
  });

  for (const { code, severity } of rules) {
    const example = cases[code];
    if (example === undefined) continue;
    const options = example.today === undefined ? {} : { today: example.today };

    it(`${code} catches its mistake, at the key to mend`, () => {
      const { issues, warnings, plan } = checkConfig(example.caught, options);
      const found = (severity === "error" ? issues : warnings).filter((issue) => issue.code === code);
      assert.ok(
        found.some(({ path }) => path === example.at),
        `found ${JSON.stringify({ issues, warnings })}`,
      );
      // What is wrong and why, then what to do: two sentences at the least.
      for (const { message } of found) assert.match(message, /\S[.:)] [A-Z`][^]*\.$/);
      const told = found.map(({ path, message }) => `${path}: ${message}`);
      assert.deepEqual(told, [...new Set(told)], "the same is told twice");
      if (severity === "error") assert.equal(plan, undefined);
    });

    it(`${code} lets the mended one pass`, () => {
      const { issues, warnings, plan } = checkConfig(example.passes, options);
      assert.deepEqual(
        [...issues, ...warnings].filter((issue) => issue.code === code),
        [],
      );
      const others = issues.filter((issue) => issue.code !== "not-built-yet");
      assert.deepEqual(others, [], "the twin must differ from what is caught in this one thing");
      assert.equal(plan === undefined, example.cure !== undefined);
    });

    if (example.cure !== undefined) {
      const { cure } = example;
      it(`${code} names a way to mend it that is built`, () => {
        assert.deepEqual(checkConfig(cure, options).issues, []);
      });
    }
  }
});

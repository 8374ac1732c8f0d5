import assert from "node:assert/strict";
import { labOutputNames } from "../../topology/outputs.ts";
import { planConfig } from "../../topology/plan.ts";
import { laws } from "../../policy/laws/all.ts";
import { openInGraph } from "../../policy/laws/open.ts";
import { counts } from "./counts.ts";
import { graphOf, rawConfigOf, stackNames } from "./record.ts";

describe("the committed stack files", () => {
  it("are all counted", () => {
    assert.deepEqual(Object.keys(counts).sort(), stackNames);
  });

  for (const stack of stackNames) {
    describe(stack, () => {
      it("register the same resources in preview and up, so that none is made inside apply", async () => {
        const [up, preview] = [await graphOf(stack), await graphOf(stack, true)];
        assert.deepEqual(
          preview.nodes.map(({ urn }) => urn),
          up.nodes.map(({ urn }) => urn),
        );
      });

      for (const [name, law] of Object.entries(laws)) {
        it(`obey the law ${name}, in preview too`, async () => {
          assert.deepEqual(law(await graphOf(stack)), []);
          assert.deepEqual(law(await graphOf(stack, true)), []);
        });
      }

      it("make as many resources of each type as the table says", async () => {
        const graph = await graphOf(stack);
        const types = [...new Set(graph.nodes.map(({ type }) => type))].sort();
        assert.deepEqual(Object.fromEntries(types.map((type) => [type, graph.byType(type).length])), counts[stack]);
      });

      it("open to the world exactly what the plan says is open", async () => {
        const plan = planConfig(await rawConfigOf(stack));
        const order = (open: { cluster: string; what: string }[]) =>
          open.toSorted((a, b) => `${a.cluster} ${a.what}`.localeCompare(`${b.cluster} ${b.what}`));
        assert.deepEqual(
          order(openInGraph(await graphOf(stack))),
          order(plan.open.map(({ cluster, what, ports, sources }) => ({ cluster, what, ports, sources }))),
        );
      });

      it("export what the contract of outputs names, kubeconfigs as a secret", async () => {
        const { outputs, secretOutputs } = (await graphOf(stack)).stack;
        assert.deepEqual(Object.keys(outputs).sort(), [...labOutputNames].sort());
        assert.deepEqual(secretOutputs, ["kubeconfigs"]);
      });

      it("tell the user each of the plan's warnings once", async () => {
        const plan = planConfig(await rawConfigOf(stack));
        const { messages } = await graphOf(stack);
        for (const { message } of plan.warnings) {
          assert.equal(
            messages.filter(({ severity, text }) => severity === "warning" && text.includes(message)).length,
            1,
          );
        }
        assert.deepEqual(
          messages.filter(({ severity }) => severity === "error"),
          [],
        );
      });
    });
  }
});

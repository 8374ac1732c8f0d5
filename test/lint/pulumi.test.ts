import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the Pulumi rules", function () {
  // Rules that need types load the program, as the linter does.
  this.timeout(120_000);

  const complaints = async (expression: string): Promise<string[]> => {
    const code = `import * as pulumi from "@pulumi/pulumi";\nconst name = pulumi.output("a");\nexport const text = ${expression};\n`;
    const [result] = await new ESLint({ cwd: root }).lintText(code, { filePath: `${root}index.ts` });
    return (result?.messages ?? []).flatMap(({ ruleId }) => (ruleId?.startsWith("@pulumi/") === true ? [ruleId] : []));
  };

  it("catch an output in a template, which would print as an object", async () => {
    assert.deepEqual(await complaints("`lab-${name}`"), ["@pulumi/no-output-in-template-literal"]);
  });

  it("let pass what waits for the output", async () => {
    assert.deepEqual(await complaints("pulumi.interpolate`lab-${name}`"), []);
  });
});

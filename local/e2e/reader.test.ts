/**
 * What Istio lets a remote secret's token do may grow with any version. docs/certificates.md has it as a table, so that a
 * reader decides about it; the chart of the built version is held against that.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { toolsDir } from "../paths.ts";
import { versions } from "../versions.ts";

const page = resolve(import.meta.dirname, "../../docs/certificates.md");

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** One line per API group: `group: resources: verbs`. */
const lines = (rules: readonly Rule[]): string[] =>
  rules
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.map((group) => `${group}: ${resources.join(", ")}: ${verbs.join(", ")}`),
    )
    .sort();

async function rulesOfChart(): Promise<Rule[]> {
  const chart = join(toolsDir(), "charts", versions.istio.version, "istiod");
  const { stdout } = await execa(join(toolsDir(), "bin", "helm"), ["template", "istiod", chart, "-n", "istio-system"]);
  const objects = parseAllDocuments(stdout).map(
    (document) => document.toJS() as { kind?: string; metadata?: { name: string }; rules?: Rule[] } | null,
  );
  const role = objects.find(
    (object) => object?.kind === "ClusterRole" && object.metadata?.name.startsWith("istio-reader-clusterrole"),
  );
  return role?.rules ?? assert.fail("the chart has no role for readers");
}

function rulesOfPage(markdown: string): Rule[] {
  const [, table = ""] = markdown.split("<!-- reader -->");
  const rows = table.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => {
    const [, group = "", resources = "", verbs = ""] = row
      .split("|")
      .map((cell) => cell.replaceAll(/\*\*|\\/g, "").trim());
    return {
      apiGroups: [group === "(core)" ? "" : group],
      resources: resources.split(", "),
      verbs: verbs.split(", "),
    };
  });
}

describe("the reader of a remote cluster", function () {
  this.timeout(60_000);

  it("may do exactly what the page on tokens says", async () => {
    assert.deepEqual(lines(rulesOfPage(await readFile(page, "utf8"))), lines(await rulesOfChart()));
  });

  it("would be caught with a right that the page leaves out", async () => {
    const more = { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] };
    const onPage = lines(rulesOfPage(await readFile(page, "utf8")));
    assert.notDeepEqual(onPage, lines([...(await rulesOfChart()), more]));
  });
});

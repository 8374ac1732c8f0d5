/**
 * What Istio lets a remote secret's token do may grow with any version. docs/en/certificates.md has it as a table, so that a
 * reader decides about it; the chart of every version that can be built is held against that. The page names their
 * minors, and test/docs/certificates.test.ts demands that these are all that the planner lets through.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { toolsDir } from "../paths.ts";
import { needsPreviousIstio, newVersion, previousVersion } from "./previous-istio.ts";

const page = resolve(import.meta.dirname, "../../docs/en/certificates.md");

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

async function rulesOfChart(version: string): Promise<Rule[]> {
  const chart = join(toolsDir(), "charts", version, "istiod");
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
  const [, table = ""] = markdown.split(/^<!-- reader of .* -->$/m);
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

/** The table of the page is right for this version. */
async function isAsThePageSays(version: string): Promise<void> {
  const markdown = await readFile(page, "utf8");
  assert.deepEqual(lines(rulesOfPage(markdown)), lines(await rulesOfChart(version)));
}

describe("the reader of a remote cluster", function () {
  this.timeout(60_000);

  it(`may do exactly what the page on tokens says, in ${newVersion}`, () => isAsThePageSays(newVersion));

  describe("[full] of the minor before", () => {
    needsPreviousIstio();

    it(`may do exactly what the page on tokens says, in ${previousVersion}`, () => isAsThePageSays(previousVersion));
  });

  it("would be caught with a right that the page leaves out", async () => {
    const more = { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] };
    const onPage = lines(rulesOfPage(await readFile(page, "utf8")));
    assert.notDeepEqual(onPage, lines([...(await rulesOfChart(newVersion)), more]));
  });
});

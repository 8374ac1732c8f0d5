/**
 * Helm ignores a value that its chart does not know. So every single value that the program sets is taken away in
 * turn: the chart must know it, and come out different without it.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { toolsDir } from "../paths.ts";
import { versions } from "../versions.ts";

type Values = Record<string, unknown>;
type Path = readonly string[];

const project = resolve(import.meta.dirname, "../..");
/** Every stack file of the project, by the name that `lab plan` knows it by. */
const stacks = [project, join(project, "stacks")]
  .flatMap((folder) => readdirSync(folder))
  .flatMap((file) => /^(?:Pulumi\.)?([^.]+)\.yaml$/.exec(file)?.[1] ?? [])
  .filter((stack) => stack !== "Pulumi");

/**
 * The chart of a release: the gateways are of one chart, istio-base is named so by Istio's pages. Of two releases of one
 * name the plan writes the second with its namespace before.
 */
function chartOf(release: string): string {
  if (release.endsWith("gateway")) return "gateway";
  if (release.endsWith("istio-base")) return "base";
  // One of several control planes is named after its revision.
  return /(^|-)istiod(-\d|$)/.test(release) ? "istiod" : release.replace(/^istio-/, "");
}

async function render(release: string, values: Values): Promise<string> {
  const chart = join(toolsDir(), "charts", versions.istio.version, chartOf(release));
  const helm = join(toolsDir(), "bin", "helm");
  const args = ["template", release, chart, "--namespace", "istio-system", "--values", "-"];
  return (await execa(helm, args, { input: JSON.stringify(values) })).stdout;
}

/** Every place in the values that holds something other than a map. */
function leaves(value: unknown, path: Path = []): Path[] {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key])) : [path];
}

function without(values: Values, [first = "", ...rest]: Path): Values {
  const copy = { ...values };
  if (rest.length === 0) Reflect.deleteProperty(copy, first);
  else copy[first] = without(copy[first] as Values, rest);
  return copy;
}

/** With another text at a place that holds one. */
function withAnother(values: Values, [first = "", ...rest]: Path): Values {
  const value = values[first];
  if (rest.length > 0) return { ...values, [first]: withAnother(value as Values, rest) };
  return typeof value === "string" ? { ...values, [first]: `${value}-elsewhere` } : values;
}

/** What the chart istiod only repeats of the values it was given, known or not, for the injector to read. */
const echoes = /^ +(original-values|merged-values|values): \|-?\n( {4,}.*\n| *\n)*/gm;

/** Maps in which the chart takes any key: annotations and labels, and the mesh's own configuration. */
const open = new Set(["meshConfig", "podAnnotations"]);

interface Rendered {
  readonly release: string;
  readonly values: Values;
  readonly whole: string;
}

/**
 * What is wrong with one value: it makes no difference (without it, or, where it repeats the chart's default, with
 * another, all is as before), or the chart does not know it (it stands in no defaults and changes nothing but an echo).
 */
async function problemsWith({ release, values, whole }: Rendered, path: Path): Promise<string[]> {
  const rendered = (changed: Values) => render(release, changed).catch((error: unknown) => String(error));
  const bare = await rendered(without(values, path));
  const matters = bare !== whole || (await rendered(withAnother(values, path))) !== whole;
  const known = bare.replace(echoes, "") !== whole.replace(echoes, "") || isDefault(await defaultsOf(release), path);
  return [...(matters ? [] : ["makes no difference"]), ...(known ? [] : ["is unknown"])];
}

async function defaultsOf(release: string): Promise<unknown> {
  const file = join(toolsDir(), "charts", versions.istio.version, chartOf(release), "values.yaml");
  return (parse(await readFile(file, "utf8")) as Values)["_internal_defaults_do_not_set"];
}

function isDefault(defaults: unknown, [first, ...rest]: Path): boolean {
  if (first === undefined || typeof defaults !== "object" || defaults === null) return true;
  if (Object.keys(defaults).length === 0 || open.has(first)) return true;
  return first in defaults && isDefault((defaults as Values)[first], rest);
}

async function releasesOf(stack: string): Promise<{ title: string; release: string; values: Values }[]> {
  const out = await mkdtemp(join(tmpdir(), "istio-lab-charts-"));
  try {
    await execa("npm", ["run", "--silent", "lab", "--", "plan", stack, "--out", out], { cwd: project });
    const folder = join(out, stack, "values");
    const files = (await readdir(folder, { recursive: true })).filter((file) => /istio[^/]*\.yaml$/.test(file)).sort();
    return await Promise.all(
      files.map(async (file) => ({
        title: `${stack} ${file}`,
        release: file.replace(/^.*\//, "").replace(/\.yaml$/, ""),
        values: parse(await readFile(join(folder, file), "utf8")) as Values,
      })),
    );
  } finally {
    await rm(out, { recursive: true });
  }
}

describe("the charts' values", function () {
  this.timeout(300_000);

  it("are all known to the charts: and make a difference", async () => {
    const problems: string[] = [];
    const seen = new Set<string>();
    for (const { title, release, values } of (await Promise.all(stacks.map(releasesOf))).flat()) {
      const key = JSON.stringify([chartOf(release), values]);
      if (seen.has(key)) continue;
      seen.add(key);
      const whole = await render(release, values);
      const found = await Promise.all(
        leaves(values).map(async (path) =>
          (await problemsWith({ release, values, whole }, path)).map((problem) => `${path.join(".")} ${problem}`),
        ),
      );
      problems.push(...found.flat().map((problem) => `${title}: ${problem}`));
    }
    assert.deepEqual(problems, []);
    assert.ok(seen.size > 5, "releases of several kinds");
  });

  it("would be caught if a chart did not know one", async () => {
    const values = { global: { network: "network-1", netwrok: "network-1" } };
    const whole = await render("istiod", values);
    const istiod = { release: "istiod", values, whole };
    assert.ok((await problemsWith(istiod, ["global", "netwrok"])).includes("is unknown"));
    assert.deepEqual(await problemsWith(istiod, ["global", "network"]), []);
  });
});

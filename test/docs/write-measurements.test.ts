import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toCsv } from "../../lab/experiment/measure/request.ts";
import { experiments } from "../../lab/experiment/set/all.ts";
import { sample, type SampleOptions } from "../lab/experiment/samples.ts";
import { tablesOf } from "../lab/experiment/show/markdown.ts";
import { listPart, measuredPart, unmeasured } from "./experiment-pages.ts";
import { latencyPart } from "./own-latency.ts";
import { textIn, withText } from "./parts.ts";
import { docsFolder, tellingRuns, writeMeasurements } from "./write-measurements.ts";

/** Cells of a table, whatever its columns' widths. */
const cells = (markdown: string): string[][] => tablesOf(markdown).flat();

describe("what was measured", function () {
  this.timeout(60_000);
  let folder: string;
  let docs: string;
  let results: string;

  /** Copies of the pages, before anything was measured. */
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "lab-measurements-"));
    [docs, results] = [join(folder, "docs"), join(folder, "results")];
    for (const language of ["en", "ja"]) {
      const pages = join(language, "experiments");
      cpSync(join(docsFolder, pages), join(docs, pages), { recursive: true });
      cpSync(join(docsFolder, language, "performance.md"), join(docs, language, "performance.md"));
      for (const { name } of experiments) {
        const path = join(docs, pages, `${name}.md`);
        writeFileSync(path, withText(readFileSync(path, "utf8"), measuredPart(name), unmeasured));
      }
    }
    await writeMeasurements([], docs);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Writes a run as the lab does. */
  function putRun(time: string, options: SampleOptions = {}): string {
    // A reason that a page has in both languages.
    const expectations = [{ figure: "failed", atMost: 0, because: "A late answer is an answer." }] as const;
    const { result, requests } = sample({
      expectations,
      ...options,
      with: { experiment: "pod-kill", started: time, ...options.with },
    });
    const own = join(results, result.experiment, time.replaceAll(":", "-"));
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "result.json"), JSON.stringify(result));
    writeFileSync(join(own, "timeline.svg"), `<svg><title>${time}</title></svg>`);
    for (const [at, { log, origin }] of result.repeats.entries())
      writeFileSync(join(own, log), toCsv(requests[at] ?? [], origin));
    return own;
  }

  const read = (file: string): string => readFileSync(join(docs, file), "utf8");
  const pageOf = (name: string, language = "en"): string => read(`${language}/experiments/${name}.md`);
  const all = (): Map<string, string> =>
    new Map(
      readdirSync(docs, { encoding: "utf8", recursive: true })
        .filter((file) => file.endsWith(".md"))
        .map((file) => [file, read(file)]),
    );

  it("fills the page of its experiment, its row in the list, and nothing else", async () => {
    putRun("2026-11-28T09:59:12.345Z", { failures: [0, 3, 1] });
    const before = all();
    assert.deepEqual(await writeMeasurements([results], docs), ["pod-kill"]);
    const changed = [...all()].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
    assert.deepEqual(
      changed.sort(),
      ["en", "ja"].flatMap((language) =>
        ["experiments/README", "experiments/pod-kill", "performance"].map((name) => `${language}/${name}.md`),
      ),
    );

    const measured = textIn(pageOf("pod-kill"), measuredPart("pod-kill"));
    assert.match(
      measured,
      /^\*\*Does not hold\.\*\* Failed requests, client in east: 1 \(0 to 3\); expected at most 0\./,
    );
    assert.match(measured, /!\[Timeline of repeat 3 of 3\]\(\.\.\/\.\.\/pictures\/experiments\/pod-kill\.svg\)/);
    assert.equal(read("pictures/experiments/pod-kill.svg"), "<svg><title>2026-11-28T09:59:12.345Z</title></svg>");
    const rows = cells(measured);
    const valueOf = (what: string): string | undefined => rows.find(([first]) => first === what)?.[1];
    assert.deepEqual(
      rows.find(([, client]) => client === "client in east"),
      ["failed requests", "client in east", "at most 0", "1 (0 to 3)", "**no**", "A late answer is an answer."],
    );
    assert.equal(valueOf("started"), "2026-11-28 09:59 UTC");
    assert.equal(valueOf("platform"), "local cloud");
    assert.equal(valueOf("versions"), "istio 1.31.1, envoy 1.39.0, k6 1.4.0, lab 0.1.0");
    assert.equal(valueOf("machine"), "2 cores of Imagined CPU @ 2.50GHz, 24 GiB, Linux 6.12.0");
    assert.match(valueOf("load") ?? "", /^200 requests\/s from each client/);
    assert.equal(valueOf("repeats"), "3");
    assert.match(valueOf("clusters") ?? "", /^east: Kubernetes 1\.36\.3, 2 nodes in 2 zones; west: /);
    const listed = cells(textIn(pageOf("README"), listPart));
    assert.equal(listed.find(([link]) => link?.startsWith("[pod-kill]"))?.[2], "does not hold");
    assert.equal(listed.find(([link]) => link?.startsWith("[scale-to-zero]"))?.[2], "not yet");

    const japanese = pageOf("pod-kill", "ja");
    assert.match(
      textIn(japanese, measuredPart("pod-kill")),
      /^\*\*不成立。\*\* 失敗したリクエスト、east のクライアント: 1（0～3）。/,
    );
    const inList = cells(textIn(pageOf("README", "ja"), listPart));
    assert.equal(inList.find(([link]) => link?.startsWith("[pod-kill]"))?.[2], "不成立");
    assert.equal(inList.find(([link]) => link?.startsWith("[scale-to-zero]"))?.[2], "未測定");
  });

  it("is shown on the page on performance: how long answers take before the fault", async () => {
    putRun("2026-11-28T09:59:12.345Z", { failures: [0, 0] });
    await writeMeasurements([results], docs);
    for (const [language, says] of [
      ["en", /^Before the fault of \[pod-kill\]\(experiments\/pod-kill\.md\), the median of 2 repeats/],
      ["ja", /^\[pod-kill\]\(experiments\/pod-kill\.md\) の障害の前の、2 回の反復の中央値/],
    ] as const) {
      const ours = textIn(read(`${language}/performance.md`), latencyPart);
      assert.match(ours, says);
      for (const cluster of ["east", "west"]) {
        const [, p50, p99] =
          cells(ours).find(([client]) => client?.includes(cluster)) ?? assert.fail(`a row of ${cluster}`);
        assert.match(p50 ?? "", /^2\.\d ms/);
        assert.match(p99 ?? "", /^1\d ms/);
      }
      assert.match(ours, /Imagined CPU/);
    }
  });

  it("is not written where there is no Japanese for it", async () => {
    const before = all();
    putRun("2026-11-28T10:00:00.000Z", {
      expectations: [{ figure: "failed", atMost: 0, because: "Nobody has thought of this." }],
    });
    await assert.rejects(writeMeasurements([results], docs), /no Japanese for "Nobody has thought of this\."/);
    assert.deepEqual(all(), before);
  });

  it("is written once: a second time changes nothing, and a newer run replaces it", async () => {
    putRun("2026-11-28T10:00:00.000Z", { failures: [3] });
    await writeMeasurements([results], docs);
    const once = all();
    await writeMeasurements([results], docs);
    assert.deepEqual(all(), once);
    putRun("2026-11-27T10:00:00.000Z", { failures: [7] });
    await writeMeasurements([results], docs);
    assert.deepEqual(all(), once, "an older run counts for nothing");
    putRun("2026-11-29T10:00:00.000Z", { failures: [0] });
    await writeMeasurements([results], docs);
    const page = pageOf("pod-kill");
    assert.match(textIn(page, measuredPart("pod-kill")), /^\*\*Holds\.\*\* All of it held in 1 repeat\.\n/);
    assert.equal(page.split("**Holds.**").length, 2);
    assert.match(read("pictures/experiments/pod-kill.svg"), /2026-11-29/);
  });

  it("is not replaced by a quick look, however new", async () => {
    putRun("2026-11-28T10:00:00.000Z", { failures: [3, 3] });
    putRun("2026-11-29T10:00:00.000Z", { failures: [0] });
    await writeMeasurements([results], docs);
    assert.match(read("pictures/experiments/pod-kill.svg"), /2026-11-28/);
  });

  it("counts for nothing once the experiment has another limit", async () => {
    putRun("2026-11-28T10:00:00.000Z", { failures: [0, 0] });
    putRun("2026-11-29T10:00:00.000Z", {
      failures: [0, 0, 0],
      expectations: [{ figure: "failed", atMost: 9, because: "A late answer is an answer." }],
    });
    await writeMeasurements([results], docs);
    assert.match(read("pictures/experiments/pod-kill.svg"), /2026-11-28/);
  });

  it("is not shown beside what was measured with another policy", async () => {
    const before = all();
    putRun("2026-11-28T10:00:00.000Z", { failures: [0] });
    putRun("2026-11-28T11:00:00.000Z", { failures: [0], with: { experiment: "zone-loss", policy: [] } });
    await assert.rejects(writeMeasurements([results], docs), /runs on multi with different policies/);
    assert.deepEqual(all(), before);
  });

  it("stays away, and stays, where there is no result", async () => {
    const before = all();
    assert.deepEqual(await writeMeasurements([results, join(folder, "nowhere")], docs), []);
    assert.deepEqual(all(), before);
    putRun("2026-11-28T10:00:00.000Z", { failures: [0] });
    await writeMeasurements([results], docs);
    const shown = pageOf("pod-kill");
    await writeMeasurements([join(folder, "nowhere")], docs);
    assert.equal(pageOf("pod-kill"), shown);
  });

  it("is found in the folder of a run as well, and not in one that was broken off", () => {
    const [own, broken] = [putRun("2026-11-28T10:00:00.000Z"), join(results, "scale-to-zero", "2026")];
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, "repeat-1.csv"), "");
    assert.deepEqual([...tellingRuns([own]).keys()], ["pod-kill"]);
    assert.deepEqual([...tellingRuns([results]).keys()], ["pod-kill"]);
  });

  it("is not shown where it does not follow from its logs, or lacks its picture", async () => {
    const before = all();
    const own = putRun("2026-11-28T10:00:00.000Z", { failures: [3] });
    const result = readFileSync(join(own, "result.json"), "utf8");
    writeFileSync(join(own, "result.json"), result.replaceAll('"failed":3', '"failed":0'));
    await assert.rejects(writeMeasurements([results], docs), /does not follow from its logs/);
    writeFileSync(join(own, "result.json"), result);
    rmSync(join(own, "timeline.svg"));
    await assert.rejects(writeMeasurements([results], docs), /timeline\.svg does not exist/);
    assert.deepEqual(all(), before);
  });
});

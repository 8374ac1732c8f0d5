import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toCsv } from "../../../../lab/experiment/measure/request.ts";
import { differencesFromLogs } from "../../../../lab/experiment/run/verify.ts";
import { sample } from "../samples.ts";

describe("a result and its raw logs", () => {
  const { result, requests } = sample();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "istio-lab-verify-"));
    for (const [at, { log, origin }] of result.repeats.entries())
      writeFileSync(join(folder, log), toCsv(requests[at] ?? [], origin));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("say the same", () => {
    assert.deepEqual(differencesFromLogs(result, folder), []);
  });

  it("differ when one request of a log is another", () => {
    const log = join(folder, result.repeats[0]!.log);
    writeFileSync(log, readFileSync(log, "utf8").replace(/,200,east,west,/, ",503,east,west,"));
    assert.match(differencesFromLogs(result, folder)[0] ?? "", /client in east are not those of requests-1\.csv/);
  });

  it("differ when the summary is not theirs", () => {
    const claimed = { ...result, summary: { ...result.summary, east: {} } };
    assert.deepEqual(differencesFromLogs(claimed, folder), ["The summary is not that of the logs."]);
  });

  it("differ when the verdict is not what was measured", () => {
    const claimed = { ...result, verdict: { ...result.verdict, holds: !result.verdict.holds } };
    assert.deepEqual(differencesFromLogs(claimed, folder), ["The verdict is not that of the logs."]);
  });

  it("differ when the verdict passes over a rate that was not constant", () => {
    const repeats = result.repeats.map((repeat) => ({ ...repeat, dropped: { east: 2, west: 0 } }));
    const claimed = { ...result, repeats, verdict: { ...result.verdict, holds: true } };
    assert.deepEqual(differencesFromLogs(claimed, folder), ["The verdict is not that of the logs."]);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cut } from "../../../../lab/experiment/faults/cut.ts";
import { scale } from "../../../../lab/experiment/faults/scale.ts";
import { isAlive, JournalFile } from "../../../../lab/experiment/run/journal.ts";
import { Meddling } from "../../../../lab/experiment/run/meddling.ts";
import { fakeLab, putDeployment, type FakeLab } from "../fake-lab.ts";

const toZero = scale("east", "experiment", "server", 0);
const cutOff = cut({ cluster: "west", blocks: ["0.0.0.0/0"], says: "west cut off" });

describe("what is done to a lab", () => {
  let folder: string;
  let file: JournalFile;
  let lab: FakeLab;
  const replicas = async () => {
    const reference = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "server", namespace: "experiment" },
    };
    return (await lab.clusters.get("east")?.read<{ spec: { replicas: number } }>(reference))?.spec.replicas;
  };
  const meddle = () => new Meddling(lab, file, "scale-to-zero", file.read());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "istio-lab-journal-"));
    lab = fakeLab();
    file = new JournalFile(folder, lab);
    putDeployment(lab.clusters.get("east")!, "experiment", "server", 3);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is written down before it is done, and forgotten once it is undone", async () => {
    lab.clusters.get("east")!.refused.add("merge");
    const meddling = meddle();
    await assert.rejects(meddling.inject(toZero), /east does not answer/);
    assert.deepEqual(file.read()?.entries, [{ fault: toZero, found: { replicas: 3 } }]);
    lab.clusters.get("east")!.refused.clear();
    await meddling.undo();
    assert.equal(file.read(), undefined);
    assert.equal(await replicas(), 3);
  });

  it("can be undone by another process, from what was written alone", async () => {
    const first = meddle();
    await first.inject(toZero);
    await first.inject(cutOff);
    assert.deepEqual([await replicas(), lab.cuts.size], [0, 1]);
    // A cut is known by what the platform has prepared, which the file gives back as an equal, not as the same.
    lab.cuts.clear();
    const second = meddle();
    assert.deepEqual(second.left, [toZero, cutOff]);
    await second.undo();
    assert.equal(await replicas(), 3);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is undone in the reverse order, and only down to where one says", async () => {
    const order: string[] = [];
    lab = fakeLab({ mend: (prepared) => Promise.resolve(void order.push((prepared as { says: string }).says)) });
    const meddling = meddle();
    for (const says of ["first", "second", "third"]) await meddling.inject(cut({ ...cutOff.cut, says }));
    await meddling.undo(1);
    assert.deepEqual(order, ["third", "second"]);
    assert.deepEqual(
      file.read()?.entries.map(({ fault }) => fault.says),
      ["first"],
    );
  });

  it("is undone once the connection is back, and stays written down until then", async function () {
    this.timeout(20_000);
    const seen: boolean[] = [];
    let answers = false;
    lab = fakeLab({
      mend: () => {
        seen.push(file.read() !== undefined);
        if (answers) return Promise.resolve();
        answers = true;
        return Promise.reject(new Error("east does not answer"));
      },
    });
    const meddling = meddle();
    await meddling.inject(cutOff);
    await meddling.undo();
    assert.deepEqual(seen, [true, true]);
    assert.equal(file.read(), undefined);
  });

  it("is of no concern to a lab that came after the one to which it was done", async () => {
    await meddle().inject(toZero);
    const { stack, outputs } = lab;
    assert.equal(new JournalFile(folder, { stack, outputs: { ...outputs, labId: "another" } }).read(), undefined);
    assert.equal(file.read()?.experiment, "scale-to-zero");
  });

  it("is not done when it cannot be written down", async () => {
    file = new JournalFile(join(folder, "file"), lab);
    writeFileSync(join(folder, "file"), "in the way");
    await assert.rejects(meddle().inject(toZero), /EEXIST|ENOTDIR/);
    assert.equal(await replicas(), 3);
  });

  it("names whoever does it, so that nobody undoes it under a running experiment", async () => {
    await meddle().inject(toZero);
    assert.equal(isAlive(file.read()!), true);
    // The greatest number that Linux gives to a process is 2^22.
    assert.equal(isAlive({ ...file.read()!, pid: 2 ** 22 + 1 }), false);
  });

  it("says what to do with a journal that cannot be read", () => {
    writeFileSync(file.path, "{");
    assert.throws(() => file.read(), /multi\.lab\.undo\.json should say what .* cannot be read: .*pulumi up --refresh/);
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answersIn, callCommand } from "../../../../lab/exercise/observe/calls.ts";

describe("requests from a pod", () => {
  let folder: string;

  /** A curl that prints what it was asked for, or fails. */
  const curl = (script: string) => {
    const file = join(folder, "curl");
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const runs = (call: Parameters<typeof callCommand>[0]) => {
    const [command = "", ...args] = callCommand(call);
    return answersIn(
      execFileSync(command, args, { encoding: "utf8", env: { PATH: `${folder}:${process.env["PATH"] ?? ""}` } }),
    );
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-calls-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are as many as asked for, and their answers have status, time and body", () => {
    curl(String.raw`printf 'Hello\nagain\n\n200 0.012'`);
    assert.deepEqual(runs({ url: "http://x", times: 3 }), [
      ...Array.from({ length: 3 }, () => ({ status: 200, seconds: 0.012, body: "Hello\nagain", failure: 0 })),
    ]);
  });

  it("have no status, but curl's reason, where nobody answers", () => {
    curl(String.raw`printf '\n000 1.5'; exit 56`);
    assert.deepEqual(runs({ url: "http://x" }), [{ status: 0, seconds: 1.5, body: "", failure: 56 }]);
  });

  it("keep their answers apart when they are sent at once", () => {
    curl(String.raw`sleep 0.0$(($$ % 5)); printf 'a long answer of process %s\n503 0.1' "$$"`);
    const answers = runs({ url: "http://x", times: 12, parallel: true });
    assert.equal(new Set(answers.map(({ body }) => body)).size, 12);
    assert.ok(answers.every(({ status, failure }) => status === 503 && failure === 0));
  });

  it("carry headers and options, whatever characters are in them", () => {
    curl(String.raw`shift 5; printf '%s|' "$@"; printf '\n200 0'`);
    const [answer] = runs({ url: "http://x/?a=$b&c='d'", headers: ["x-user: it's me"], options: ["--cacert", "/a b"] });
    assert.equal(answer?.body, "-H|x-user: it's me|--cacert|/a b|http://x/?a=$b&c='d'|");
  });
});

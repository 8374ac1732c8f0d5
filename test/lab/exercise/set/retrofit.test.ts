import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { retrofitExercise } from "../../../../lab/exercise/set/retrofit.ts";
import { reference, relabel, remove, restart } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import { type Sight, World } from "../world.ts";

const [space = "", front = ""] = retrofitExercise.namespaces;
const counts = "0 of 12 requests failed";
const hears: Sight = {
  call: ({ url }, world) => {
    if (url.startsWith("file:")) return counts;
    return injected(world) ? "By=spiffe://cluster.local/ns/x" : "{}";
  },
};
const lost: Sight = {
  call: (call, world) => (call.url.startsWith("file:") ? "3 of 12 requests failed" : hears.call!(call, world)),
};

const injected = ({ near }: World): boolean =>
  [...near.objects.values()].some(
    ({ kind, metadata, spec }) =>
      kind === "Pod" &&
      metadata.namespace === space &&
      metadata.labels?.["app"] === "httpbin" &&
      (spec as { containers: { name: string }[] }).containers.some(({ name }) => name === "istio-proxy"),
  );

tries(retrofitExercise, {
  before: hears,
  solved: hears,
  wrong: [
    {
      title: "with a workload that was not made anew",
      steps: ({ near }) => [
        relabel(near.name, space, { "istio-injection": null }),
        ...restart(near.name, space, "curl"),
        relabel(near.name, space, { "istio-injection": "enabled" }),
      ],
      says: /^Without a proxy: curl-pod-\d+\. What makes new pods/,
    },
    {
      title: "by losing the pod that nobody makes anew",
      steps: ({ near }) => remove(near.name, reference("apps/v1", "Deployment", "nightly", space)),
      says: /^Of nightly no pod runs any more/,
    },
    {
      title: "with a server that was not made anew",
      steps: ({ near }) => [
        relabel(near.name, space, { "istio-injection": null }),
        ...restart(near.name, space, "httpbin-v1"),
        relabel(near.name, space, { "istio-injection": "enabled" }),
      ],
      says: /Without a proxy: httpbin-v1-pod-\d+\.[^]*without mutual TLS/,
    },
    {
      title: "where one workload of all was made anew",
      instead: true,
      steps: ({ near }) => [
        relabel(near.name, space, { "istio-injection": "enabled" }),
        ...restart(near.name, space, "curl"),
      ],
      says: /Without a proxy: .*nightly/,
    },
  ],
  unexpected: [
    {
      title: "by losing requests on the way",
      sight: lost,
      says: /was answered: 3 of 12 requests failed\. What is lost/,
    },
    { title: "where requests come without an identity", sight: { call: () => "{}" }, says: /without mutual TLS/ },
    { title: "where requests are refused", sight: { call: () => 503 }, says: /gets 503 from httpbin/ },
  ],
});

describe("the caller of retrofit", () => {
  it("counts what fails, from when it was first answered", async () => {
    const folder = mkdtempSync(join(tmpdir(), "retrofit-"));
    // Refused once, answered once, and then by turns; the seventh ends the script.
    const curl = `#!/bin/sh
n=$(($(cat ${folder}/n 2>/dev/null || echo 0)+1)); echo $n > ${folder}/n
[ $n -lt 7 ] || kill $PPID
[ $((n%2)) -eq 0 ]`;
    writeFileSync(join(folder, "curl"), curl, { mode: 0o755 });
    writeFileSync(join(folder, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
    const printed = execFileSync("/bin/sh", ["-c", await scriptOfFront()], {
      env: { PATH: `${folder}:${process.env["PATH"] ?? ""}`, TMPDIR: folder },
      encoding: "utf8",
    });
    const kept = readFileSync(join(folder, "tally"), "utf8");
    rmSync(folder, { recursive: true });
    assert.equal(kept, "2 of 4 requests failed\n");
    assert.deepEqual(
      printed.split("\n").slice(0, 4),
      [1, 1, 2, 2].map((f, at) => `${String(f)} of ${String(at + 1)} requests failed`),
    );
  });
});

async function scriptOfFront(): Promise<string> {
  const world = new World("single");
  const steps = await retrofitExercise.start(world.stage, world.eye());
  for (const step of steps)
    if (step.do === "apply" && step.object.kind === "Deployment" && step.object.metadata.namespace === front) {
      const spec = step.object["spec"] as { template: { spec: { containers: { command: string[] }[] } } };
      return spec.template.spec.containers[0]?.command.at(-1) ?? "";
    }
  return "";
}

/**
 * An API server that does not answer during `up` and during `destroy`, and one that never comes back: a clear error in
 * time, and what docs/recovery.md says to type. Without nodes, see creations.test.ts.
 */
import assert from "node:assert/strict";
import { eventually } from "../cloud/exec.ts";
import { controlPlaneNamespace } from "../cloud/names.ts";
import { diagnostics, Engine, succeeded } from "./engine.ts";
import type { Outcome } from "./engine.ts";
import { account, recorded } from "./inventory.ts";
import { deleteLoadBalancers, deleteSecurityGroups, removeHelmMarks, upAgain } from "./recovery.ts";
import { clusterOf, KilledService, processesOf } from "./services.ts";

/** Seconds after which a run has ended with its error, as docs/recovery.md states them. */
const limits = { refused: 150, frozen: 300 };

describe("[full] an API server that does not answer", function () {
  this.timeout(1_800_000);
  const report: string[] = [];
  let engine: Engine;

  const controlPlane = async () => controlPlaneNamespace(await clusterOf("east"));
  const answersAgain = () =>
    eventually("the API server", 120, async () => {
      await engine.connect();
      const { exitCode } = await engine.inside("kubectl --context east get --raw /readyz");
      return exitCode === 0 ? true : undefined;
    });
  const failedClearly = (what: string, { exitCode, output, seconds }: Outcome, limit: number) => {
    assert.notEqual(exitCode, 0, what);
    assert.match(diagnostics(output), /unreachable|ECONNREFUSED|connection refused|TLS handshake timeout|no answer/);
    assert.ok(seconds < limit, `${what}: ${seconds.toFixed(0)} s`);
    report.push(`${what}: ended with a clear error after ${seconds.toFixed(0)} s`);
  };

  const leavesNothing = async () => {
    succeeded(await engine.destroy());
    assert.deepEqual(engine.resources(), []);
    assert.deepEqual(await account(), []);
  };

  before(async () => {
    engine = await Engine.open();
    await engine.arm([]);
  });

  after(() => process.stdout.write(`\n${report.map((line) => `    ${line}`).join("\n")}\n`));

  it("fails `up` while Helm is at work; when it is back, the next `up` goes on", async () => {
    const running = engine.up();
    await eventually(
      "Helm at work on istiod",
      180,
      () =>
        Promise.resolve(engine.pending().some(({ urn }) => urn.endsWith("Release::east-istio-istiod")) || undefined),
      20,
    );
    const service = new KilledService(await controlPlane(), "kube-apiserver");
    failedClearly("up, the API server of east killed", await running, limits.refused);
    service.startAgain();
    await answersAgain();
    const removed = [...(await removeHelmMarks(engine)), ...(await upAgain(engine))];
    if (removed.length > 0) report.push(`  removed before the next up: ${removed.join(", ")}`);
    succeeded(await engine.up("--expect-no-changes"));
    const broken = recorded(engine).filter((line) => / (FAILED|PENDING)/.test(line));
    assert.deepEqual(broken, []);
  });

  it("frozen, fails `destroy` in time; when it is back, `up` can undo what was begun", async () => {
    const [pid] = processesOf(await controlPlane(), "kube-apiserver");
    assert.ok(pid !== undefined);
    process.kill(pid, "SIGSTOP");
    try {
      failedClearly("destroy, the API server of east frozen", await engine.destroy(), limits.frozen);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await answersAgain();
    const removed = await upAgain(engine);
    if (removed.length > 0) report.push(`  removed before the next up: ${removed.join(", ")}`);
    succeeded(await engine.up("--expect-no-changes"));
  });

  it("dead for good, fails `destroy`, which has a way out that leaves nothing", async () => {
    const region = (await clusterOf("east")).region;
    new KilledService(await controlPlane(), "kube-apiserver");
    failedClearly("destroy, the API server of east dead", await engine.destroy(), limits.refused);
    assert.ok((await deleteLoadBalancers(region)) > 0, "load balancers of the dead cluster");
    const first = await engine.inside(
      "PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy --refresh --skip-preview --yes --stack multi --non-interactive --color never",
    );
    if (first.exitCode !== 0) assert.match(diagnostics(first.output), /DependencyViolation/);
    report.push(`the way out: first destroy ${first.exitCode === 0 ? "succeeded" : "kept a VPC"}`);
    await deleteSecurityGroups(region);
    await leavesNothing();
  });
});

/**
 * An API server that does not answer during `up` and during `destroy`, and one that never comes back: a clear error in
 * time, and what docs/en/recovery.md says to type. Without nodes, see creations.test.ts.
 */
import assert from "node:assert/strict";
import { eventually } from "../cloud/exec.ts";
import { controlPlaneNamespace } from "../cloud/names.ts";
import type { Outcome } from "./deadline.ts";
import { diagnostics, Engine, succeeded } from "./engine.ts";
import type { Pending } from "./engine.ts";
import { account, recorded } from "./inventory.ts";
import { attended, comesDuring } from "./kill.ts";
import { deleteLoadBalancers, deleteSecurityGroups, labId, removeHelmMarks, upAgain } from "./recovery.ts";
import { clusterOf, freeze, KilledService } from "./services.ts";

/** Seconds from the outage until a run has ended with its error, as docs/en/recovery.md states them. */
const limits = { refused: 150, frozen: 300 };

/** Seconds until Helm is at work in a run that has just begun. */
const underway = 180;

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
  /** That it ended in time is up to who ran it. Helm says of a release only that it failed to delete it, not why. */
  const failedClearly = ({ exitCode, output }: Outcome) => {
    assert.notEqual(exitCode, 0);
    assert.match(
      diagnostics(output),
      /unreachable|ECONNREFUSED|connection refused|TLS handshake timeout|no answer|failed to delete release/,
    );
  };
  const reportEnd = (what: string, seconds: number) =>
    report.push(`${what}: ended with a clear error after ${seconds.toFixed(0)} s`);

  /** Kills the API server of east while a run has Helm at work on a release there, and sees that run fail in time. */
  const diesDuring = async (command: "up" | "destroy", operation: string, release: string) => {
    const running = engine[command]("", underway + limits.refused);
    const isBegun = (one: Pending) => one.operation === operation && one.urn.endsWith(`Release::${release}`);
    return attended(running, async () => {
      await comesDuring(running, () => engine.pending().some(isBegun), underway);
      const service = new KilledService(await controlPlane(), "kube-apiserver");
      const killed = performance.now();
      const outcome = await running;
      const seconds = (performance.now() - killed) / 1000;
      assert.ok(seconds < limits.refused, `${command} ended ${seconds.toFixed(0)} s after the API server`);
      failedClearly(outcome);
      reportEnd(`${command}, the API server of east killed while Helm is at work`, seconds);
      return service;
    });
  };

  /** "Destroy with a dead cluster". Returns how many load balancers had to be deleted by hand. */
  const wayOut = async (region: string) => {
    // Before `destroy`, which takes the outputs away.
    const lab = await labId(engine);
    const balancers = await deleteLoadBalancers(lab, region);
    const first = await engine.destroy("--refresh", undefined, { PULUMI_K8S_DELETE_UNREACHABLE: "true" });
    if (first.exitCode !== 0) assert.match(diagnostics(first.output), /DependencyViolation/);
    const kept = first.exitCode === 0 ? "succeeded" : "kept a VPC";
    report.push(`  the way out: ${String(balancers)} load balancers deleted; first destroy ${kept}`);
    await deleteSecurityGroups(lab, region);
    await leavesNothing();
    return balancers;
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
    const service = await diesDuring("up", "creating", "east-istio-istiod");
    service.startAgain();
    await answersAgain();
    const removed = [...(await removeHelmMarks(engine)), ...(await upAgain(engine))];
    if (removed.length > 0) report.push(`  removed before the next up: ${removed.join(", ")}`);
    succeeded(await engine.up("--expect-no-changes"));
    const broken = recorded(engine).filter((line) => / (FAILED|PENDING)/.test(line));
    assert.deepEqual(broken, []);
  });

  it("frozen, fails `destroy` in time; when it is back, `up` can undo what was begun", async () => {
    const goOn = freeze(await controlPlane(), "kube-apiserver");
    try {
      const outcome = await engine.destroy("", limits.frozen);
      failedClearly(outcome);
      reportEnd("destroy, the API server of east frozen", outcome.seconds);
    } finally {
      goOn();
    }
    await answersAgain();
    const removed = await upAgain(engine);
    if (removed.length > 0) report.push(`  removed before the next up: ${removed.join(", ")}`);
    succeeded(await engine.up("--expect-no-changes"));
  });

  it("dead for good, fails `destroy`, which has a way out that leaves nothing", async () => {
    const region = (await clusterOf("east")).region;
    new KilledService(await controlPlane(), "kube-apiserver");
    const outcome = await engine.destroy("", limits.refused);
    failedClearly(outcome);
    reportEnd("destroy, the API server of east dead", outcome.seconds);
    assert.ok((await wayOut(region)) > 0, "load balancers of the dead cluster");
  });

  it("dies for good while `destroy` has Helm at work: the same way out leaves nothing", async () => {
    succeeded(await engine.up());
    const region = (await clusterOf("east")).region;
    // Other releases go with their cluster, and Helm is not asked.
    await diesDuring("destroy", "deleting", "east-load-balancers");
    await wayOut(region);
  });
});

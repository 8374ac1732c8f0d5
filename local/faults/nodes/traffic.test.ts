/**
 * The stack `multi` on real nodes, with traffic: ten creations fail, each followed by a plain `up`, and the mesh that
 * comes out works; then istiod, containerd and a node are lost under it.
 */
import assert from "node:assert/strict";
import { eventually, sleep } from "../../cloud/exec.ts";
import { findMachine, stopMachine } from "../../cloud/machines.ts";
import { nodeNamespace } from "../../cloud/names.ts";
import * as checks from "../../e2e/checks.ts";
import { alwaysAnswers, answers, failsOverThroughGateway, newClient, versionOf } from "../../e2e/hello.ts";
import { noneFails } from "../../e2e/load.ts";
import { Stack } from "../../e2e/shell.ts";
import { runDir } from "../../paths.ts";
import { faultFor } from "../catalog.ts";
import { Engine, succeeded, succeededOrNamedUnready } from "../engine.ts";
import { account } from "../inventory.ts";
import { march } from "../march.ts";
import { help } from "../recovery.ts";
import { chosen } from "../seeded.ts";
import type { Position } from "../seeded.ts";
import { clusterOf, KilledService, processesOf } from "../services.ts";

/** Seconds until all is well again, as docs/en/recovery.md states them. */
const limits = { istiod: 60, containerd: 120, failover: 60, up: 120, rescheduled: 180 };

/** Milliseconds without containerd: some hundred requests of the load, and half a minute is when the kubelet minds. */
const away = 15_000;

describe("[full] multi with nodes under faults", function () {
  this.timeout(1_800_000);
  const stack = new Stack("multi");
  const report: string[] = [];
  let engine: Engine;

  const nodesOf = async (cluster: string) => (await clusterOf(cluster)).nodeGroups.flatMap(({ nodes }) => nodes);
  const within = async (what: string, seconds: number, check: () => Promise<void>) => {
    const begun = performance.now();
    await eventually(what, seconds, () => check().then(() => true));
    report.push(`${what}: after ${((performance.now() - begun) / 1000).toFixed(0)} s, of ${String(seconds)}`);
  };

  before(async () => {
    engine = await Engine.open();
    await engine.arm([]);
  });

  after(() => process.stdout.write(`\n${report.map((line) => `    ${line}`).join("\n")}\n`));

  it("ten creations fail, one `up` after the other, and the mesh works", async () => {
    const ten = chosen(await announced(engine), 10).flatMap(({ urn, type }, index) => {
      const fault = (index % 2 === 0 ? undefined : faultFor(urn, type, "made")) ?? faultFor(urn, type, "refused");
      return fault ?? [];
    });
    const begun = performance.now();
    const { steps } = await march(engine, ten, {
      flags: "",
      check: () => Promise.resolve(),
      help: async () => void report.push(`helped by ${await help(engine)}`),
    });
    // What AWS left half made without anybody minding.
    succeeded(await engine.up("--refresh"));
    const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
    report.push(`${String(steps.flat().length)} positions in ${String(steps.length)} failed runs, ${minutes} min:`);
    report.push(...steps.flat().map((urn) => `  ${urn.split("::").slice(2).join("::")}`));
    await stack.connect();
    for (const cluster of stack.clusters) {
      await checks.remotesSynced(stack, cluster);
      await checks.proxiesSynced(stack, cluster);
      await checks.analyzeIsClean(stack, cluster);
      await alwaysAnswers(stack, cluster, await versionOf(stack, cluster));
    }
    const [first = "", second = ""] = stack.clusters;
    await failsOverThroughGateway(stack, first, second);
    await failsOverThroughGateway(stack, second, first);
  });

  it("istiod killed: no request fails, and it comes back", async () => {
    const nodes = await nodesOf("east");
    await noneFails(stack, async () => {
      const killed = nodes.flatMap((node) => processesOf(nodeNamespace(node), "pilot-discovery"));
      assert.ok(killed.length >= 2, "istiods of east");
      killed.forEach((pid) => process.kill(pid, "SIGKILL"));
      await within("istiod of east is back", limits.istiod, async () => {
        await stack.kubectl("east", "rollout status -n istio-system deploy/istiod --timeout 5s");
        await checks.proxiesSynced(stack, "east");
      });
    });
    await newClient(stack, "east");
    await alwaysAnswers(stack, "east", await versionOf(stack, "east"));
    await checks.remotesSynced(stack, "west");
  });

  it("containerd killed and started again: no request fails, and new pods start", async () => {
    const version = await versionOf(stack, "east");
    const nodes = await nodesOf("east");
    // The client of the load runs already and needs no kubectl exec, which goes through containerd.
    await noneFails(stack, async () => {
      const services = nodes.map((node) => new KilledService(nodeNamespace(node), "containerd"));
      await sleep(away);
      services.forEach((service) => service.startAgain());
      await within("containerd of east is back", limits.containerd, async () => {
        await stack.kubectl("east", "wait node --all --for=condition=Ready --timeout 5s");
        await answers(stack, "east", version);
      });
    });
    await newClient(stack, "east");
    await alwaysAnswers(stack, "east", version);
  });

  it("a node lost: the other cluster answers, `up` does not hang, and pods move", async () => {
    const version = await versionOf(stack, "east");
    const path = "jsonpath={.items[0].spec.nodeName}";
    const name = (await stack.kubectl("east", `get pods -n helloworld -l version=${version} -o ${path}`)).trim();
    const lost = (await nodesOf("east")).find((node) => node.name === name) ?? assert.fail(`no node ${name}`);
    await stack.kubectl("east", `cordon ${name}`);
    await newClient(stack, "east");
    await alwaysAnswers(stack, "east", version);
    await stopMachine(runDir, nodeNamespace(lost));
    assert.equal(findMachine(runDir, nodeNamespace(lost)), undefined);
    const remote = await versionOf(stack, "west");
    await within("west answers for the lost node of east", limits.failover, async () => {
      for (let times = 0; times < 5; times++) await answers(stack, "east", remote);
    });
    const up = await engine.up("", limits.up);
    succeededOrNamedUnready(up);
    report.push(`up with a lost node: exit code ${String(up.exitCode)} after ${up.seconds.toFixed(0)} s`);
    // AWS's cloud controller removes the Node of an instance that is gone, and its pods go with it.
    await stack.kubectl("east", `delete node ${name} --wait=false`);
    await within("pods of the lost node run elsewhere", limits.rescheduled, async () => {
      await stack.kubectl("east", "rollout status -n helloworld deploy --timeout 5s");
      await answers(stack, "east", version);
    });
  });

  it("destroy leaves nothing, with a node lost", async () => {
    succeeded(await engine.destroy());
    assert.deepEqual(engine.resources(), []);
    assert.deepEqual(await account(), []);
  });
});

/** What a preview says will be made by a plugin. */
async function announced(engine: Engine): Promise<Position[]> {
  const { output } = await engine.inside("pulumi preview --json --stack multi --non-interactive 2>/dev/null");
  const { steps } = JSON.parse(output) as { steps: { newState: { urn: string; type: string; custom: boolean } }[] };
  const made = steps
    .map(({ newState }) => newState)
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  return made.map(({ urn, type }) => ({ urn, type }));
}

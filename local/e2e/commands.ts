/** Commands of `lab` that look at a stack that stands, or change it and change it back. */
import assert from "node:assert/strict";
import { eventually, must, newFolder, type Outcome, sh, type Stack } from "./shell.ts";
import { curlImage } from "../versions.ts";

const lab = (command: string): Promise<Outcome> => sh(`npm run --silent lab -- ${command}`);

function exited(code: number, outcome: Outcome): Outcome {
  assert.equal(outcome.exitCode, code, `${outcome.stdout}\n${outcome.stderr}`);
  return outcome;
}

/**
 * As somebody at a terminal who presses Ctrl-C once the command has printed something: everybody in the foreground gets it,
 * npm and the shell too. All that the command prints is in `stdout`.
 */
async function interruptedAt(printed: string, command: string): Promise<Outcome> {
  const log = `${await newFolder()}/log`;
  return sh(`set -m
npm run --silent lab -- ${command} >${log} 2>&1 &
until grep -q '${printed}' ${log}; do kill -0 $! || break; sleep 0.1; done
kill -INT -- -$!
wait $!; code=$?
cat ${log}; exit $code`);
}

interface Checked {
  readonly name: string;
  readonly outcome: string;
  /** Of one that failed: why, and the command that mends it. */
  readonly cause?: string;
  readonly fix?: string;
}

/** What `status` says, by the names of its checks. */
async function checksOf({ name }: Stack, code: number): Promise<ReadonlyMap<string, Checked>> {
  const { stdout } = exited(code, await lab(`status ${name} --json`));
  const { checks } = JSON.parse(stdout) as { checks: Checked[] };
  return new Map(checks.map((check) => [check.name, check]));
}

async function statusOf(stack: Stack, code: number): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await checksOf(stack, code))].map(([name, { outcome }]) => [name, outcome]));
}

/** Each check of `status` holds, or is passed over with a reason. */
export const isWell = (stack: Stack): Promise<unknown> => eventually(60, () => statusOf(stack, 0));

/** `doctor`, `status`, `kubeconfig` and `audit` of a stack that is well. */
export async function looksWell(stack: Stack): Promise<void> {
  exited(0, await lab(`doctor ${stack.name}`));
  await isWell(stack);
  const file = `${await newFolder()}/kubeconfig`;
  exited(0, await lab(`kubeconfig ${stack.name} --out ${file}`));
  for (const cluster of stack.clusters)
    await must(`kubectl --kubeconfig ${file} --context ${cluster} get namespace istio-system`);
  const audit = exited(1, await lab(`audit ${stack.name}`));
  assert.match(audit.stdout, new RegExp(`^The stack ${stack.name} is up, so this is in use`));
}

/** `audit` after `pulumi destroy`. */
export async function leftNothing(stack: Stack): Promise<void> {
  exited(0, await lab(`audit ${stack.name}`));
}

/** `pause` takes every node, which `status` tells with the way back, and `resume` gives all back. */
export async function pausesAndResumes(stack: Stack): Promise<void> {
  const nodes = stack.clusters.map((cluster) => `${cluster}: nodes`);
  exited(0, await lab(`pause ${stack.name}`));
  const paused = await statusOf(stack, 1);
  assert.deepEqual(
    nodes.map((check) => paused.get(check)),
    nodes.map(() => "failed"),
  );
  const { stdout } = exited(1, await lab(`status ${stack.name}`));
  assert.match(stdout, new RegExp(`fix: npm run lab -- resume ${stack.name}`));
  exited(0, await lab(`resume ${stack.name}`));
  await eventually(120, () => statusOf(stack, 0));
  await stack.pulumi("preview --expect-no-changes");
}

/** `status` names the namespaces whose proxies are stale, and what it says to type renews them. */
export async function renewsStaleProxies(stack: Stack, namespaces: readonly string[]): Promise<void> {
  const versions = async (code: number): Promise<Checked[]> => {
    const checks = await checksOf(stack, code);
    return stack.clusters.map((cluster) => checks.get(`${cluster}: versions`) ?? assert.fail(cluster));
  };
  const stale = (await versions(1)).filter(({ outcome }) => outcome === "failed");
  const fixes = stale.flatMap(({ fix = "" }) => fix.split(" && "));
  assert.deepEqual(
    [...new Set(fixes)].sort(),
    namespaces.map((namespace) => `npm run lab -- retrofit ${namespace} --restart --stack ${stack.name}`),
    stale.map(({ cause }) => cause).join("\n"),
  );
  for (const fix of new Set(fixes)) await must(fix);
  await isWell(stack);
}

/**
 * `retrofit` brings a namespace into the mesh and out of it, leaves one alone that has a pod nobody would remake, and
 * undoes on Ctrl-C what it had done.
 */
export async function retrofits(stack: Stack, cluster: string): Promise<void> {
  const namespace = "before-the-mesh";
  const retrofit = (more = ""): Promise<Outcome> => lab(`retrofit ${namespace} --stack ${stack.name} ${more}`);
  const containers = async (): Promise<string> => {
    const pods = await stack.kubectl(cluster, `get pods -n ${namespace} -o json`);
    const { items } = JSON.parse(pods) as { items: { spec: Record<string, { name: string }[]>; metadata: object }[] };
    return items
      .filter(({ metadata }) => !("deletionTimestamp" in metadata))
      .flatMap(({ spec }) => [...(spec["initContainers"] ?? []), ...(spec["containers"] ?? [])])
      .map(({ name }) => name)
      .join(" ");
  };
  await stack.kubectl(cluster, `create namespace ${namespace}`);
  try {
    for (const name of ["api", "web"])
      await stack.kubectl(
        cluster,
        `create deployment ${name} -n ${namespace} --image ${curlImage} -- /bin/sleep infinity`,
      );
    await stack.kubectl(cluster, `run alone -n ${namespace} --image ${curlImage} --command -- /bin/sleep infinity`);
    await stack.kubectl(cluster, `wait pod -n ${namespace} --all --for condition=Ready --timeout 60s`);
    const refused = exited(1, await retrofit());
    assert.match(refused.stderr, /alone.* nothing was changed/);
    assert.doesNotMatch(await containers(), /istio-proxy/);
    await stack.kubectl(cluster, `delete pod alone -n ${namespace} --grace-period 1`);
    // One of two workloads has its proxy by then.
    const ended = await interruptedAt("has new pods", `retrofit ${namespace} --stack ${stack.name}`);
    assert.notEqual(ended.exitCode, 0);
    assert.match(ended.stdout, /undoes what was done[^]*it was interrupted\. What was done is undone\.$/m);
    assert.doesNotMatch(await containers(), /istio-proxy/);
    assert.doesNotMatch(await stack.kubectl(cluster, `get namespace ${namespace} -o yaml`), /istio-injection/);
    exited(0, await retrofit());
    assert.match(await containers(), /istio-proxy/);
    exited(0, await retrofit("--undo"));
    assert.doesNotMatch(await containers(), /istio-proxy/);
  } finally {
    await stack.kubectl(cluster, `delete namespace ${namespace}`);
  }
}

/** `dashboard` leads to Prometheus from a port of this machine, until Ctrl-C. */
export async function showsPrometheus({ name }: Stack): Promise<void> {
  const url = `${await newFolder()}/url`;
  const { stdout } = exited(
    0,
    await sh(`set -m
node lab/cli.mjs dashboard prometheus --stack ${name} --port 0 >${url} &
until [ -s ${url} ]; do kill -0 $! || exit 1; sleep 0.1; done
curl -sSf -m 10 "$(cat ${url})-/ready"
kill -INT $!; wait $!`),
  );
  assert.match(stdout, /Prometheus Server is Ready/);
}

/**
 * `experiment run` undoes on Ctrl-C what it did to a cluster. What a killed one left is named before the next, and
 * `experiment undo` undoes it and removes what was installed.
 */
export async function undoesExperiments(stack: Stack, cluster: string): Promise<void> {
  const run = `experiment run scale-to-zero --stack ${stack.name} --repeats 1 --keep`;
  const replicas = (): Promise<string> =>
    stack.kubectl(cluster, "get deployment -n experiment server -o jsonpath={.spec.replicas}");
  const { labId } = await stack.outputs<{ labId: string }>();
  const journal = `out/experiments/${stack.name}.${labId}.undo.json`;
  const endedOnceScaled = async (signal: "INT" | "KILL"): Promise<Outcome> => {
    const running = lab(run);
    await eventually(120, async () => assert.equal(await replicas(), "0"));
    await must(`kill -${signal} $(node -p 'JSON.parse(fs.readFileSync("${journal}")).pid')`);
    return running;
  };
  const interrupted = exited(1, await endedOnceScaled("INT"));
  assert.match(interrupted.stderr, /Interrupted; what was done to the lab is undone\.\s*$/);
  assert.equal(await replicas(), "3");
  await endedOnceScaled("KILL");
  const next = exited(1, await lab(run));
  const [, undo = assert.fail(next.stderr)] =
    /ended before it had undone this:\n {2}.*to 0 replicas\nUndo it first: (.*)/.exec(next.stderr) ?? [];
  assert.equal(await replicas(), "0");
  await must(undo);
  for (const each of stack.clusters)
    assert.equal(await stack.kubectl(each, "get namespace experiment --ignore-not-found"), "");
}

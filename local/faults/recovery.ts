/** What docs/en/recovery.md says to type, typed. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { places } from "../commands/environment.ts";
import { runDir } from "../paths.ts";
import { callCloud, cloudSocket } from "../plugins/aws/transport.ts";
import { diagnostics, succeeded } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { labOf, unheard } from "./unheard.ts";
import type { Held } from "./unheard.ts";

/** "Again, and only then with a refresh", when `up` alone does not get on. Returns what was typed. */
export async function help(engine: Engine): Promise<string> {
  // What has been replaced stays in the state until a run ends well.
  const current = engine.resources().filter((resource) => resource.delete !== true);
  const failed = current.filter(({ outputs }) => /^(CREATE_)?FAILED$/.test(String(outputs?.["status"])));
  for (const { urn } of failed) succeeded(await engine.pulumi(`state taint '${urn}'`));
  if (failed.length > 0) return `pulumi state taint (${failed.map(({ urn }) => nameOf(urn)).join(" ")})`;
  await engine.up("--refresh --continue-on-error");
  return "pulumi up --refresh";
}

/** What "After a kill" has before the next `up` or `destroy`. Returns what had to be removed. */
export async function afterKill(engine: Engine): Promise<string[]> {
  const mended = await mendState(engine);
  succeeded(await engine.inside("pulumi cancel --yes --stack multi"));
  return [...mended, ...(await deleteUnheard(engine)), ...(await removeHelmMarks(engine))];
}

/** "With the state in files": what the engine was writing beside it. Returns what had to be removed. */
export async function mendState(engine: Engine): Promise<string[]> {
  const { output, exitCode } = await engine.inside("pulumi stack --stack multi --non-interactive");
  if (exitCode === 0) return [];
  assert.match(output, /failed to load checkpoint: .*EOF/);
  succeeded(await engine.inside(`find ${places(runDir).backend}/.pulumi -name '*.attrs' -delete`));
  return ["the state's attributes"];
}

/**
 * `pulumi up`; where a name is in use, Helm's records of releases that Pulumi does not know go, and `up` again. At the
 * end the list of what was interrupted is forgotten. Returns what was removed.
 */
export async function upAgain(engine: Engine): Promise<string[]> {
  const first = await engine.up();
  const removed: string[] = [];
  if (first.exitCode !== 0) {
    assert.match(diagnostics(first.output), /cannot re-?use a name that is still in use/);
    removed.push(...(await forgetUnknownReleases(engine)));
    succeeded(await engine.up());
  }
  if (engine.pending().length > 0) succeeded(await engine.pulumi("refresh --skip-preview --clear-pending-creates"));
  return removed;
}

/** Deletes Helm's records of releases that are not in the state. */
async function forgetUnknownReleases(engine: Engine): Promise<string[]> {
  const releases = engine.resources().filter(({ type }) => type === releaseType);
  const known = new Set(
    releases.map(({ urn, inputs }) => {
      const { namespace, name } = inputs as { namespace: string; name: string };
      return `${nameOf(urn).split("-")[0] ?? ""}/${namespace}/${name}`;
    }),
  );
  const removed = new Set<string>();
  for (const context of await engine.connect()) {
    const columns = "IN:.metadata.namespace,NAME:.metadata.labels.name";
    const kubectl = `kubectl --context ${context}`;
    const list = await engine.inside(
      `${kubectl} get secret -A -l owner=helm --no-headers -o custom-columns=${columns}`,
    );
    succeeded(list);
    for (const line of list.output.split("\n").filter(Boolean)) {
      const [namespace = "", name = ""] = line.trim().split(/\s+/);
      const release = `${context}/${namespace}/${name}`;
      if (known.has(release) || removed.has(release)) continue;
      succeeded(await engine.inside(`${kubectl} delete secret -n ${namespace} -l owner=helm,name=${name}`));
      removed.add(release);
    }
  }
  return [...removed].map((release) => `Helm's record of ${release}`);
}

/** `pulumi destroy`, with a refresh where Helm says that a release is gone already. */
export async function destroyAfterKill(engine: Engine): Promise<string> {
  const first = await engine.destroy();
  if (first.exitCode === 0) return "pulumi destroy";
  assert.match(diagnostics(first.output), /release: not found/);
  succeeded(await engine.destroy("--refresh"));
  return "pulumi destroy --refresh";
}

const releaseType = "kubernetes:helm.sh/v3:Release";
const pendingReleases = "owner=helm,status in (pending-install,pending-upgrade,pending-rollback)";

/** Removes the marks of Helm's work in progress from every cluster that there is. */
export async function removeHelmMarks(engine: Engine): Promise<string[]> {
  const removed: string[] = [];
  for (const context of await engine.connect()) {
    const done = await engine.inside(`kubectl --context ${context} delete secret -A -l '${pendingReleases}'`);
    succeeded(done);
    removed.push(
      ...[...done.output.matchAll(/sh\.helm\.release\.v1\.\S+?(?=")/g)].map(([name]) => `${context}/${name}`),
    );
  }
  return removed;
}

/** Seconds in which AWS ends what it had begun, so that it can be deleted. */
const settling = 120;

/** Deletes in AWS what a killed run made there unheard: see unheard.ts. */
async function deleteUnheard(engine: Engine): Promise<string[]> {
  const deleted = new Set<string>();
  for (const deadline = Date.now() + settling * 1000; ; await sleep(1000)) {
    const begun = engine.pending().filter(({ operation }) => operation === "creating");
    const recorded = new Set(engine.resources().map(({ type, id }) => `${type} ${String(id)}`));
    const found = unheard(await inAws(), begun, recorded);
    if (found.length === 0) return [...deleted];
    for (const one of found) {
      deleted.add(`${one.type} ${one.id}`);
      await deleteInAws(one).catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
      });
    }
  }
}

/** What the tag of a lab's resources in AWS says. */
export async function labId(engine: Engine): Promise<string> {
  const done = await engine.inside("pulumi stack output labId --stack multi --non-interactive 2>/dev/null");
  succeeded(done);
  return done.output.trim();
}

/** "Destroy with a dead cluster", step 1, and their target groups. Returns how many load balancers there were. */
export async function deleteLoadBalancers(lab: string, region: string): Promise<number> {
  const balancers = await tagged(lab, region, "aws:lb/loadBalancer:LoadBalancer");
  for (const { id: arn } of balancers) await ask("/elbv2/delete-load-balancer", { arn });
  for (const { id: arn } of await tagged(lab, region, "aws:lb/targetGroup:TargetGroup")) {
    await ask("/elbv2/delete-target-group", { arn });
  }
  return balancers.length;
}

/** Step 3. */
export async function deleteSecurityGroups(lab: string, region: string): Promise<void> {
  for (const group of await tagged(lab, region, "aws:ec2/securityGroup:SecurityGroup")) await deleteInAws(group);
}

async function tagged(lab: string, region: string, type: string): Promise<Held[]> {
  const here = (await inAws()).filter((one) => one.type === type && one.region === region);
  return here.filter(({ state }) => labOf(state) === lab);
}

const ask = (path: string, body?: object) => callCloud(path, body, cloudSocket(runDir));
const inAws = async () => (await ask("/resources")) as Held[];

/** With AWS's own checks. */
const deleteInAws = ({ type, id, region }: Held) => ask("/aws/delete", { type, id, region });

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

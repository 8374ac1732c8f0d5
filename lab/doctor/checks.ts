/** What is asked before `pulumi up`, in the order in which it would fail. */
import type { ClusterPlan, LabPlan } from "../../topology/types.ts";
import type { Account, QuotaName } from "../aws/account.ts";
import { awsCause, isDenied } from "../aws/explain.ts";
import { type Check, failed, type Finding, ok, skipped } from "../checks/check.ts";
import { once } from "../checks/once.ts";
import type { Source } from "../plan/source.ts";
import { judgeEksVersion, judgeInstanceTypes, judgeQuota, judgeZones } from "./aws.ts";
import { judgeBackend, judgePassphrase, judgeStack } from "./backend.ts";
import { hostsOf, judgeHost, judgePulls, pullsThroughOneAddress } from "./hosts.ts";
import type { Machine } from "./machine.ts";
import { judgeAwsCli, judgeIstioctl, judgeKubectl, judgeNode, judgePulumi } from "./tools.ts";

export interface Patient {
  readonly source: Pick<Source, "stack" | "file" | "isProjectStack">;
  readonly plan: LabPlan;
  readonly machine: Machine;
  /** The AWS account as one region shows it. */
  readonly account: (region: string) => Account;
  /** Says whether a context is there; throws with what to do where it is not. */
  readonly context: (cluster: ClusterPlan) => Promise<void>;
  /** True in a shell of the local cloud, which stands in for AWS and brings its own charts and images. */
  readonly localCloud: boolean;
  /** `2026-11-28` */
  readonly today: string;
}

const readme = "README.md";
const credentialsPage = "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html";

export function doctorChecks(patient: Patient): Check[] {
  return [...toolChecks(patient), ...backendChecks(patient), ...placeChecks(patient), ...hostChecks(patient)];
}

function toolChecks({ machine, plan }: Patient): Check[] {
  const versions = [...new Set(plan.meshes.flatMap(({ revisions }) => revisions.map(({ version }) => version)))];
  const kubernetes = [...new Set(plan.clusters.map(({ kubernetesVersion }) => kubernetesVersion))];
  const aws: Check[] =
    plan.platform === "existing"
      ? []
      : [check("AWS CLI", readme, async () => judgeAwsCli(await machine.prints("aws", "--version")))];
  return [
    check("Node.js", readme, () => judgeNode(machine.node)),
    check("Pulumi", readme, async () => judgePulumi(await machine.prints("pulumi", "version"))),
    ...aws,
    check("kubectl", readme, async () =>
      judgeKubectl(await machine.prints("kubectl", "version", "--client"), kubernetes),
    ),
    check("istioctl", "docs/en/upgrades.md", async () =>
      judgeIstioctl(await machine.prints("istioctl", "version", "--remote=false", "-o", "json"), versions),
    ),
  ];
}

function backendChecks({ machine, source }: Patient): Check[] {
  const { stack, file, isProjectStack } = source;
  const set = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].some(
    (name) => machine.environment[name] !== undefined,
  );
  return [
    check("backend", readme, async () => judgeBackend(await machine.backend())),
    check("passphrase", readme, async () =>
      judgePassphrase({ ...machine.secretsOf(file), backend: await machine.backend(), set }),
    ),
    check("stack", readme, async () => judgeStack(stack, await machine.stacks(), isProjectStack ? undefined : file)),
  ];
}

/** Where the clusters are, or are going to be. */
function placeChecks(patient: Patient): Check[] {
  const { plan, localCloud } = patient;
  if (plan.platform === "existing")
    return plan.clusters.map((cluster) =>
      check(`${cluster.name}: context`, readme, async () => {
        await patient.context(cluster);
        return ok(cluster.existing?.context ?? "");
      }),
    );
  if (localCloud) return [check("AWS account", readme, () => skipped("the local cloud stands in for AWS"))];
  const regions = [...new Set(plan.clusters.map(({ region }) => region))];
  return regions.flatMap((region) => regionChecks(patient, region));
}

const quotaNames: Readonly<Record<QuotaName, string>> = {
  vpcs: "VPCs",
  addresses: "Elastic IPs",
  onDemand: "vCPUs on demand",
  spot: "vCPUs spot",
};

function regionChecks({ plan, account, today }: Patient, region: string): Check[] {
  const clusters = plan.clusters.filter((cluster) => cluster.region === region);
  const types = [...new Set(clusters.flatMap(({ nodes }) => nodes.instanceTypes))];
  const versions = [...new Set(clusters.map(({ kubernetesVersion }) => kubernetesVersion))];
  const aws = once(() => account(region));
  // Every answer needs a login, so without one there is one failure and not ten.
  const caller = once(() => aws().caller());
  const asked = (name: string, look: (aws: Account) => Promise<Finding>) =>
    check(`${region}: ${name}`, credentialsPage, async () => {
      if (!(await caller().then(Boolean, () => false))) return skipped("AWS does not know who asks");
      return unlessDenied(() => look(aws()));
    });
  const usage = once(() => aws().usage());
  const vcpus = once(() => aws().vcpus(types));
  const quota = (name: QuotaName, needed: () => Promise<number>) =>
    asked(quotaNames[name], async (account) => {
      const [limit, used, wanted] = await Promise.all([account.quota(name), usage(), needed()]);
      return judgeQuota(name, { region, limit, used: used[name], needed: wanted });
    });
  const capacities = [...new Set(clusters.map(({ nodes }) => nodes.capacityType))];
  return [
    check(`${region}: credentials`, credentialsPage, async () => {
      try {
        return ok(await caller());
      } catch (error) {
        return failed(awsCause(error), `Then: aws sts get-caller-identity --region ${region}`, credentialsPage);
      }
    }),
    asked("zones", async (account) =>
      judgeZones(region, await account.zones(), Math.max(...clusters.map(({ zones }) => zones))),
    ),
    asked("instance types", async () => judgeInstanceTypes(region, types, await vcpus())),
    quota("vpcs", () => Promise.resolve(clusters.length)),
    quota("addresses", () => Promise.resolve(clusters.filter(({ vpc }) => vpc.nat).length)),
    ...capacities.map((capacity) =>
      quota(capacity === "SPOT" ? "spot" : "onDemand", async () => vcpusOf(clusters, capacity, await vcpus())),
    ),
    ...versions.map((version) =>
      asked(`Kubernetes ${version}`, async (account) => {
        const found = await account.eksVersion(version).catch((error: unknown) => {
          if (isDenied(error)) return null;
          throw error;
        });
        return judgeEksVersion(version, found, today);
      }),
    ),
  ];
}

/** Of several instance types AWS picks one, so the largest counts. */
function vcpusOf(
  clusters: readonly ClusterPlan[],
  capacity: ClusterPlan["nodes"]["capacityType"],
  vcpus: Readonly<Record<string, number>>,
): number {
  return clusters
    .filter(({ nodes }) => nodes.capacityType === capacity)
    .reduce(
      (sum, { nodes }) => sum + nodes.count * Math.max(...nodes.instanceTypes.map((type) => vcpus[type] ?? 0)),
      0,
    );
}

function hostChecks({ plan, machine, localCloud }: Patient): Check[] {
  const page = "https://istio.io/latest/blog/2026/retirement-of-gcp/";
  if (localCloud) return [check("charts and images", page, () => skipped("the local cloud has its own"))];
  const needed = pullsThroughOneAddress(plan);
  return [
    ...hostsOf(plan).map((host) => check(host.name, page, async () => judgeHost(host, await machine.asks(host.url)))),
    check("Docker Hub's limit", "https://docs.docker.com/docker-hub/usage/pulls/", async () =>
      judgePulls(needed, needed === 0 ? undefined : await machine.pullLimit(), plan.platform === "existing"),
    ),
  ];
}

const check = (name: string, page: string, look: Check["look"]): Check => ({ name, page, look });

/** What may not be read is not known, which is no failure; other refusals are told in plain words. */
async function unlessDenied(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (isDenied(error)) return skipped(`these credentials may not ask: ${(error as Error).message}`);
    throw new Error(awsCause(error), { cause: error });
  }
}

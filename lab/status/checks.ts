/** What is asked of a lab that stands. */
import { areStrangers, isPrimary, shareNetwork, workloadClusters } from "../../topology/queries.ts";
import type { ClusterPlan, MeshPlan } from "../../topology/types.ts";
import { type Check, failed, type Finding, ok, skipped } from "../checks/check.ts";
import { once } from "../checks/once.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterOf, type OpenStack } from "../stack/stack.ts";
import { labArguments, labOptions } from "../stack/typed.ts";
import { callFrom, clustersReadIn, intermediatesOf, proxied, rootOf } from "./ask.ts";
import { judgeIstiods, judgeLoadBalancers, judgeNodes } from "./machines.ts";
import { judgeCertificates, judgeReach, judgeRemotes, judgeRoots } from "./mesh.ts";
import { revisionsOf } from "./revisions.ts";
import type { DeploymentObject, NodeObject, PodObject, ServiceObject } from "./shapes.ts";
import { judgeVersions } from "./versions.ts";
import { judgeInjection, judgeValidation, podThatAsks, routeToNowhere } from "./webhooks.ts";

export interface StatusFacts {
  readonly lab: Pick<OpenStack, "stack" | "file" | "plan" | "outputs" | "clusters">;
  /** What istioctl says of itself; undefined where it is not there. */
  readonly client: string | undefined;
  /** Whether a name has an address; absent where the names of load balancers are known inside the lab only. */
  readonly resolves?: (host: string) => Promise<boolean>;
  readonly now: Date;
}

/** The port of an east-west gateway (https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio). */
const eastWestPorts = { sidecar: 15_443, ambient: 15_008 } as const;

export function statusChecks(facts: StatusFacts): Check[] {
  const answers = new Map(
    facts.lab.plan.clusters.map(({ name }) => [name, once(() => alive(clusterOf(facts.lab, name)))]),
  );
  const answer = (cluster: string): Promise<void> => (answers.get(cluster) ?? never)();
  const isAway = (cluster: string): Promise<boolean> =>
    answer(cluster).then(
      () => false,
      () => true,
    );
  /** A cluster that is away fails once; what needs it is passed over. */
  const needing = (clusters: readonly string[], name: string, page: string, look: () => Promise<Finding>): Check => ({
    name,
    page,
    look: async () => {
      for (const cluster of clusters)
        if (await isAway(cluster)) return skipped(`the API server of ${cluster} does not answer`);
      return look();
    },
  });
  const own = (plan: ClusterPlan): Check[] => [
    {
      name: `${plan.name}: API server`,
      page: "docs/en/recovery.md",
      look: async () => {
        await answer(plan.name);
        const { apiServer, context } = facts.lab.outputs.clusters[plan.name] ?? {};
        return ok(apiServer ?? context ?? "answers");
      },
    },
    ...clusterChecks(facts, plan).map(({ name, page, look }) => needing([plan.name], name, page, async () => look())),
  ];
  return [
    ...facts.lab.plan.clusters.flatMap(own),
    ...facts.lab.plan.meshes.flatMap((mesh) => meshChecks(facts, mesh, needing)),
  ];
}

const never = (): Promise<never> => Promise.reject(new Error("The plan names no such cluster."));

/** The namespace that every cluster has. */
async function alive(cluster: Cluster): Promise<void> {
  await cluster.read({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } });
}

function clusterChecks({ lab, client, resolves, now }: StatusFacts, plan: ClusterPlan): Check[] {
  const cluster = clusterOf(lab, plan.name);
  const { name } = plan;
  const revisions = revisionsOf(lab, plan);
  const check = (what: string, page: string, look: Check["look"]): Check => ({ name: `${name}: ${what}`, page, look });
  return [
    check("nodes", "docs/en/recovery.md", async () => {
      const nodes = await cluster.list<NodeObject>("v1", "Node");
      const planned = plan.existing === undefined ? plan.nodes.count : undefined;
      return judgeNodes(nodes, planned, `npm run lab -- resume ${labArguments(lab)}`);
    }),
    check("istiod", "docs/en/recovery.md", async () => {
      if (plan.controlPlane === undefined) return skipped(`that of ${plan.primary} serves it`);
      const istiods = await cluster.list<DeploymentObject>("apps/v1", "Deployment", { labels: "app=istiod" });
      return judgeIstiods(istiods, isPrimary(plan) ? Object.keys(revisions) : []);
    }),
    check("versions", "docs/en/upgrades.md", async () =>
      judgeVersions({ revisions, pods: await cluster.list<PodObject>("v1", "Pod"), client, lab: labOptions(lab) }),
    ),
    check("injection", "docs/en/recovery.md", async () => {
      // Each revision has a webhook of its own.
      const answers = Object.keys(revisions).map(async (revision) => {
        const pod = podThatAsks(plan.istioNamespace, revision);
        const answer = await cluster.rehearse<PodObject>(pod).catch((error: unknown) => error as Error);
        return [revision, answer] as const;
      });
      return judgeInjection(Object.fromEntries(await Promise.all(answers)));
    }),
    check("validation", "docs/en/recovery.md", async () => {
      if (plan.config !== name) return skipped(`Istio's objects lie in ${plan.config}`);
      const route = cluster.rehearse(routeToNowhere(plan.istioNamespace));
      return judgeValidation(
        await route.then(
          () => undefined,
          (error: unknown) => error as Error,
        ),
      );
    }),
    check("load balancers", "docs/en/failover.md", async () =>
      judgeLoadBalancers(await cluster.list<ServiceObject>("v1", "Service"), resolves),
    ),
    check("certificates", "docs/en/certificates.md", async () => {
      const [root, intermediates] = await Promise.all([rootOf(cluster, plan), intermediatesOf(cluster, plan)]);
      return judgeCertificates({ root, intermediates, renewBeforeDays: lab.plan.ca.renewBeforeDays, now });
    }),
  ];
}

type Needing = (clusters: readonly string[], name: string, page: string, look: () => Promise<Finding>) => Check;

function meshChecks({ lab }: StatusFacts, mesh: MeshPlan, needing: Needing): Check[] {
  const members = lab.plan.clusters.filter((cluster) => cluster.mesh === mesh.name);
  const workloads = workloadClusters(members);
  const readers = members.filter(({ name }) => lab.plan.remoteSecrets.some(({ to }) => to === name));
  const remotes = readers.map(({ name }) =>
    needing([name], `${name}: remote clusters`, "docs/en/certificates.md", async () => {
      const secrets = lab.plan.remoteSecrets.filter(({ to }) => to === name);
      const [{ namespace } = { namespace: "" }] = secrets;
      return judgeRemotes(
        secrets.map(({ from }) => from),
        await clustersReadIn(clusterOf(lab, name), namespace),
      );
    }),
  );
  if (workloads.length < 2) return remotes;
  const names = workloads.map(({ name }) => name);
  return [
    ...remotes,
    needing(names, `${mesh.name}: same root`, "docs/en/certificates.md", async () => {
      const roots = workloads.map(async (plan) => [plan.name, await rootOf(clusterOf(lab, plan.name), plan)] as const);
      return judgeRoots(Object.fromEntries(await Promise.all(roots)));
    }),
    ...pairs(workloads).map(([from, to]) =>
      needing([from.name, to.name], `${from.name} → ${to.name}`, "docs/en/failover.md", () =>
        reach(lab, mesh, from, to),
      ),
    ),
  ];
}

/** In both directions, but for clusters of different tenants, which are not to reach each other. */
const pairs = (clusters: readonly ClusterPlan[]): [ClusterPlan, ClusterPlan][] =>
  clusters.flatMap((from) =>
    clusters.filter((to) => to !== from && !areStrangers(from, to)).map((to): [ClusterPlan, ClusterPlan] => [from, to]),
  );

async function reach(
  lab: StatusFacts["lab"],
  { dataPlane }: MeshPlan,
  from: ClusterPlan,
  to: ClusterPlan,
): Promise<Finding> {
  const caller = await proxied(clusterOf(lab, from.name));
  if (caller === undefined) return skipped(`no proxy runs in ${from.name} that could call`);
  const url = shareNetwork(from, to) ? await podUrl(clusterOf(lab, to.name)) : gatewayUrl(lab, to, dataPlane);
  if (url === undefined)
    return failed(
      `${to.name} has nothing that ${from.name} could call: neither a gateway with an address nor a pod with a proxy.`,
      "See the checks of its load balancers and nodes.",
      "docs/en/failover.md",
    );
  const printed = await callFrom(clusterOf(lab, from.name), caller, url);
  return judgeReach({ from: from.name, to: to.name, url, printed });
}

function gatewayUrl(
  { outputs }: StatusFacts["lab"],
  to: ClusterPlan,
  dataPlane: MeshPlan["dataPlane"],
): string | undefined {
  const host = outputs.clusters[to.name]?.eastWestHostname;
  if (host === undefined) return undefined;
  // In clusters that exist already it may be a node's `address:port`. Not https: where nobody answers its handshake,
  // curl before 8 forgets that it had connected.
  return `http://${/:\d+$/.test(host) ? host : `${host}:${eastWestPorts[dataPlane]}`}`;
}

/** On one network pods reach each other by address; a proxy tells everybody whether it is ready. */
async function podUrl(cluster: Cluster): Promise<string | undefined> {
  const address = (await proxied(cluster))?.status.podIP;
  return address === undefined ? undefined : `http://${address}:15021/healthz/ready`;
}

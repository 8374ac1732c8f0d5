/** `lab dashboard`: shows Kiali, Grafana or Prometheus of a lab on this machine, and nowhere else. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { DashboardOutput } from "../../topology/outputs.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { say } from "../plan/say.ts";
import { UsageError } from "../plan/usage-error.ts";
import { openStack } from "../stack/open-stack.ts";
import { clusterOf, type OpenStack } from "../stack/stack.ts";
import { listen } from "./forward.ts";
import {
  type DashboardName,
  loginOf,
  pathOf,
  type PodObject,
  type ServiceObject,
  type Target,
  targetOf,
} from "./target.ts";

export interface DashboardOptions {
  readonly stack?: string;
  readonly configFile?: string;
  readonly cluster?: string;
  readonly port?: number;
}

/**
 * Resolves on Ctrl-C.
 * @throws UsageError where no cluster has it, or the port is taken
 */
export async function dashboardCommand(name: DashboardName, options: DashboardOptions): Promise<void> {
  const lab = await openStack(options.stack, options.configFile);
  const { cluster, dashboard } = dashboardOf(name, lab, options.cluster);
  const target = () => targetIn(cluster, dashboard);
  await target();
  const server = await listen({ cluster, target, port: options.port ?? dashboard.port, say });
  const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const address = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${address.port}${pathOf(name)}\n`);
  say(`${name} of ${cluster.name}; Ctrl-C ends it`);
  const login = loginOf(dashboard, cluster.name);
  if (login !== undefined) say(login);
  await ended;
  server.close();
  // Browsers keep connections open.
  process.exit(0);
}

/**
 * As the stack's outputs name it. Of several clusters the first that has it: in one mesh one Kiali sees all.
 * @param only the cluster that somebody named
 */
export function dashboardOf(
  name: DashboardName,
  lab: Pick<OpenStack, "clusters" | "outputs">,
  only?: string,
): { cluster: Cluster; dashboard: DashboardOutput } {
  const clusters = only === undefined ? [...lab.clusters.values()] : [clusterOf(lab, only)];
  for (const cluster of clusters) {
    const dashboard = lab.outputs.clusters[cluster.name]?.dashboards?.find((each) => each.name === name);
    if (dashboard !== undefined) return { cluster, dashboard };
  }
  throw new UsageError(
    `There is no ${name} in ${clusters.map((each) => each.name).join(", ")}. ` +
      "The key `istio-lab:observability` of the stack file brings it; then: pulumi up",
  );
}

/** @throws UsageError where nothing is ready */
export async function targetIn(cluster: Cluster, dashboard: DashboardOutput): Promise<Target> {
  const { name, namespace, service: of, port } = dashboard;
  const service = await cluster.read<ServiceObject>({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: of, namespace },
  });
  const pods = await cluster.list<PodObject>("v1", "Pod", { namespace });
  const target = service === undefined ? undefined : targetOf(service, pods, port);
  if (target !== undefined) return target;
  throw new UsageError(
    `No pod of ${name} is ready in ${cluster.name}. This says why: kubectl --context ${cluster.name} -n ${namespace} get pods`,
  );
}

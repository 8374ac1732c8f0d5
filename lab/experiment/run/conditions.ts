/** Under which conditions an experiment ran: versions, machine, topology, policy. */
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import type { PolicyObject, Result } from "../result.ts";
import type { LoadOptions } from "../workload/load.ts";
import { k6Image } from "../workload/load.ts";
import { namespace, server } from "../workload/names.ts";
import { envoyFilterApi, networkingApi } from "../../../istio/object.ts";
import { istioNamespace } from "../../../topology/names.ts";
import { runningPods } from "../../cluster/pods.ts";
import { clockSkew } from "./clock-skew.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { clusterOf, type RunningLab } from "./running-lab.ts";
import { stageOf, type NodeZone } from "./scene.ts";

type Conditions = Pick<Result, "stack" | "platform" | "versions" | "machine" | "clusters" | "load">;

/**
 * Asked while the service still runs everywhere.
 * @param clients names of the clients that are going to ask
 */
export async function conditionsOf(
  lab: RunningLab,
  nodes: readonly NodeZone[],
  { rate, timeout }: LoadOptions,
  clients: readonly string[],
): Promise<Conditions> {
  const stage = stageOf(lab);
  const [first] = stage;
  if (first === undefined) throw new Error("stageOf promises a cluster");
  return {
    stack: lab.stack,
    platform: lab.platform.name,
    versions: {
      istio: lab.outputs.meshVersion,
      envoy: await envoyVersion(clusterOf(lab, first.name)),
      k6: k6Image.replace(/^.*:/, ""),
      lab: labVersion(),
    },
    machine: machine(),
    clusters: stage.map(({ name, region, network, roles }) => {
      const own = nodes.filter(({ cluster }) => cluster === name);
      const kubernetes = lab.outputs.clusters[name]?.kubernetesVersion ?? "";
      const zones = [...new Set(own.map(({ zone }) => zone))].sort();
      return { name, region, network, roles, kubernetes, nodes: own.length, zones };
    }),
    load: { rate, timeout, clients, skew: await skews(lab, clients) },
  };
}

/** On the local cloud everything runs on one machine, by one clock. */
async function skews(lab: RunningLab, clients: readonly string[]): Promise<Result["load"]["skew"]> {
  if (lab.platform.oneClock) return {};
  const inClusters = [...lab.clusters.values()].filter(({ name }) => clients.includes(name));
  return Object.fromEntries(
    await Promise.all(inClusters.map(async (cluster) => [cluster.name, await clockSkew(cluster)] as const)),
  );
}

/** `1.37.0`, out of `<commit>/1.37.0/Clean/RELEASE/BoringSSL`. */
async function envoyVersion(cluster: Cluster): Promise<string> {
  const [pod] = await runningPods(cluster, namespace, `app=${server}`);
  if (pod === undefined) return "";
  const at = { namespace, pod: pod.name, container: "istio-proxy" };
  const text = await cluster.exec(at, ["pilot-agent", "request", "GET", "server_info"]);
  const { version } = JSON.parse(text) as { version: string };
  return version.split("/")[1] ?? version;
}

function labVersion(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function machine(): Result["machine"] {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? "",
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
  };
}

/** As the API servers have it, without what they keep for themselves. */
export async function policyInForce(lab: RunningLab): Promise<PolicyObject[]> {
  const kinds = [
    { kind: "DestinationRule", apiVersion: networkingApi, namespace },
    { kind: "VirtualService", apiVersion: networkingApi, namespace },
    // Those of the root namespace hold for the whole mesh.
    { kind: "EnvoyFilter", apiVersion: envoyFilterApi, namespace: istioNamespace },
  ];
  const found = await Promise.all(
    [...lab.clusters.values()].flatMap((cluster) =>
      kinds.map(async ({ kind, apiVersion, namespace }) => {
        const objects = await cluster.list<{ spec: object }>(apiVersion, kind, { namespace });
        return objects.map(({ metadata: { name }, spec }) => ({ cluster: cluster.name, kind, namespace, name, spec }));
      }),
    ),
  );
  return found.flat();
}

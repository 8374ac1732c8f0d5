/** The sample that answers with its version: which cluster answers, and by which way. */
import assert from "node:assert/strict";
import { eventually, type Stack } from "./shell.ts";

export const helloUrl = "http://helloworld.helloworld:5000/hello";

/** The version of helloworld that a cluster runs, read from the cluster. */
export async function versionOf(stack: Stack, cluster: string): Promise<string> {
  const path = "jsonpath={.items[0].metadata.labels.version}";
  return (await stack.kubectl(cluster, `get deploy -n helloworld -o ${path}`)).trim();
}

/** A request from the client in a cluster is answered by helloworld of that version. */
export async function answers(stack: Stack, from: string, version: string): Promise<void> {
  const { status, body } = await stack.curl(from, helloUrl);
  assert.equal(status, 200);
  assert.match(body, new RegExp(`version: ${version}`));
}

/** As `answers`, ten times over, after it has come to hold. */
export async function alwaysAnswers(stack: Stack, from: string, version: string): Promise<void> {
  await eventually(60, () => answers(stack, from, version));
  for (let times = 0; times < 10; times++) await answers(stack, from, version);
}

/** Runs `during` while a cluster has no endpoint of its own, and brings its endpoints back whatever happens. */
export async function withoutLocalEndpoints(stack: Stack, cluster: string, during: () => Promise<void>): Promise<void> {
  const scale = (replicas: number) =>
    stack.kubectl(cluster, `scale -n helloworld deploy --all --replicas ${String(replicas)}`);
  await scale(0);
  try {
    await during();
  } finally {
    await scale(1);
    await stack.kubectl(cluster, "rollout status -n helloworld deploy --timeout 120s");
  }
}

/** Replaces the client of a cluster, and with it every connection that its proxy has open. */
export const newClient = (stack: Stack, cluster: string): Promise<void> => restart(stack, cluster, "curl");

/** Starts every workload of a namespace anew, and with it its proxies. */
export async function restart(stack: Stack, cluster: string, namespace: string): Promise<void> {
  await stack.kubectl(cluster, `rollout restart -n ${namespace} deploy`);
  await stack.kubectl(cluster, `rollout status -n ${namespace} deploy --timeout 180s`);
}

/** Connections that the pods of a cluster's east-west gateway have made to helloworld, for callers of other networks. */
export async function gatewayConnections(stack: Stack, cluster: string): Promise<number> {
  const pods = await stack.kubectl(
    cluster,
    "get pods -n istio-system -l istio=eastwestgateway -o jsonpath={.items[*].metadata.name}",
  );
  let total = 0;
  for (const pod of pods.trim().split(/\s+/)) {
    const hosts = await stack.kubectl(cluster, `exec -n istio-system ${pod} -- pilot-agent request GET clusters`);
    // Clusters named with underscores are those that a gateway chooses by a caller's SNI.
    const counted = hosts.matchAll(/^outbound_\.5000_\._\.helloworld\..*::cx_total::(\d+)$/gm);
    total += [...counted].reduce((sum, match) => sum + Number(match[1]), 0);
  }
  return total;
}

/** With no endpoint of its own a cluster is answered by the other, through that one's gateway; then by itself again. */
export async function failsOverThroughGateway(stack: Stack, from: string, to: string): Promise<void> {
  const local = await versionOf(stack, from);
  await withoutLocalEndpoints(stack, from, async () => {
    await newClient(stack, from);
    const before = await gatewayConnections(stack, to);
    await alwaysAnswers(stack, from, await versionOf(stack, to));
    assert.ok((await gatewayConnections(stack, to)) > before, `connections through the gateway of ${to}`);
  });
  await eventually(60, () => answers(stack, from, local));
}

/** With no endpoint of its own a cluster is answered by the other's pods, without a gateway; then by itself again. */
export async function failsOverDirectly(stack: Stack, from: string, to: string): Promise<void> {
  const local = await versionOf(stack, from);
  await alwaysAnswers(stack, from, local);
  await withoutLocalEndpoints(stack, from, async () => alwaysAnswers(stack, from, await versionOf(stack, to)));
  await eventually(60, () => answers(stack, from, local));
}

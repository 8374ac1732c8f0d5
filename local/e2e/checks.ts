/** What must hold of every stack on the local cloud, whatever its model. Each check says what it saw. */
import assert from "node:assert/strict";
import { eventually, type Stack } from "./shell.ts";
import { curlImage } from "../versions.ts";

/** What `istioctl analyze` may say, with the reason why it is right here. */
const allowed: readonly { readonly code: string; readonly about: RegExp; readonly because: string }[] = [
  { code: "IST0102", about: /./, because: "namespaces such as default and kube-system are not in the mesh" },
  {
    code: "IST0170",
    about: /^The service istio-eastwestgateway .* service ports are inconsistent/,
    because: "istiod's ports are open only where a remote needs them, and nobody calls this service by its name",
  },
];

interface IstioctlVersion {
  clientVersion: { version: string };
  meshVersion: { Info: { version: string } }[];
  /** `ID` is the pod's name and namespace. */
  dataPlaneVersion: { ID: string; IstioVersion: string }[];
}

/** Revisions of the control planes that istioctl is to ask; it finds one without a name by itself. */
type Revisions = readonly string[];
const unnamed: Revisions = ["default"];

async function istioctlVersion(stack: Stack, cluster: string, revisions: Revisions): Promise<IstioctlVersion> {
  const answers: IstioctlVersion[] = [];
  for (const revision of revisions)
    answers.push(JSON.parse(await stack.istioctl(cluster, `version -o json -r ${revision}`)) as IstioctlVersion);
  return {
    clientVersion: answers[0]?.clientVersion ?? assert.fail("a revision to ask"),
    meshVersion: answers.flatMap(({ meshVersion }) => meshVersion),
    dataPlaneVersion: answers.flatMap(({ dataPlaneVersion }) => dataPlaneVersion),
  };
}

/** istiods and proxies of a cluster are of just these versions. */
export async function versionsAre(
  stack: Stack,
  cluster: string,
  expected: { controlPlane: readonly string[]; dataPlane: readonly string[] },
  revisions = unnamed,
): Promise<void> {
  // Repeated, because for a moment istiod counts istioctl's own question before this as a proxy of unknown version.
  await eventually(60, async () => {
    const { meshVersion, dataPlaneVersion } = await istioctlVersion(stack, cluster, revisions);
    const seen = {
      controlPlane: [...new Set(meshVersion.map(({ Info }) => Info.version))].sort(),
      dataPlane: [...new Set(dataPlaneVersion.map(({ IstioVersion }) => IstioVersion))].sort(),
    };
    assert.deepEqual(seen, expected, `versions in ${cluster}`);
  });
}

/** istiod, every proxy and istioctl are of one version (`mesh.version` is the only place where one stands). */
export async function oneVersion(stack: Stack, cluster: string, revisions = unnamed): Promise<void> {
  const { clientVersion } = await istioctlVersion(stack, cluster, revisions);
  const only = [clientVersion.version];
  await versionsAre(stack, cluster, { controlPlane: only, dataPlane: only }, revisions);
}

/** Just these namespaces have proxies of another version than this. A gateway's old pods go on for a while, to drain. */
export async function staleProxiesAreIn(
  stack: Stack,
  cluster: string,
  version: string,
  namespaces: readonly string[],
  revisions = unnamed,
): Promise<void> {
  await eventually(90, async () => {
    const { dataPlaneVersion } = await istioctlVersion(stack, cluster, revisions);
    const stale = dataPlaneVersion.filter(({ IstioVersion }) => IstioVersion !== version);
    assert.deepEqual([...new Set(stale.map(({ ID }) => ID.replace(/^.*\./, "")))].sort(), namespaces);
  });
}

/**
 * Repeated, because a pod that is on its way out after an upgrade still has the proxy of before. Of no revision, since
 * for one, the default too, istioctl leaves the others' webhooks out and misses what they inject.
 */
export async function analyzeIsClean(stack: Stack, cluster: string): Promise<void> {
  await eventually(60, async () => {
    const text = await stack.istioctl(cluster, "analyze -A -o json --revision= --failure-threshold Error");
    const messages = JSON.parse(text || "[]") as { code: string; level: string; message: string }[];
    const unwanted = messages.filter(
      ({ code, message }) => !allowed.some((known) => known.code === code && known.about.test(message)),
    );
    assert.deepEqual(unwanted, []);
  });
}

/** Every proxy has accepted what its istiod last sent. */
export async function proxiesSynced(stack: Stack, cluster: string, revision = "default"): Promise<void> {
  await eventually(30, async () => {
    const table = (await stack.istioctl(cluster, `proxy-status -r ${revision}`)).trim().split("\n").slice(1);
    assert.ok(table.length > 0, "proxies are connected");
    for (const row of table) assert.doesNotMatch(row, /STALE|NOT SENT \(|ERROR|IGNORED.*ERROR/, row);
  });
}

/** One version of Istio, every proxy has what it was sent, and the analyzer has nothing to complain of. */
export async function healthy(stack: Stack, cluster: string): Promise<void> {
  await proxiesSynced(stack, cluster);
  await oneVersion(stack, cluster);
  await analyzeIsClean(stack, cluster);
}

/** A row for each cluster that an istiod of `cluster` reads, itself among them. */
async function remoteClusters(stack: Stack, cluster: string): Promise<string[]> {
  return (await stack.istioctl(cluster, "remote-clusters")).trim().split("\n").slice(1);
}

/** istiod of `cluster` has given up waiting until it has read all of `other`. */
export async function remoteTimesOut(stack: Stack, cluster: string, other: string): Promise<void> {
  await eventually(90, async () => {
    const rows = (await remoteClusters(stack, cluster)).filter((row) => row.split(/\s+/)[0] === other);
    assert.ok(rows.length > 0, `${other} is known in ${cluster}`);
    for (const row of rows) assert.match(row, /\btimeout\b/);
  });
}

/** istiod of `cluster` reads all the others. */
export async function remotesSynced(stack: Stack, cluster: string): Promise<void> {
  await eventually(60, async () => {
    const rows = await remoteClusters(stack, cluster);
    const synced = rows.filter((row) => /\bsynced\b/.test(row)).map((row) => row.split(/\s+/)[0]);
    for (const other of stack.clusters)
      assert.ok(synced.includes(other), `${other} synced in ${cluster}:\n${rows.join("\n")}`);
  });
}

/** Pods of an injected namespace carry a proxy, as sidecar container or as native sidecar. */
export async function injected(stack: Stack, cluster: string, namespace: string): Promise<void> {
  const pods = JSON.parse(await stack.kubectl(cluster, `get pods -n ${namespace} -o json`)) as {
    items: {
      metadata: { name: string };
      spec: { containers: { name: string }[]; initContainers?: { name: string }[] };
    }[];
  };
  assert.ok(pods.items.length > 0, `pods in ${namespace}`);
  for (const { metadata, spec } of pods.items) {
    const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
    assert.ok(names.includes("istio-proxy"), `${metadata.name} has ${names.join(", ")}`);
  }
}

const plain = "plain";

/** A client without a proxy speaks plain text and is refused under STRICT; the same client inside the mesh is not. */
export async function plaintextRefused(stack: Stack, cluster: string, url: string): Promise<void> {
  await stack.kubectl(cluster, `create namespace ${plain}`);
  try {
    await stack.kubectl(cluster, `create deployment curl -n ${plain} --image ${curlImage} -- /bin/sleep infinity`);
    await stack.kubectl(cluster, `rollout status -n ${plain} deploy/curl --timeout 60s`);
    const refused = await stack.curl(cluster, url, plain);
    assert.equal(refused.status, 0, `a plain client got ${String(refused.status)} from ${url}`);
    await eventually(20, async () => {
      assert.equal((await stack.curl(cluster, url)).status, 200, "a client in the mesh");
    });
  } finally {
    await stack.kubectl(cluster, `delete namespace ${plain} --wait=false`);
  }
}

/** Every proxy that fails over has what the EnvoyFilter asks for: a name in it that nothing bears would change nothing. */
export async function failoverFilterApplied(stack: Stack, cluster: string): Promise<void> {
  for (const proxy of ["-n curl deploy/curl -c istio-proxy", "-n istio-system deploy/istio-ingressgateway"]) {
    const dump = async (resource: string) =>
      stack.kubectl(cluster, `exec ${proxy} -- pilot-agent request GET config_dump?resource=${resource}`);
    const frequencies = [...(await dump("dynamic_route_configs")).matchAll(/"update_frequency": (\d+)/g)];
    assert.ok(frequencies.length > 0, `${proxy} has no route that leaves priorities`);
    assert.deepEqual([...new Set(frequencies.map(([, frequency]) => frequency))], ["1"], proxy);
    const windows = [...(await dump("dynamic_active_clusters")).matchAll(/"update_merge_window": "(\w+)"/g)];
    assert.deepEqual([...new Set(windows.map(([, window]) => window))], ["0s"], proxy);
  }
}

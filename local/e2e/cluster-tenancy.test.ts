import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { isWell } from "./commands.ts";
import { exercisesHold } from "./exercises.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { eventually, must, sh, Stack } from "./shell.ts";

const exported = "http://httpbin.blue.svc.cluster.local:8000";
/** The VPCs' blocks in stacks/cluster-tenancy.yaml: no address of the one may be known in the other. */
const blocks = { blue: /^10\.10\./, red: /^10\.20\./ } as const;
type Team = keyof typeof blocks;
const teams = ["blue", "red"] as const;

describe("[full] pulumi up --stack cluster-tenancy", function () {
  this.timeout(1_200_000);
  const stack = new Stack("cluster-tenancy");
  const ask = (cluster: Team, url: string) => stack.curl(cluster, url, cluster);
  const called = (url: string, status: number) =>
    eventually(60, async () => assert.equal((await ask("red", url)).status, status, url));
  const patch = (object: string, patched: object) =>
    stack.kubectl("blue", `patch ${object} --type merge -p '${JSON.stringify(patched)}'`);

  comesUp(stack, [...teams]);

  it("runs one version of Istio, synced, without a complaint of the analyzer", async () => {
    for (const cluster of teams) {
      await checks.healthy(stack, cluster);
      await checks.injected(stack, cluster, cluster);
    }
  });

  it("reads no other cluster, and nobody holds a token to do so", async () => {
    for (const cluster of teams) {
      assert.deepEqual(await readBy(stack, cluster), [cluster]);
      const secrets = await stack.kubectl(cluster, "get secrets -A -o name");
      assert.doesNotMatch(secrets, /remote-secret/);
    }
  });

  it("lets red call what blue exports, by its own name, as itself, and no other path", async () => {
    for (const path of ["/headers", "/status/200"]) await called(`${exported}${path}`, 200);
    await called(`${exported}/get`, 403);
    const { body } = await ask("red", `${exported}/headers`);
    assert.match(body, /spiffe:\/\/cluster\.local\/ns\/red\/sa\/curl/, "blue's workload knows who called");
  });

  it("knows nothing else of the other: neither Service, endpoint nor namespace", async () => {
    assert.deepEqual(await servicesOf(stack, "red", "blue"), ["httpbin.blue.svc.cluster.local"]);
    assert.deepEqual(await servicesOf(stack, "blue", "red"), []);
    for (const [cluster, other] of [teams, teams.toReversed()] as [Team, Team][]) {
      const addresses = await endpoints(stack, cluster);
      assert.ok(addresses.some((address) => blocks[cluster].test(address)));
      assert.deepEqual(
        addresses.filter((address) => blocks[other].test(address)),
        [],
      );
      assert.doesNotMatch(await stack.kubectl(cluster, "get namespaces -o name"), new RegExp(`/${other}$`, "m"));
    }
  });

  it("has a gateway where something is exported, and nowhere else", async () => {
    assert.notEqual(await gatewayOf(stack, "blue"), undefined);
    assert.equal(await gatewayOf(stack, "red"), undefined);
  });

  it("opens the gateway to the exported service alone; controls: each wall behind it is one", async () => {
    const gateway = "gateways.networking.istio.io -n istio-system cross-network-gateway";
    const spec = JSON.parse(await stack.kubectl("blue", `get ${gateway} -o jsonpath={.spec}`)) as {
      servers: [object];
    };
    const [service, annotation] = ["service -n blue helloworld", "networking.istio.io/exportTo"];
    const told = (to: string) => patch(service, { metadata: { annotations: { [annotation]: to } } });
    const hello = "http://helloworld.intruder:5000/hello";
    // What red would write if it administered its own mesh: entries for what blue exports, and for what it keeps.
    const eastWestHostname = await stack.outputOf("blue", "eastWestHostname");
    await must(`kubectl --kubeconfig ${stack.kubeconfig("red")} apply -f - <<'YAML'
${intruder(eastWestHostname, "httpbin", 8000)}
${intruder(eastWestHostname, "helloworld", 5000)}
YAML`);
    try {
      await called("http://httpbin.intruder:8000/headers", 200);
      await called(hello, 503);
      await patch(gateway, { spec: { servers: [{ ...spec.servers[0], hosts: ["*.local"] }] } });
      await stays(5, () => called(hello, 503));
      // With the gateway open and told of the Service, blue's own policies are what refuses.
      await told("*");
      await called(hello, 403);
      await stack.kubectl("blue", "delete authorizationpolicy -n blue default-deny callers");
      await called(hello, 200);
    } finally {
      await patch(gateway, { spec });
      await told(".");
      await stack.kubectl("red", "delete serviceentry,destinationrule -n istio-system -l lab/intruder");
    }
    await stack.pulumi("up --yes --refresh");
    await called(`${exported}/get`, 403);
    await called(`${exported}/headers`, 200);
  });

  it("control: a remote secret is what would show red all of blue, Secrets included", async () => {
    const secret = await stack.istioctl("blue", "create-remote-secret --name blue");
    await must(`kubectl --kubeconfig ${stack.kubeconfig("red")} apply -f - <<'YAML'\n${secret}\nYAML`);
    await eventually(60, async () => assert.deepEqual(await readBy(stack, "red"), ["blue", "red"]));
    const reader = "--as system:serviceaccount:istio-system:istio-reader-service-account";
    assert.match(await stack.kubectl("blue", `${reader} get secrets -A -o name`), /cacerts/);
    await stack.kubectl("red", "delete secret -n istio-system istio-remote-secret-blue");
    await eventually(60, async () => assert.deepEqual(await readBy(stack, "red"), ["red"]));
    const token = "istio-reader-service-account-istio-remote-secret-token";
    await stack.kubectl("blue", `delete secret -n istio-system ${token}`);
  });

  it("[full] is well in the eyes of status", () => isWell(stack));

  exercisesHold("cluster-tenancy");

  goesAway(stack);
});

/** Clusters whose API servers the istiod of one reads, sorted; its own is among them. */
async function readBy(stack: Stack, cluster: string): Promise<string[]> {
  const rows = (await stack.istioctl(cluster, "remote-clusters")).trim().split("\n").slice(1);
  return rows.map((row) => row.split(/\s+/)[0] ?? "").sort();
}

/** Services of a tenant that the client in another's cluster is told of. */
async function servicesOf(stack: Stack, cluster: Team, tenant: Team): Promise<string[]> {
  const known = await proxyConfig(stack, cluster, "clusters");
  return [...new Set(known.match(new RegExp(`[a-z]+\\.${tenant}\\.svc\\.cluster\\.local`, "g")))].sort();
}

/** Every address that the client in a cluster would send a request to. */
async function endpoints(stack: Stack, cluster: Team): Promise<string[]> {
  const known = await proxyConfig(stack, cluster, "endpoints");
  return [...known.matchAll(/"address": "(\d[\d.]+)"/g)].map((match) => match[1] ?? "");
}

async function proxyConfig(stack: Stack, cluster: Team, what: string): Promise<string> {
  const path = "jsonpath={.items[0].metadata.name}";
  const pod = (await stack.kubectl(cluster, `get pods -n ${cluster} -l app=curl -o ${path}`)).trim();
  return stack.istioctl(cluster, `proxy-config ${what} ${pod}.${cluster} -o json`);
}

async function gatewayOf(stack: Stack, cluster: Team): Promise<string | undefined> {
  return (await stack.outputsOf(cluster)).eastWestHostname;
}

/** Holds now, and still does after some seconds. */
async function stays(seconds: number, check: () => Promise<unknown>): Promise<void> {
  await check();
  await sh(`sleep ${String(seconds)}`);
  await check();
}

function intruder(gateway: string, service: string, port: number): string {
  return `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: intruder-${service}, namespace: istio-system, labels: { lab/intruder: "yes" } }
spec:
  hosts: [${service}.intruder]
  location: MESH_INTERNAL
  resolution: DNS
  ports: [{ number: ${String(port)}, name: http, protocol: HTTP }]
  endpoints: [{ address: ${gateway}, ports: { http: 15443 } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: intruder-${service}, namespace: istio-system, labels: { lab/intruder: "yes" } }
spec:
  host: ${service}.intruder
  trafficPolicy:
    tls: { mode: ISTIO_MUTUAL, sni: outbound_.${String(port)}_._.${service}.blue.svc.cluster.local }`;
}

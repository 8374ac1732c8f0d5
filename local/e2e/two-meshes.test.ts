import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { newClient } from "./hello.ts";
import { isWell } from "./commands.ts";
import { exercisesHold } from "./exercises.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { eventually, must, Stack } from "./shell.ts";

const imported = "http://helloworld.store.example:5000/hello";
const objects = "-n istio-system";

describe("[full] pulumi up --stack two-meshes", function () {
  this.timeout(1_200_000);
  const stack = new Stack("two-meshes");
  const apply = (cluster: string, yaml: string) =>
    must(`kubectl --kubeconfig ${stack.kubeconfig(cluster)} apply -f - <<'YAML'\n${yaml}\nYAML`);
  const patch = (cluster: string, object: string, spec: object) =>
    stack.kubectl(cluster, `patch ${objects} ${object} --type merge -p '${JSON.stringify({ spec })}'`);
  const specOf = async (cluster: string, object: string) =>
    JSON.parse(await stack.kubectl(cluster, `get ${objects} ${object} -o jsonpath={.spec}`)) as object;
  /** The mesh of west calls, as curl's account. */
  const called = (url: string, status: number, body?: RegExp) =>
    eventually(60, async () => {
      const answer = await stack.curl("west", url);
      assert.equal(answer.status, status, answer.body);
      if (body !== undefined) assert.match(answer.body, body);
    });

  comesUp(stack, ["east", "west"]);

  it("runs one version of Istio in each, synced, without a complaint of the analyzer", async () => {
    for (const cluster of stack.clusters) {
      await checks.healthy(stack, cluster);
      await checks.injected(stack, cluster, "helloworld");
    }
  });

  it("keeps the meshes apart: no istiod reads the other's cluster, each has a root of its own", async () => {
    const roots = new Set<string>();
    for (const cluster of stack.clusters) {
      assert.equal(await stack.kubectl(cluster, "get secret -A -l istio/multiCluster=true -o name"), "");
      roots.add(await stack.kubectl(cluster, "get configmap -n curl istio-ca-root-cert -o jsonpath={.data}"));
    }
    assert.equal(roots.size, 2);
  });

  it("answers in the other mesh under the exported name, from the pods of the mesh that has it", async () => {
    const pods = (await stack.kubectl("east", "get pods -n helloworld -o jsonpath={.items[*].metadata.name}")).split(
      " ",
    );
    await called(imported, 200);
    for (let times = 0; times < 10; times++) {
      const { status, body } = await stack.curl("west", imported);
      assert.equal(status, 200);
      assert.ok(pods.includes(/instance: (\S+)/.exec(body)?.[1] ?? ""), body);
    }
  });

  it("knows the caller by the identity of its own trust domain", async () => {
    const only = (principal: string) =>
      apply(
        "east",
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: only, namespace: helloworld }
spec: { rules: [{ from: [{ source: { principals: ["${principal}"] } }] }] }`,
      );
    try {
      await only("store.example/ns/curl/sa/curl");
      await called(imported, 403);
      await only("web.example/ns/curl/sa/curl");
      await called(imported, 200);
    } finally {
      await stack.kubectl("east", "delete authorizationpolicy -n helloworld only");
    }
  });

  it("talks to nobody but the account that it was told of, of the other trust domain", async () => {
    const rule = "destinationrule import-helloworld-store-example";
    const before = await specOf("west", rule);
    const meeting = async (identity: string) => {
      const tls = { ...(before as { trafficPolicy: { tls: object } }).trafficPolicy.tls, subjectAltNames: [identity] };
      await patch("west", rule, { trafficPolicy: { tls } });
    };
    try {
      // The same account, as the own mesh would have it.
      await meeting("spiffe://web.example/ns/helloworld/sa/helloworld");
      await called(imported, 503, /connection failure/);
    } finally {
      await meeting("spiffe://store.example/ns/helloworld/sa/helloworld");
    }
    await called(imported, 200);
  });

  it("reaches no other service: the gateway has no way to it, and behind the gateway it is refused", async () => {
    const sni = "outbound_.8000_._.httpbin.httpbin.svc.cluster.local";
    const other = "http://httpbin.store.example:8000/status/200";
    const gateway = "gateways.networking.istio.io cross-network-gateway";
    const policy = "authorizationpolicy only-exports-to-web";
    const [opened, allowed] = [await specOf("east", gateway), await specOf("east", policy)];
    await apply("west", await asIfExported(stack, sni));
    try {
      await called(other, 503);
      // Control: each wall is really one. Without the first the second refuses, without both it answers.
      const [server] = (opened as { servers: object[] }).servers;
      await patch("east", gateway, { servers: [{ ...server, hosts: ["*.local"] }] });
      await called(other, 403, /RBAC/);
      await patch("east", policy, {
        rules: [
          {
            from: [{ source: { principals: ["web.example/*"] } }],
            when: [{ key: "connection.sni", notValues: [sni] }],
          },
        ],
      });
      await called(other, 200);
    } finally {
      await patch("east", gateway, opened);
      await patch("east", policy, allowed);
      await stack.kubectl("west", `delete ${objects} serviceentry,destinationrule stranger`);
    }
    await called(imported, 200);
  });

  it("control: without the other mesh's root the handshake fails", async () => {
    try {
      await stack.upWith({ "meshes.1.values.istiod.meshConfig.caCertificates": [] });
      await newClient(stack, "west");
      await called(imported, 503, /connection failure/);
    } finally {
      await stack.pulumi("up --yes");
    }
    await newClient(stack, "west");
    await called(imported, 200);
  });

  it("[full] is well in the eyes of status", () => isWell(stack));

  exercisesHold("two-meshes");

  goesAway(stack);
});

/** What the calling mesh could write by itself to try for a service that it was not offered. */
async function asIfExported(stack: Stack, sni: string): Promise<string> {
  const gateway = await stack.outputOf("east", "eastWestHostname");
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: stranger, namespace: istio-system }
spec:
  hosts: [httpbin.store.example]
  location: MESH_INTERNAL
  ports: [{ number: 8000, name: http, protocol: HTTP }]
  resolution: DNS
  endpoints: [{ address: "${gateway}", ports: { http: 15443 } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: stranger, namespace: istio-system }
spec:
  host: httpbin.store.example
  trafficPolicy:
    tls: { mode: ISTIO_MUTUAL, sni: "${sni}", subjectAltNames: ["spiffe://store.example/ns/httpbin/sa/httpbin"] }`;
}

import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import * as commands from "./commands.ts";
import { inRegion, loseInAws } from "./ledger.ts";
import { exercisesHold } from "./exercises.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { curlFromOutside, eventually, must, Stack } from "./shell.ts";

describe("pulumi up --stack single", function () {
  this.timeout(900_000);
  const stack = new Stack("single");
  const cluster = "primary";

  comesUp(stack, ["primary"]);

  it("runs one version of Istio, synced, without a complaint of the analyzer", async () => {
    await checks.healthy(stack, cluster);
  });

  it("injects proxies", () => checks.injected(stack, cluster, "bookinfo"));

  it("answers through the ingress from outside", async () => {
    const host = await stack.outputOf(cluster, "ingressHostname");
    await eventually(60, async () => {
      const { status, body } = await curlFromOutside(`http://${host}/productpage`);
      assert.equal(status, 200);
      assert.match(body, /<title>Simple Bookstore App<\/title>/);
    });
    assert.equal((await curlFromOutside(`http://${host}/nowhere`)).status, 404);
  });

  it("refuses a plaintext client", () =>
    checks.plaintextRefused(stack, cluster, "http://productpage.bookinfo:9080/productpage"));

  /** A server outside the mesh that answers everybody, and a request of the client to it. */
  const outside = async () => {
    const host = new URL(await stack.apiServer(cluster)).hostname;
    return { host, request: () => stack.curl(cluster, `-k https://${host}/healthz`) };
  };
  const declareOnly = (host: string) =>
    stack.upWith({ "mesh.outboundTrafficPolicy": "REGISTRY_ONLY", serviceEntries: [tlsHost(host)] });

  it("blocks an undeclared host under REGISTRY_ONLY and lets a declared one through", async () => {
    const { host, request } = await outside();
    await eventually(20, async () => assert.equal((await request()).status, 200, "open to begin with"));
    // Another host is declared first, because REGISTRY_ONLY without any is refused by the planner.
    await declareOnly("other.example");
    await eventually(60, async () => assert.notEqual((await request()).status, 200, "undeclared"));
    await declareOnly(host);
    await eventually(60, async () => assert.equal((await request()).status, 200, "declared"));
  });

  it("sends requests to a declared host through the egress gateway: without its pods none passes", async () => {
    const { host, request } = await outside();
    const scale = (replicas: number) =>
      stack.kubectl(cluster, `scale -n istio-system deploy/istio-egressgateway --replicas ${String(replicas)}`);
    await declareOnly(host);
    await eventually(60, async () => assert.equal((await request()).status, 200, "with the gateway"));
    await scale(0);
    try {
      await eventually(60, async () => assert.equal((await request()).status, 0, "without the gateway"));
      for (let times = 0; times < 5; times++) assert.equal((await request()).status, 0, "without the gateway");
    } finally {
      await scale(1);
    }
    await stack.kubectl(cluster, "rollout status -n istio-system deploy/istio-egressgateway --timeout 120s");
    await eventually(60, async () => assert.equal((await request()).status, 200, "with the gateway again"));
  });

  it("control: without the route to the internet nobody outside gets an answer, and `up --refresh` mends it", async () => {
    const { ingressHostname, region } = await stack.outputsOf(cluster, "ingressHostname", "region");
    const page = () => curlFromOutside(`-m 3 http://${ingressHostname}/productpage`);
    assert.equal((await page()).status, 200);
    await loseInAws(await inRegion("aws:ec2/route:Route", region));
    await eventually(10, async () => assert.equal((await page()).status, 0));
    await stack.pulumi("up --refresh --yes");
    await eventually(30, async () => assert.equal((await page()).status, 200));
  });

  it("[full] lets a Gateway of any namespace open the ingress, unless PILOT_SCOPE_GATEWAY_TO_NAMESPACE is set", async () => {
    const host = "beside-the-application.example";
    const ingress = await stack.outputOf(cluster, "ingressHostname");
    // A path of its own, because the Gateway beside the pods takes every host.
    const status = async () => (await curlFromOutside(`-m 3 -H 'Host: ${host}' http://${ingress}/beside`)).status;
    await must(`kubectl --kubeconfig ${stack.kubeconfig(cluster)} apply -n bookinfo -f - <<'YAML'
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: beside-the-application }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["${host}"] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: beside-the-application }
spec:
  hosts: ["${host}"]
  gateways: [beside-the-application]
  http:
    - match: [{ uri: { exact: /beside } }]
      rewrite: { uri: /productpage }
      route: [{ destination: { host: productpage, port: { number: 9080 } } }]
YAML`);
    await eventually(60, async () => assert.equal(await status(), 200));
    await stack.upWith({ "mesh.values.istiod.env.PILOT_SCOPE_GATEWAY_TO_NAMESPACE": "true" });
    await eventually(60, async () => assert.equal(await status(), 404));
    assert.equal((await curlFromOutside(`http://${ingress}/productpage`)).status, 200, "the Gateway beside the pods");
    await stack.pulumi("up --yes");
    await eventually(60, async () => assert.equal(await status(), 200));
    await stack.kubectl(
      cluster,
      "delete gateway.networking.istio.io,virtualservice beside-the-application -n bookinfo",
    );
  });

  it("is well in the eyes of doctor and status, and in use in those of audit", () => commands.looksWell(stack));

  it("[full] is paused, and resumed", () => commands.pausesAndResumes(stack));

  it("[full] retrofits a namespace with sidecars, and takes them away", () => commands.retrofits(stack, cluster));

  exercisesHold("single");

  goesAway(stack);

  it("has left nothing, says audit", () => commands.leftNothing(stack));
});

function tlsHost(host: string) {
  return { name: "outside", hosts: [host], ports: [{ number: 443, name: "tls", protocol: "TLS" }], resolution: "DNS" };
}

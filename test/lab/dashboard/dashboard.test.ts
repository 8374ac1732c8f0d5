import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { dashboardOf, targetIn } from "../../../lab/dashboard/command.ts";
import { listen } from "../../../lab/dashboard/forward.ts";
import { loginOf, type PodObject, type ServiceObject, targetOf } from "../../../lab/dashboard/target.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { dashboardsOf } from "../../../istio/observability.ts";
import { fakeLab, FakeCluster } from "../experiment/fake-lab.ts";

const labels = { app: "kiali" };
const service = (namespace: string, ports: object[], name = "kiali"): ServiceObject =>
  ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, uid: name },
    spec: { selector: labels, ports },
  }) as never;
const pod = (name: string, ready: string, more: object = {}): PodObject => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "istio-system", uid: name, labels, ...more } },
  spec: { containers: [{ ports: [{ name: "api-port", containerPort: 20_001 }] }] },
  status: { phase: "Running", conditions: [{ type: "Ready", status: ready }] },
});
const kiali = service("istio-system", [
  { port: 9_090, targetPort: 9_090 },
  { port: 20_001, targetPort: "api-port" },
]);

describe("a dashboard", () => {
  it("is shown by a pod that is ready, at the port that the Service means", () => {
    const target = { namespace: "istio-system", pod: "kiali-2", port: 20_001 };
    assert.deepEqual(targetOf(kiali, [pod("kiali-1", "False"), pod("kiali-2", "True")], 20_001), target);
    const one = service("istio-system", [{ port: 80, targetPort: 3_000 }]);
    assert.equal(targetOf(one, [pod("kiali-2", "True")], 3_000)?.port, 3_000);
    assert.equal(targetOf(service("istio-system", [{ port: 9_090 }]), [pod("kiali-2", "True")], 1)?.port, 9_090);
  });

  it("is not shown by pods that are not ready, go, are another's or lack the port", () => {
    const others = [
      pod("kiali-1", "False"),
      pod("kiali-2", "True", { deletionTimestamp: "2026-11-28T00:00:00Z" }),
      pod("grafana-1", "True", { labels: { app: "grafana" } }),
      pod("kiali-3", "True", { namespace: "other" }),
    ];
    assert.equal(targetOf(kiali, others, 20_001), undefined);
    const named = service("istio-system", [{ port: 80, targetPort: "http" }]);
    assert.equal(targetOf(named, [pod("kiali-2", "True")], 80), undefined);
    const headless = { ...kiali, spec: { ports: [{ port: 80 }] } };
    assert.equal(targetOf(headless, [pod("kiali-2", "True")], 80), undefined, "a Service that selects nobody");
  });

  /** As it stands: what the program puts out, and no more. */
  const labOf = (stack: string) => {
    const lab = fakeLab({}, stack);
    const clusters = lab.plan.clusters.map((plan) => [plan.name, { dashboards: dashboardsOf(plan) }] as const);
    return { ...lab, outputs: { ...lab.outputs, clusters: Object.fromEntries(clusters) as never } };
  };

  it("is found in the stack's outputs, in the cluster that has it, and said to be nowhere", () => {
    const { cluster, dashboard } = dashboardOf("kiali", labOf("multi-observability"));
    assert.equal(cluster.name, "east");
    assert.deepEqual([dashboard.namespace, dashboard.service, dashboard.port], ["observability", "kiali", 20_001]);
    for (const [stack, only, where] of [
      ["multi", undefined, "east, west"],
      ["multi-observability", "west", "west"],
      ["single", undefined, "primary"],
    ] as const)
      assert.throws(
        () => dashboardOf("grafana", labOf(stack), only),
        (error) =>
          error instanceof UsageError &&
          error.message ===
            `There is no grafana in ${where}. ` +
              "The key `istio-lab:observability` of the stack file brings it; then: pulumi up",
      );
  });

  it("is shown by a pod of the Service that the outputs name, of no other", async () => {
    const { dashboard } = dashboardOf("kiali", labOf("single-observability"));
    const cluster = new FakeCluster("primary");
    cluster.put(kiali as never);
    cluster.put(pod("kiali-1", "True") as never);
    const said = /No pod of kiali is ready in primary\. .* kubectl --context primary -n observability get pods$/;
    await assert.rejects(targetIn(cluster, dashboard), said, "somebody's own is in istio-system");
    cluster.put(service("observability", [{ port: 20_001, targetPort: "api-port" }]) as never);
    await assert.rejects(targetIn(cluster, dashboard), said);
    cluster.put(pod("kiali-2", "True", { namespace: "observability" }) as never);
    assert.deepEqual(await targetIn(cluster, dashboard), { namespace: "observability", pod: "kiali-2", port: 20_001 });
  });

  it("says how to log in where one has to, and never what is secret", () => {
    const login = (name: "kiali" | "grafana" | "prometheus", stack: string) => {
      const { cluster, dashboard } = dashboardOf(name, labOf(stack));
      return loginOf(dashboard, cluster.name);
    };
    const one = "single-observability";
    assert.match(login("kiali", one) ?? "", /kubectl --context primary -n observability create token kiali$/);
    assert.match(login("grafana", one) ?? "", /the user is admin, .* -n observability get secret grafana/);
    assert.equal(login("prometheus", one), undefined);
    assert.equal(login("kiali", "multi-observability"), undefined, "there it is anonymous");
  });
});

describe("a port that leads to a pod", () => {
  class Answering extends FakeCluster {
    readonly asked: string[] = [];
    override forward(namespace: string, pod: string, port: number, connection: Duplex): Promise<void> {
      this.asked.push(`${namespace}/${pod}:${String(port)}`);
      connection.end("hello");
      return Promise.resolve();
    }
  }
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const read = async (socket: Socket): Promise<string> => {
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, "close");
    return text;
  };

  it("listens on this machine alone, and asks for the pod anew with each connection", async () => {
    const cluster = new Answering("east");
    let number = 0;
    const target = () => Promise.resolve({ namespace: "n", pod: `p-${String(++number)}`, port: 80 });
    const server = await listen({ cluster, target, port: 0, say });
    const { address, port } = server.address() as AddressInfo;
    assert.equal(address, "127.0.0.1");
    for (let times = 0; times < 2; times++) assert.equal(await read(connect(port, address)), "hello");
    assert.deepEqual(cluster.asked, ["n/p-1:80", "n/p-2:80"]);
    await assert.rejects(
      listen({ cluster, target, port, say }),
      (error) => error instanceof UsageError && /another program listens there/.test(error.message),
    );
    server.close();
  });

  it("says why a connection came to nothing, and goes on", async () => {
    const target = () => Promise.reject(new Error("No pod of kiali is ready in east."));
    const server = await listen({ cluster: new Answering("east"), target, port: 0, say });
    const { port } = server.address() as AddressInfo;
    assert.equal(await read(connect(port, "127.0.0.1")), "");
    assert.equal(said.at(-1), "No pod of kiali is ready in east.");
    assert.ok(server.listening);
    server.close();
  });
});

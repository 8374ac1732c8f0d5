import "./own-world.ts";
import assert from "node:assert/strict";
import { HealthChecker } from "../../cloud/load-balancer/checker.ts";
import type { Check, Finding } from "../../cloud/load-balancer/checker.ts";
import { isOurs, loadBalancerRequest } from "../../cloud/load-balancer/model.ts";
import type { EndpointSlice, Service } from "../../cloud/load-balancer/model.ts";
import { checksOf } from "../../cloud/load-balancer/health.ts";
import { balancer, instance, vpc } from "./snapshots.ts";

const settings = { clusterName: "east", region: "us-east-1", defaultTags: { lab: "x" } };
const on = (name: string): string => `service.beta.kubernetes.io/aws-load-balancer-${name}`;

function service(annotations: Record<string, string>, spec: Partial<Service["spec"]> = {}): Service {
  return {
    metadata: {
      name: "gw",
      namespace: "istio-system",
      uid: "u1",
      annotations: { [on("nlb-target-type")]: "ip", ...annotations },
    },
    spec: {
      type: "LoadBalancer",
      loadBalancerClass: "service.k8s.aws/nlb",
      ports: [{ name: "tls", port: 15443, protocol: "TCP" }],
      ...spec,
    },
  };
}

const slice: EndpointSlice = {
  metadata: { name: "gw-1", namespace: "istio-system" },
  ports: [{ name: "tls", port: 15443 }],
  endpoints: [
    { addresses: ["10.1.0.17"], conditions: { ready: true } },
    { addresses: ["10.1.0.18"], conditions: { ready: false } },
  ],
};

describe("a Service's load balancer request", () => {
  it("has the controller's defaults: internal, one zone's targets, TCP checks, 300 s", () => {
    const request = loadBalancerRequest(settings, service({}), [slice]);
    assert.deepEqual(request, {
      cluster: "east",
      region: "us-east-1",
      service: { namespace: "istio-system", name: "gw", uid: "u1" },
      scheme: "internal",
      crossZone: false,
      sourceRanges: [],
      tags: { lab: "x" },
      listeners: [
        {
          protocol: "TCP",
          port: 15443,
          targets: [{ ip: "10.1.0.17", port: 15443 }],
          idleTimeout: 350,
          preserveClientIp: false,
          deregistrationDelay: 300,
          healthCheck: {
            protocol: "TCP",
            port: "traffic-port",
            interval: 10,
            timeout: 10,
            healthyThreshold: 3,
            unhealthyThreshold: 3,
          },
        },
      ],
    });
  });

  it("follows the annotations of an Istio gateway", () => {
    const request = loadBalancerRequest(
      settings,
      service(
        {
          [on("scheme")]: "internet-facing",
          [on("attributes")]: "load_balancing.cross_zone.enabled=true",
          [on("healthcheck-protocol")]: "http",
          [on("healthcheck-port")]: "15021",
          [on("healthcheck-path")]: "/healthz/ready",
          [on("target-group-attributes")]: "preserve_client_ip.enabled=true,deregistration_delay.timeout_seconds=15",
          [on("listener-attributes.TCP-15443")]: "tcp.idle_timeout.seconds=3600",
        },
        { loadBalancerSourceRanges: ["198.18.5.0/24"] },
      ),
      [slice],
    );
    assert.deepEqual(
      [request.scheme, request.crossZone, request.sourceRanges],
      ["internet-facing", true, ["198.18.5.0/24"]],
    );
    const [listener] = request.listeners;
    assert.deepEqual(
      [listener?.idleTimeout, listener?.preserveClientIp, listener?.deregistrationDelay, listener?.healthCheck.port],
      [3600, true, 15, 15021],
    );
    assert.deepEqual([listener?.healthCheck.protocol, listener?.healthCheck.path], ["HTTP", "/healthz/ready"]);
  });

  it("refuses what it cannot do, instead of doing something else", () => {
    assert.throws(
      () => loadBalancerRequest(settings, service({ [on("nlb-target-type")]: "instance" }), []),
      /instance/,
    );
    assert.throws(
      () => loadBalancerRequest(settings, service({ [on("scheme")]: "public" }), []),
      /unknown scheme: public/,
    );
    assert.throws(() => loadBalancerRequest(settings, service({ [on("proxy-protocol")]: "*" }), []), /proxy-protocol/);
    assert.throws(() => loadBalancerRequest(settings, service({ [on("attributes")]: "x" }), []), /name=value/);
  });

  it("concerns Services of its class only", () => {
    assert.equal(isOurs(service({})), true);
    assert.equal(isOurs(service({}, { loadBalancerClass: "other" })), false);
    assert.equal(isOurs(service({}, { type: "ClusterIP" })), false);
    const { loadBalancerClass: _, ...unclassed } = service({}).spec;
    assert.equal(isOurs({ ...service({}), spec: unclassed }), false);
    assert.equal(isOurs({ ...service({ [on("type")]: "external" }), spec: unclassed }), true);
  });
});

describe("health checks", () => {
  /** Runs a checker whose probes give these results in turn; returns what it reports. */
  async function findings(health: Check["health"], results: boolean[]): Promise<Finding["health"][]> {
    const found: Finding["health"][] = [];
    let turn = 0;
    await new Promise<void>((resolve) => {
      const checker = new HealthChecker(
        (finding) => found.push(finding.health),
        () => {
          if (turn >= results.length) {
            checker.update([]);
            resolve();
          }
          return Promise.resolve(results[turn++] ?? false);
        },
      );
      const check = { protocol: "TCP", port: "traffic-port", interval: 0, timeout: 1 } as const;
      const thresholds = { healthyThreshold: 2, unhealthyThreshold: 3 };
      const target = { arn: "tg", ip: "10.0.0.1", port: 80, source: "10.0.0.2", health };
      checker.update([{ ...target, check: { ...check, ...thresholds } }]);
    });
    return found;
  }

  it("finds a new target healthy after one success", async () => {
    assert.deepEqual(await findings("initial", [true]), ["healthy"]);
    assert.deepEqual(await findings("initial", [false, false]), []);
  });

  it("changes its mind only after as many results in a row as the threshold says", async () => {
    assert.deepEqual(await findings("healthy", [false, false, true, false, false]), []);
    assert.deepEqual(await findings("healthy", [false, false, false]), ["unhealthy"]);
    assert.deepEqual(await findings("unhealthy", [true]), []);
    assert.deepEqual(await findings("unhealthy", [true, true, false, false, false]), ["healthy", "unhealthy"]);
  });

  it("come from the load balancer's address in the target's zone, and not to draining targets", () => {
    const snapshot = vpc(1);
    const [first, second] = [instance(snapshot, 0, 5), instance(snapshot, 1, 6)];
    balancer(snapshot, [
      { eni: first, port: 8080, health: "draining" },
      { eni: second, port: 8080, health: "initial" },
    ]);
    const checks = checksOf(snapshot, "vpc-00000001");
    assert.deepEqual(
      checks.map(({ ip, source }) => [ip, source]),
      [[second.privateIp, "10.1.1.250"]],
    );
  });
});

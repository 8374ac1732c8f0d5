import assert from "node:assert/strict";
import type * as networking from "@kubernetes-models/istio/networking.istio.io/v1";
import { gatewayService } from "../../istio/gateway-service.ts";
import type { KubernetesObject } from "../../istio/object.ts";
import { meshObjects } from "../../istio/objects.ts";
import { gatewayOf } from "../../istio/plan-queries.ts";
import { sampleObjects } from "../../istio/samples.ts";
import { sampleNames, type LabConfig } from "../../topology/schema.ts";
import { multi, planned } from "./plans.ts";
import { validate } from "./validate.ts";

function istioObjects(config: LabConfig, name: string): KubernetesObject[] {
  const { lab, cluster } = planned(config, name);
  return [
    ...meshObjects(lab, cluster),
    ...cluster.samples.flatMap((sample) => sampleObjects(lab, cluster, sample).routes),
  ];
}

const everything: LabConfig = {
  ...multi,
  gateways: { ingress: true, egress: true },
  mesh: { outboundTrafficPolicy: "REGISTRY_ONLY" },
  samples: [...sampleNames],
  serviceEntries: [
    {
      name: "example",
      hosts: ["example.com"],
      ports: [
        { number: 80, name: "http", protocol: "HTTP" },
        { number: 443, name: "tls", protocol: "TLS" },
      ],
      resolution: "DNS",
    },
    {
      name: "inside",
      hosts: ["inside.example.com"],
      ports: [{ number: 8080, name: "http", protocol: "HTTP" }],
      location: "MESH_INTERNAL",
      resolution: "STATIC",
      endpoints: [{ address: "10.10.0.7" }],
    },
  ],
};

const named = (objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject => {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  assert.equal(found.length, 1, `${kind} ${name} once`);
  return found[0] as KubernetesObject;
};

/** What the mesh's EnvoyFilter changes in routes: where, and which frequency it sets. */
function retryPatches(objects: readonly KubernetesObject[]): object[] {
  const { configPatches } = named(objects, "EnvoyFilter", "failover")["spec"] as unknown as {
    configPatches: { applyTo: string; match: object; patch: { value: RoutePatch } }[];
  };
  return configPatches
    .filter(({ applyTo }) => applyTo === "HTTP_ROUTE")
    .map(({ match, patch }) => ({ match, ...frequency(patch.value) }));
}

interface RoutePatch {
  readonly route: { readonly retry_policy: { readonly retry_priority: { readonly typed_config: object } } };
}

function frequency({ route }: RoutePatch): object {
  const { "@type": _, ...config } = route.retry_policy.retry_priority.typed_config as Record<string, unknown>;
  return config;
}

describe("Istio objects", () => {
  it("obey Istio's schema", () => {
    const objects = istioObjects(everything, "east");
    assert.ok(objects.length > 20);
    for (const object of objects) validate(object);
  });

  it("are held against a schema that objects to an unknown mode", () => {
    const [peerAuthentication] = istioObjects(multi, "east");
    assert.equal(peerAuthentication?.kind, "PeerAuthentication");
    assert.throws(() => validate({ ...peerAuthentication, spec: { mtls: { mode: "SOMETIMES" } } }));
  });

  it("are the same in every primary", () => {
    const kinds = (name: string) => istioObjects(multi, name).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    assert.deepEqual(kinds("east"), kinds("west"));
    assert.deepEqual(kinds("east"), [
      "PeerAuthentication default",
      "EnvoyFilter failover",
      "Gateway lab-ingress",
      "Gateway cross-network-gateway",
      "DestinationRule helloworld",
      "VirtualService helloworld",
      "VirtualService helloworld-ingress",
    ]);
  });

  it("eject the last local endpoint, or failover would never happen", () => {
    const rule = named(istioObjects(multi, "east"), "DestinationRule", "helloworld");
    assert.deepEqual(rule["spec"], {
      host: "helloworld.helloworld.svc.cluster.local",
      trafficPolicy: {
        connectionPool: {
          tcp: { connectTimeout: "500ms" },
          http: { h2UpgradePolicy: "UPGRADE", maxRequestsPerConnection: 100 },
        },
        loadBalancer: {
          localityLbSetting: {
            enabled: true,
            failover: [
              { from: "us-east-1", to: "us-west-2" },
              { from: "us-west-2", to: "us-east-1" },
            ],
          },
        },
        outlierDetection: {
          consecutive5xxErrors: 1,
          interval: "1s",
          baseEjectionTime: "1m",
          maxEjectionPercent: 100,
          minHealthPercent: 1,
        },
      },
    });
  });

  it("retry a broken connection, and in another region", () => {
    const service = named(istioObjects(multi, "east"), "VirtualService", "helloworld");
    const spec = service["spec"] as { http: { retries: { retryOn: string; retryRemoteLocalities: boolean } }[] };
    const retries = spec.http[0]?.retries;
    assert.ok(retries?.retryOn.split(",").includes("reset"));
    assert.equal(retries?.retryRemoteLocalities, true);
  });

  it("have every retry look for a priority anew, on the routes that retry in other regions and on no others", () => {
    const objects = istioObjects(multi, "east");
    const routes = ["helloworld", "helloworld-ingress"].map(
      (name) => (named(objects, "VirtualService", name)["spec"] as { http: { name?: string }[] }).http[0]?.name,
    );
    assert.deepEqual(routes, ["failover", "failover"]);
    assert.deepEqual(
      retryPatches(objects),
      ["SIDECAR_OUTBOUND", "GATEWAY"].map((context) => ({
        match: { context, routeConfiguration: { vhost: { route: { name: "failover" } } } },
        update_frequency: 1,
      })),
    );
  });

  it("say nothing else of retries where there are none, which Istio's webhook would refuse", () => {
    const objects = istioObjects({ ...multi, failover: { attempts: 0 } }, "east");
    const service = named(objects, "VirtualService", "helloworld");
    const spec = service["spec"] as { http: { name?: string; retries: object }[] };
    assert.deepEqual(spec.http[0]?.retries, { attempts: 0 });
    assert.equal(spec.http[0].name, undefined);
    assert.deepEqual(retryPatches(objects), []);
  });

  it("share requests by locality where asked, and then fail over no more", () => {
    const distribute = [{ from: "us-east-1/*", to: { "us-east-1/*": 80, "us-west-2/*": 20 } }];
    const objects = istioObjects({ ...multi, failover: { enabled: false, distribute } }, "west");
    const rule = named(objects, "DestinationRule", "helloworld");
    validate(rule);
    assert.deepEqual(rule["spec"], {
      host: "helloworld.helloworld.svc.cluster.local",
      trafficPolicy: { loadBalancer: { localityLbSetting: { enabled: true, distribute } } },
    });
  });

  it("need no failover where there is one cluster", () => {
    const kinds = istioObjects({ model: "single", samples: ["helloworld"] }, "primary").map(({ kind }) => kind);
    assert.deepEqual(kinds, ["PeerAuthentication", "Gateway", "VirtualService"]);
  });

  it("send declared outside hosts through the egress gateway, and inside ones directly", () => {
    const objects = istioObjects(everything, "east");
    assert.deepEqual(
      objects
        .filter(({ metadata }) => metadata.name.startsWith("egress-"))
        .map(({ kind, metadata }) => [kind, metadata.name]),
      [
        ["Gateway", "egress-example"],
        ["VirtualService", "egress-example"],
      ],
    );
    const { http, tls } = named(objects, "VirtualService", "egress-example")["spec"] as unknown as {
      http: { route: { destination: unknown }[] }[];
      tls: { route: { destination: unknown }[] }[];
    };
    const egress = "istio-egressgateway.istio-system.svc.cluster.local";
    assert.deepEqual(
      [...http, ...tls].map(({ route }) => route[0]?.destination),
      [
        { host: egress, port: { number: 80 } },
        { host: "example.com", port: { number: 80 } },
        { host: egress, port: { number: 443 } },
        { host: "example.com", port: { number: 443 } },
      ],
    );
  });
});

describe("a gateway's Service", () => {
  const service = (config: LabConfig, kind: "ingress" | "egress" | "east-west") => {
    const { cluster } = planned(config, "east");
    return gatewayService(cluster, gatewayOf(cluster, kind));
  };

  it("opens one port between networks, not istiod's", () => {
    const eastWest = service(multi, "east-west");
    assert.deepEqual(eastWest["spec"], {
      type: "LoadBalancer",
      loadBalancerClass: "service.k8s.aws/nlb",
      allocateLoadBalancerNodePorts: false,
      selector: { app: "istio-eastwestgateway", istio: "eastwestgateway" },
      ports: [{ name: "tls", port: 15443, targetPort: 15443, protocol: "TCP" }],
    });
    assert.equal(eastWest.metadata.labels?.["topology.istio.io/network"], "network-east");
  });

  it("asks for an internet-facing load balancer by name, because the controller's default is internal", () => {
    const annotations = service(multi, "ingress").metadata.annotations ?? {};
    const prefix = "service.beta.kubernetes.io/aws-load-balancer-";
    assert.equal(annotations[`${prefix}scheme`], "internet-facing");
    assert.equal(annotations[`${prefix}nlb-target-type`], "ip");
    assert.equal(annotations[`${prefix}healthcheck-port`], "15021");
    assert.equal(annotations[`${prefix}listener-attributes.TCP-443`], "tcp.idle_timeout.seconds=3600");
    assert.equal(service(multi, "ingress").metadata.labels?.["topology.istio.io/network"], undefined);
  });

  it("keeps to the sources that are allowed", () => {
    const narrow = service({ ...multi, ingress: { sourceRanges: ["198.51.100.0/24"] } }, "ingress");
    assert.deepEqual((narrow["spec"] as Record<string, unknown>)["loadBalancerSourceRanges"], ["198.51.100.0/24"]);
  });

  it("is inside the cluster only for egress", () => {
    const egress = service(everything, "egress");
    assert.equal((egress["spec"] as Record<string, unknown>)["type"], "ClusterIP");
    assert.equal(egress.metadata.annotations, undefined);
  });
});

describe("the type of an Istio object", () => {
  it("knows no field that Istio does not know", () => {
    // The type check is the test: were an unknown field allowed, `@ts-expect-error` itself would be the error.
    const spec = {
      selector: { istio: "ingressgateway" },
      // @ts-expect-error a Gateway has no such field
      hosts: ["*"],
    } satisfies networking.IGateway["spec"];
    assert.ok(spec);
  });
});

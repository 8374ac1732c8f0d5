import { gatewayApi, type KubernetesObject } from "../../../istio/object.ts";
import { exercise } from "../exercise.ts";
import { clientIn, meshed, sample, spaceOf } from "../ground.ts";
import { caller, outcome, overTls, tlsSecret } from "../entrance.ts";
import { apply, reference } from "../step.ts";

const space = spaceOf("gateway-api");
const beyond = spaceOf("gateway-api", "outside");
const host = "shop.example";
const name = "shop";

/** istiod makes pods and a Service for it; inside the cluster, so that nobody pays for a load balancer. */
const gateway: KubernetesObject = {
  apiVersion: gatewayApi,
  kind: "Gateway",
  metadata: { name, namespace: space, annotations: { "networking.istio.io/service-type": "ClusterIP" } },
  spec: {
    gatewayClassName: "istio",
    listeners: [
      { name: "http", port: 80, protocol: "HTTP", hostname: host },
      { name: "https", port: 443, protocol: "HTTPS", hostname: host, tls: { certificateRefs: [{ name }] } },
    ],
  },
};

const route: KubernetesObject = {
  apiVersion: gatewayApi,
  kind: "HTTPRoute",
  metadata: { name, namespace: space },
  spec: {
    parentRefs: [{ name }],
    hostnames: [host],
    rules: [
      {
        matches: [{ path: { type: "Exact", value: "/hostname" } }],
        backendRefs: [{ name: "httpbin", port: 8000 }],
      },
    ],
  },
};

export const gatewayApiExercise = exercise({
  name: "gateway-api",
  title: "The same entrance in Kubernetes' own words: a Gateway that brings its pods, an HTTPRoute, and TLS",
  stack: "single",
  needs: { definitions: ["gateways.gateway.networking.k8s.io", "httproutes.gateway.networking.k8s.io"] },
  namespaces: [space, beyond],
  start: async (stage, eye) =>
    apply(
      stage.near.name,
      meshed(stage, stage.near, space),
      ...sample(stage, stage.near, "httpbin", space),
      tlsSecret(reference("v1", "Secret", name, space), await eye.issue(stage.near.name, host)),
      ...caller(stage, beyond),
    ),
  async observe({ near }, eye) {
    const from = clientIn(near, beyond);
    const at = `${name}-istio.${space}`;
    const url = `http://${at}`;
    const [gateways, routes, services] = await Promise.all([
      eye.list(near.name, gatewayApi, "Gateway", { namespace: space }),
      eye.list(near.name, gatewayApi, "HTTPRoute", { namespace: space }),
      eye.list<{ spec: { type?: string } }>(near.name, "v1", "Service", { namespace: space }),
    ]);
    const [reached] = await eye.call({ from, url: `${url}/hostname`, headers: [`Host: ${host}`] });
    const [hidden] = await eye.call({ from, url: `${url}/status/200`, headers: [`Host: ${host}`] });
    const [secured] = await eye.call({ from, ...overTls(host, "/hostname", at) });
    return {
      named: gateways.some(({ metadata }) => metadata.name === name),
      routed: routes.length > 0,
      balanced: services.some(({ spec }) => spec.type === "LoadBalancer"),
      reached: reached?.status,
      hidden: hidden?.status,
      secured,
    };
  },
  judge: ({ named, routed, balanced, reached, hidden, secured }) => [
    [
      named,
      `There is no Gateway "${name}" of ${gatewayApi} in ${space}. Istio has a kind of that name too: look at the group.`,
    ],
    [
      !balanced,
      "The Gateway has got a load balancer of its own, which AWS would want to be paid for. An annotation says what its Service is to be.",
    ],
    [routed, `There is no HTTPRoute in ${space}: what has the place of the VirtualService here?`],
    [
      reached === 200,
      `http://${host}/hostname is answered with ${String(reached ?? 0)} at the Service ${name}-istio. What does the status of Gateway and HTTPRoute say?`,
    ],
    [hidden === 404, `Only /hostname is to be reached, and /status/200 is answered with ${String(hidden ?? 0)}.`],
    [
      secured?.status === 200,
      `https://${host}/hostname gets ${outcome(secured)} at the Service ${name}-istio. A Gateway may have several listeners: which port, protocol and Secret does the second have?`,
    ],
  ],
  solve: ({ near }) => apply(near.name, gateway, route),
});

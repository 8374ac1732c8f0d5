import { gatewayApi } from "../../../../istio/object.ts";
import { tlsSecret } from "../../../../lab/exercise/entrance.ts";
import { gateway } from "../../../../lab/exercise/ground.ts";
import { gatewayApiExercise } from "../../../../lab/exercise/set/gateway-api.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { edit, tries } from "../trial.ts";
import type { Caller, PodCluster } from "../world.ts";

const [space = ""] = gatewayApiExercise.namespaces;
const ofGateway = reference(gatewayApi, "Gateway", "shop", space);
const ofRoute = reference(gatewayApi, "HTTPRoute", "shop", space);
const secret = reference("v1", "Secret", "shop", space);

interface GatewaySpec {
  readonly listeners: readonly {
    readonly port: number;
    readonly protocol: string;
    readonly tls?: { readonly certificateRefs: readonly { readonly name: string }[] };
  }[];
}
interface RouteSpec {
  readonly hostnames: readonly string[];
  readonly rules: readonly {
    readonly matches: readonly { readonly path: { readonly type: string; readonly value: string } }[];
    readonly backendRefs: readonly { readonly name: string; readonly port: number }[];
  }[];
}

/** The status of a path: 404 where no route has it, 500 where what it leads to is not there. */
function routed(near: PodCluster, path: string): number {
  const spec = near.objectOf(ofRoute)?.["spec"] as RouteSpec | undefined;
  const rule = spec?.hostnames.includes("shop.example")
    ? spec.rules.find(({ matches }) =>
        matches.some(({ path: { type, value } }) => (type === "Exact" ? path === value : path.startsWith(value))),
      )
    : undefined;
  if (rule === undefined) return 404;
  const [backend] = rule.backendRefs;
  return near.objects.has(`Service ${space}/${backend?.name ?? ""}`) ? 200 : 500;
}

/** As the pods of a Gateway answer that istiod makes for it. */
const mesh: Caller = ({ url, options = [], headers = [] }, { near }) => {
  const made = near.objectOf(ofGateway);
  if (made?.["apiVersion"] !== gatewayApi) return 0;
  const { listeners } = made["spec"] as GatewaySpec;
  const path = new URL(url).pathname;
  if (url.startsWith(`http://shop-istio.${space}/`) && headers.includes("Host: shop.example"))
    return listeners.some(({ port, protocol }) => port === 80 && protocol === "HTTP") ? routed(near, path) : 0;
  if (options[1] !== `shop.example:443:shop-istio.${space}:443`) return 0;
  const secured = listeners.find(({ port, protocol }) => port === 443 && protocol === "HTTPS");
  if (secured === undefined) return { status: 0, failure: 7 };
  const shown = near.objectOf({
    ...secret,
    metadata: { namespace: space, name: secured.tls!.certificateRefs[0]!.name },
  });
  if (shown === undefined) return { status: 0, failure: 35 };
  const { "tls.crt": chain } = shown["data"] as { "tls.crt": string };
  const believed = Buffer.from(chain, "base64").toString() === "certificate of shop.example";
  return believed ? routed(near, path) : { status: 0, failure: 60 };
};

const rule = (path: { type: string; value: string }, backend: string) => ({
  spec: { rules: [{ matches: [{ path }], backendRefs: [{ name: backend, port: 8000 }] }] },
});
const http = { name: "http", port: 80, protocol: "HTTP", hostname: "shop.example" };
const hostname = { type: "Exact", value: "/hostname" };

tries(gatewayApiExercise, {
  furnish: ({ near }) => {
    for (const kind of ["gateways", "httproutes"])
      near.put(reference("apiextensions.k8s.io/v1", "CustomResourceDefinition", `${kind}.gateway.networking.k8s.io`));
  },
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "with Istio's own Gateway",
      steps: ({ near }) => [
        ...remove(near.name, ofGateway),
        ...apply(
          near.name,
          gateway(space, "shop", {
            selector: { istio: "ingressgateway" },
            servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["shop.example"] }],
          }),
        ),
      ],
      says: /^There is no Gateway "shop" of gateway\.networking\.k8s\.io\/v1/,
    },
    {
      title: "without a route",
      steps: ({ near }) => remove(near.name, ofRoute),
      says: /^There is no HTTPRoute.*\n.*is answered with 404/,
    },
    {
      title: "with a route for another host",
      steps: ({ near }) => [edit(near, ofRoute, { spec: { hostnames: ["example.com"] } })],
      says: /^http:\/\/shop\.example\/hostname is answered with 404 at the Service shop-istio/,
    },
    {
      title: "with a load balancer of its own",
      steps: ({ near }) => [
        edit(near, ofGateway, { metadata: { annotations: { "networking.istio.io/service-type": null } } }),
        // Which istiod makes of that.
        ...apply(near.name, {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "shop-istio", namespace: space },
          spec: { type: "LoadBalancer" },
        }),
      ],
      says: /^The Gateway has got a load balancer of its own/,
    },
    {
      title: "with every path open",
      steps: ({ near }) => [edit(near, ofRoute, rule({ type: "PathPrefix", value: "/" }, "httpbin"))],
      says: /Only \/hostname is to be reached, and \/status\/200 is answered with 200/,
    },
    {
      title: "by the Deployment's name in the place of the Service's",
      steps: ({ near }) => [edit(near, ofRoute, rule(hostname, "httpbin-v1"))],
      says: /^http:\/\/shop\.example\/hostname is answered with 500 at the Service/,
    },
    {
      title: "without a listener for TLS",
      steps: ({ near }) => [edit(near, ofGateway, { spec: { listeners: [http] } })],
      says: /^https:\/\/shop\.example\/hostname gets no answer \(curl's exit code 7\)/,
    },
    {
      title: "with a Secret that is not there",
      steps: ({ near }) => {
        const https = { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "shop-tls" }] } };
        return [edit(near, ofGateway, { spec: { listeners: [http, https] } })];
      },
      says: /^https:\/\/shop\.example\/hostname gets no answer \(curl's exit code 35\)/,
    },
    {
      title: "with a certificate of another authority",
      steps: ({ near }) => apply(near.name, tlsSecret(secret, { chain: "signed by itself", key: "its key" })),
      says: /no answer \(curl's exit code 60\) at the Service shop-istio/,
    },
  ],
});

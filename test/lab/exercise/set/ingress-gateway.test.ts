import { networkingApi } from "../../../../istio/object.ts";
import { answers, gateway } from "../../../../lab/exercise/ground.ts";
import { ingressGateway } from "../../../../lab/exercise/set/ingress-gateway.ts";
import { apply, reference } from "../../../../lab/exercise/step.ts";
import { enters, inTurns, requestOf } from "../mesh.ts";
import { edit, tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [space = "", beyond = ""] = ingressGateway.namespaces;

/** As the ingress answers who calls it from outside. */
const mesh: Caller = (call, { near }) => {
  const { url, from, headers } = call;
  if (from.namespace !== beyond || headers?.[0] !== "Host: shop.example") return 0;
  if (!url.startsWith("http://istio-ingressgateway.istio-system.svc.cluster.local/")) return 0;
  const taken = enters(near, "ingressgateway", requestOf(call))?.taken;
  if (taken === undefined) return 404;
  const [to] = inTurns(taken);
  return to?.host === "httpbin" && (to.port?.number ?? 8000) === 8000 ? 200 : 503;
};

const route = reference(networkingApi, "VirtualService", "shop", space);
const lets =
  (host: string, selector = { istio: "ingressgateway" }) =>
  ({ near }: World) =>
    apply(
      near.name,
      gateway(space, "shop", {
        selector,
        servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: [host] }],
      }),
    );
const paths = (uri: object, port = 8000) => [
  { match: [{ uri }], route: [{ destination: { host: "httpbin", port: { number: port } } }] },
];

tries(ingressGateway, {
  before: { call: mesh },
  solved: { call: mesh },
  right: ["./shop.example", "*/shop.example", `${space}/shop.example`].map((host) => ({
    title: `by ${host}`,
    steps: lets(host),
  })),
  wrong: [
    {
      title: "with a Gateway for another host",
      steps: lets("other.example"),
      says: /^No Gateway in exercise-ingress-gateway lets shop\.example in.*\n.*is answered with 404/,
    },
    {
      title: "with a Gateway for the pods of the egress",
      steps: lets("shop.example", { istio: "egressgateway" }),
      says: /^From outside http:\/\/shop\.example\/hostname is answered with 404/,
    },
    {
      title: "with a route that names no Gateway",
      steps: ({ near }) => [edit(near, route, { spec: { gateways: null } })],
      says: /^From outside http:\/\/shop\.example\/hostname is answered with 404/,
    },
    {
      title: "with a route for every path",
      steps: ({ near }) => [edit(near, route, { spec: { http: paths({ prefix: "/" }) } })],
      says: /only \/hostname is to be reached, and \/status\/200 is answered with 200/,
    },
    {
      title: "with a port that the Service does not have",
      steps: ({ near }) => [edit(near, route, { spec: { http: paths({ exact: "/hostname" }, 8080) } })],
      says: /^From outside http:\/\/shop\.example\/hostname is answered with 503/,
    },
    {
      title: "in the belief that the setting changes nothing",
      steps: ({ near }) => apply(near.name, answers(space, { scoped: "yes" })),
      says: /^"scoped" in the ConfigMap "answers" is not right/,
    },
  ],
});

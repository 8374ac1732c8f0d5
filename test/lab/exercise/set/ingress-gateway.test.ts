import { answers, gateway } from "../../../../lab/exercise/ground.ts";
import { ingressGateway } from "../../../../lab/exercise/set/ingress-gateway.ts";
import { apply } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [space = "", beyond = ""] = ingressGateway.namespaces;

const sees =
  (hostname: number, status = 404): Caller =>
  ({ url, from, headers }, { near }) => {
    if (from.namespace !== beyond || headers?.[0] !== "Host: shop.example") return 0;
    if (!near.objects.has(`VirtualService ${space}/shop`)) return 404;
    return url === "http://istio-ingressgateway.istio-system.svc.cluster.local/hostname" ? hostname : status;
  };

tries(ingressGateway, {
  before: { call: sees(200) },
  solved: { call: sees(200) },
  right: ["./shop.example", "*/shop.example", `${space}/shop.example`].map((host) => ({
    title: `by ${host}`,
    steps: ({ near }: World) =>
      apply(
        near.name,
        gateway(space, "shop", {
          selector: { istio: "ingressgateway" },
          servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: [host] }],
        }),
      ),
  })),
  wrong: [
    {
      title: "with a Gateway for another host",
      steps: ({ near }) =>
        apply(
          near.name,
          gateway(space, "shop", {
            selector: { istio: "ingressgateway" },
            servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["other.example"] }],
          }),
        ),
      sight: { call: sees(404) },
      says: /^No Gateway in exercise-ingress-gateway lets shop\.example in/,
    },
    {
      title: "with a route that names no Gateway",
      sight: { call: sees(404) },
      says: /^From outside http:\/\/shop\.example\/hostname is answered with 404/,
    },
    { title: "with a route for every path", sight: { call: sees(200, 200) }, says: /only \/hostname is to be reached/ },
    {
      title: "in the belief that the setting changes nothing",
      steps: ({ near }) => apply(near.name, answers(space, { scoped: "yes" })),
      says: /^"scoped" in the ConfigMap "answers" is not right/,
    },
  ],
});

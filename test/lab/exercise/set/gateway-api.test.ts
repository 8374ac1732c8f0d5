import { gatewayApi } from "../../../../istio/object.ts";
import { gatewayApiExercise } from "../../../../lab/exercise/set/gateway-api.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import type { Caller } from "../world.ts";

const [space = ""] = gatewayApiExercise.namespaces;

const sees =
  (hostname: number, status = 404, tls: number | { status: 0; failure: number } = 200): Caller =>
  ({ url, options = [] }, { near }) => {
    if (!near.objects.has(`HTTPRoute ${space}/shop`)) return 0;
    if (url === "https://shop.example/hostname")
      return options[1] === `shop.example:443:shop-istio.${space}:443` ? tls : 0;
    return url === `http://shop-istio.${space}/hostname` ? hostname : status;
  };

tries(gatewayApiExercise, {
  furnish: ({ near }) => {
    for (const kind of ["gateways", "httproutes"])
      near.put(reference("apiextensions.k8s.io/v1", "CustomResourceDefinition", `${kind}.gateway.networking.k8s.io`));
  },
  before: { call: sees(200) },
  solved: { call: sees(200) },
  wrong: [
    {
      title: "with Istio's own Gateway",
      steps: ({ near }) => [
        ...remove(near.name, reference(gatewayApi, "Gateway", "shop", space)),
        ...apply(near.name, {
          apiVersion: "networking.istio.io/v1",
          kind: "Gateway",
          metadata: { name: "shop", namespace: space },
        }),
      ],
      says: /^There is no Gateway "shop" of gateway\.networking\.k8s\.io\/v1/,
    },
    {
      title: "without a route",
      steps: ({ near }) => remove(near.name, reference(gatewayApi, "HTTPRoute", "shop", space)),
      says: /^There is no HTTPRoute/,
    },
    {
      title: "with a load balancer of its own",
      steps: ({ near }) =>
        apply(near.name, {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "shop-istio", namespace: space },
          spec: { type: "LoadBalancer" },
        }),
      says: /^The Gateway has got a load balancer of its own/,
    },
    { title: "with every path open", sight: { call: sees(200, 200) }, says: /Only \/hostname is to be reached/ },
    {
      title: "without a listener for TLS",
      sight: { call: sees(200, 404, { status: 0, failure: 7 }) },
      says: /^https:\/\/shop\.example\/hostname gets no answer \(curl's exit code 7\)/,
    },
    {
      title: "with a certificate of another authority",
      sight: { call: sees(200, 404, { status: 0, failure: 60 }) },
      says: /no answer \(curl's exit code 60\) at the Service shop-istio/,
    },
    { title: "where nobody is behind it", sight: { call: sees(503) }, says: /is answered with 503 at the Service/ },
  ],
});

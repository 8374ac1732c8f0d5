import type { KubernetesObject } from "../../../istio/object.ts";
import { exercise, type Stage } from "../exercise.ts";
import {
  answers,
  asked,
  clientIn,
  meshed,
  readAnswers,
  running,
  sample,
  spaceOf,
  specsIn,
  virtualService,
} from "../ground.ts";
import { apply } from "../step.ts";

const space = spaceOf("kiali-tour");
const at = (service: string, path: string): string => `http://${service}.${space}:8000${path}`;

/** Calls all three, again and again, so that there is something to see. */
function busy(stage: Stage): KubernetesObject[] {
  const urls = [at("front", "/status/200"), at("cart", "/status/500"), at("stock", "/status/200")];
  const script = `while :; do for url in ${urls.join(" ")}; do curl -s -o /dev/null --max-time 2 "$url"; done; sleep 0.2; done`;
  return running(script, sample(stage, stage.near, "curl", space));
}

const isStock = (host: string): boolean => host.split(".")[0] === "stock";

const route = (subset?: string) =>
  virtualService(space, "stock", {
    hosts: ["stock"],
    http: [{ route: [{ destination: { host: "stock", ...(subset === undefined ? {} : { subset }) } }] }],
  });

export const kialiTour = exercise({
  name: "kiali-tour",
  title: "Kiali: who calls whom, what fails, and which object is wrong",
  stack: "single-observability",
  needs: { service: "kiali" },
  notOnLocalCloud: "Kiali's image does not exist there, and Envoy counts no istio_requests_total",
  namespaces: [space],
  start: (stage) =>
    apply(
      stage.near.name,
      meshed(stage, stage.near, space),
      ...["front", "cart", "stock"].flatMap((as) => sample(stage, stage.near, "httpbin", space, { as })),
      route("v9"),
      ...busy(stage),
    ),
  async observe({ near }, eye) {
    const [stock] = await eye.call({ from: clientIn(near, space), url: at("stock", "/status/200") });
    const routes = await specsIn(eye, near, "VirtualService", space);
    return {
      given: await readAnswers(eye, near, space),
      stock: stock?.status,
      routed: routes.some(
        ({ hosts = [], http = [] }) =>
          hosts.some(isStock) &&
          http.some(({ route: to = [] }) => to.every(({ destination: { host } }) => isStock(host))),
      ),
    };
  },
  judge: ({ given, stock, routed }) => [
    asked(
      given,
      "failing",
      "cart",
      "It is to be the service whose application itself answers with errors: look at the response codes on the edges.",
    ),
    asked(
      given,
      "validation",
      "KIA1107",
      "It is to be the code, KIA and four digits, that Kiali shows at the object that is wrong.",
    ),
    [
      stock === 200,
      `stock still answers with ${String(stock ?? 0)}. Kiali marks the line of the object that is the reason.`,
    ],
    [routed, "The route to stock is to be mended, and to lead to stock: not to be removed."],
  ],
  solve: ({ near }) => apply(near.name, answers(space, { failing: "cart", validation: "KIA1107" }), route()),
});

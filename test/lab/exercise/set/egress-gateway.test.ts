import { networkingApi } from "../../../../istio/object.ts";
import { gateway, virtualService } from "../../../../lab/exercise/ground.ts";
import { egressGateway } from "../../../../lab/exercise/set/egress-gateway.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { type Destination, enters, inTurns, type Request, requestOf, routeOf } from "../mesh.ts";
import { tries } from "../trial.ts";
import { type PodCluster, type Sight, upstreamOf, type World } from "../world.ts";

const [space = ""] = egressGateway.namespaces;
const host = "partner.example";
const egress = "istio-egressgateway.istio-system.svc.cluster.local";
const leadsTo = (to: Destination, wanted: string, port: number) => to.host === wanted && to.port?.number === port;

/** What becomes of a request that the egress gateway is sent. */
function atGateway(near: PodCluster, request: Request): { status: number; passed?: true } {
  const entered = enters(near, "egressgateway", { ...request, port: 80 });
  if (entered === undefined) return { status: 503 };
  if (entered.taken === undefined) return { status: 404 };
  const [to] = inTurns(entered.taken);
  return leadsTo(to!, host, 8000) ? { status: 200, passed: true } : { status: 503 };
}

/** A gateway that counts what passes. */
function counting(): Sight {
  let passed = 100;
  return {
    call(call, { near }) {
      const asked = requestOf(call);
      const taken = routeOf(near, asked);
      const turns = taken === undefined ? [] : inTurns(taken);
      return Array.from({ length: call.times ?? 1 }, (_, at) => {
        const to = turns[at % turns.length];
        if (to === undefined) return { status: 404 };
        if (!leadsTo(to, egress, 80)) return { status: to.host === host ? 200 : 503 };
        const came = atGateway(near, asked);
        if (came.passed) passed += 1;
        return { status: came.status };
      });
    },
    upstreams: ({ app, namespace }) =>
      app === "istio-egressgateway" && namespace === "istio-system"
        ? [upstreamOf(`outbound|8000||${host}`, passed), upstreamOf("other", 7)]
        : [],
  };
}

const to = (destination: string, number: number) => ({ destination: { host: destination, port: { number } } });
type Spec = Parameters<typeof virtualService>[2];
const toGateway = { match: [{ gateways: ["mesh"], port: 8000 }], route: [to(egress, 80)] };
const toHost = { match: [{ gateways: ["partner"], port: 80 }], route: [to(host, 8000)] };
const routes = (http: NonNullable<Spec["http"]>, gateways = ["mesh", "partner"]) =>
  virtualService(space, "partner", { hosts: [host], gateways, http });
const by =
  (...objects: Parameters<typeof apply>[1][]) =>
  ({ near }: World) =>
    apply(near.name, ...objects);

tries(egressGateway, {
  before: counting(),
  solved: counting(),
  wrong: [
    {
      title: "with a Gateway that no route leads to",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "VirtualService", "partner", space)),
      says: /^Of 5 requests 0 left through/,
    },
    {
      title: "with routes that hold for the gateway alone",
      steps: by(routes([toGateway, toHost], ["partner"])),
      says: /^Of 5 requests 0 left through.*For whom does each hold\?$/,
    },
    {
      title: "where some go past it",
      steps: by(
        routes([
          {
            ...toGateway,
            route: [
              { ...to(egress, 80), weight: 40 },
              { ...to(host, 8000), weight: 60 },
            ],
          },
          toHost,
        ]),
      ),
      says: /^Of 5 requests 2 left through/,
    },
    {
      title: "where they end in the gateway",
      steps: by(routes([toGateway], ["mesh"])),
      says: /^Of 5 requests to .* 0 were[^]*0 left through/,
    },
    {
      title: "to another port",
      steps: by(routes([toGateway, { ...toHost, route: [to(host, 80)] }])),
      says: /^Of 5 requests to .* 0 were[^]*0 left through/,
    },
    {
      title: "with a Gateway for the pods of the ingress",
      steps: by(
        gateway(space, "partner", {
          selector: { istio: "ingressgateway" },
          servers: [{ port: { number: 80, name: "http-partner", protocol: "HTTP" }, hosts: [host] }],
        }),
      ),
      says: /^Of 5 requests to .* 0 were[^]*0 left through/,
    },
  ],
});

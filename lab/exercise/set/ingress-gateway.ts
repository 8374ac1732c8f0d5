import { exercise } from "../exercise.ts";
import { answers, asked, clientIn, meshed, readAnswers, sample, spaceOf, virtualService } from "../ground.ts";
import { caller, entrance, letsIn } from "../entrance.ts";
import { apply } from "../step.ts";
import { networkingApi } from "../../../istio/object.ts";
import type { IGateway } from "@kubernetes-models/istio/networking.istio.io/v1";

const space = spaceOf("ingress-gateway");
const beyond = spaceOf("ingress-gateway", "outside");
const host = "shop.example";

/** A host without the namespace whose VirtualServices may use it: `./shop.example`. */
const nameOf = (of: string): string => of.slice(of.indexOf("/") + 1);

export const ingressGateway = exercise({
  name: "ingress-gateway",
  title: "A Gateway in the namespace of its application lets a host in through the lab's ingress",
  stack: "single",
  needs: { ingress: true },
  namespaces: [space, beyond],
  start: (stage) =>
    apply(
      stage.near.name,
      meshed(stage, stage.near, space),
      ...sample(stage, stage.near, "httpbin", space),
      ...caller(stage, beyond),
    ),
  async observe({ near }, eye) {
    const from = clientIn(near, beyond);
    const url = `http://${entrance(near)}`;
    const gateways = await eye.list<{ spec: IGateway["spec"] }>(near.config, networkingApi, "Gateway", {
      namespace: space,
    });
    const [reached] = await eye.call({ from, url: `${url}/hostname`, headers: [`Host: ${host}`] });
    const [hidden] = await eye.call({ from, url: `${url}/status/200`, headers: [`Host: ${host}`] });
    return {
      given: await readAnswers(eye, near, space),
      hosts: gateways.flatMap(({ spec }) => spec?.servers ?? []).flatMap((server) => server.hosts.map(nameOf)),
      reached: reached?.status,
      hidden: hidden?.status,
    };
  },
  judge: ({ given, hosts, reached, hidden }) => [
    [
      hosts.includes(host),
      `No Gateway in ${space} lets ${host} in. It may stand here: which pods carry it out is said by their labels.`,
    ],
    [
      reached === 200,
      `From outside http://${host}/hostname is answered with ${String(reached ?? 0)}. A Gateway opens a port for a host; what says where its requests go, and through which Gateway?`,
    ],
    [
      hidden === 404,
      `From outside only /hostname is to be reached, and /status/200 is answered with ${String(hidden ?? 0)}.`,
    ],
    asked(
      given,
      "scoped",
      (answer) => /^no\b/i.test(answer),
      "Would this Gateway still open the lab's ingress with PILOT_SCOPE_GATEWAY_TO_NAMESPACE=true in istiod: yes or no?",
    ),
  ],
  solve: ({ near }) =>
    apply(
      near.name,
      letsIn(near, space, "shop", { port: { number: 80, name: "http", protocol: "HTTP" }, hosts: [host] }),
      virtualService(space, "shop", {
        hosts: [host],
        gateways: ["shop"],
        http: [
          {
            match: [{ uri: { exact: "/hostname" } }],
            route: [{ destination: { host: "httpbin", port: { number: 8000 } } }],
          },
        ],
      }),
      answers(space, { scoped: "no" }),
    ),
});

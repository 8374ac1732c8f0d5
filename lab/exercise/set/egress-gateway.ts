import { gatewayOf } from "../../../istio/plan-queries.ts";
import { serviceHost } from "../../../topology/names.ts";
import type { ClusterPlan } from "../../../topology/types.ts";
import { exercise } from "../exercise.ts";
import {
  clientIn,
  confinedClient,
  gateway,
  outside,
  sample,
  serviceEntry,
  spaceOf,
  virtualService,
  withNames,
} from "../ground.ts";
import type { Eye } from "../observe/eye.ts";
import { apply } from "../step.ts";

const space = spaceOf("egress-gateway");
const beyond = spaceOf("egress-gateway", "outside");
const host = "partner.example";
const port = 8000;
const times = 5;

/** Requests that the egress gateway has sent to the host since it started. */
async function passed({ name, gateways }: ClusterPlan, eye: Eye): Promise<number> {
  const egress = gateways.find(({ kind }) => kind === "egress");
  if (egress === undefined) return 0;
  const upstreams = await eye.upstreams({ cluster: name, namespace: egress.namespace, app: egress.release });
  const hosts = upstreams
    .filter((each) => each.name === `outbound|${String(port)}||${host}`)
    .flatMap((each) => each.hosts);
  return hosts.reduce((sum, { requests }) => sum + requests, 0);
}

export const egressGateway = exercise({
  name: "egress-gateway",
  title: "Requests to a partner outside leave through one gate: the egress gateway",
  stack: "single",
  needs: { egress: true },
  namespaces: [space, beyond],
  start: (stage) => {
    const { near } = stage;
    return apply(
      near.name,
      ...confinedClient(stage, near, space, { pod: withNames }),
      serviceEntry(space, "partner", {
        hosts: [host],
        location: "MESH_EXTERNAL",
        ports: [{ number: port, name: "http", protocol: "HTTP" }],
        resolution: "DNS",
        endpoints: [{ address: serviceHost("httpbin", beyond) }],
      }),
      outside(beyond),
      ...sample(stage, near, "httpbin", beyond),
    );
  },
  async observe({ near }, eye) {
    const before = await passed(near, eye);
    const answered = await eye.call({
      from: clientIn(near, space),
      url: `http://${host}:${String(port)}/status/200`,
      times,
    });
    return {
      answered: answered.filter(({ status }) => status === 200).length,
      through: (await passed(near, eye)) - before,
    };
  },
  judge: ({ answered, through }) => [
    [
      answered === times,
      `Of ${String(times)} requests to http://${host}:${String(port)} ${String(answered)} were answered with 200.`,
    ],
    [
      through >= times,
      `Of ${String(times)} requests ${String(Math.max(0, through))} left through the egress gateway. Two routes are needed: from the proxies to the gateway, and from the gateway to the host. For whom does each hold?`,
    ],
  ],
  solve: ({ near }) => {
    const egress = gatewayOf(near, "egress");
    const to = (destination: string, number: number) => [{ destination: { host: destination, port: { number } } }];
    return apply(
      near.name,
      gateway(space, "partner", {
        selector: { istio: egress.selector },
        servers: [{ port: { number: 80, name: "http-partner", protocol: "HTTP" }, hosts: [host] }],
      }),
      virtualService(space, "partner", {
        hosts: [host],
        gateways: ["mesh", "partner"],
        http: [
          { match: [{ gateways: ["mesh"], port }], route: to(serviceHost(egress.release, egress.namespace), 80) },
          { match: [{ gateways: ["partner"], port: 80 }], route: to(host, port) },
        ],
      }),
    );
  },
});

import type { IGateway } from "@kubernetes-models/istio/networking.istio.io/v1";
import { importEntry, importRule } from "../../../istio/federation.ts";
import { type KubernetesObject, networkingApi } from "../../../istio/object.ts";
import { gatewayOf, meshOf } from "../../../istio/plan-queries.ts";
import { serviceHost } from "../../../topology/names.ts";
import type { ServiceObject } from "../../status/shapes.ts";
import { exercise, type Stage } from "../exercise.ts";
import { clientIn, gateway, meshed, sample, spaceOf, specsIn, withNames } from "../ground.ts";
import type { Eye } from "../observe/eye.ts";
import { apply, reference } from "../step.ts";

const space = spaceOf("cluster-tenancy");
const host = "ledger.example";
const port = 8000;
const service = "httpbin";

const identityIn = ({ lab, near }: Stage): string =>
  `spiffe://${meshOf(lab, near).trustDomain}/ns/${space}/sa/${service}`;

/** The name of the load balancer before a cluster's east-west gateway. */
async function addressOf({ near }: Stage, eye: Eye): Promise<string> {
  const { release, namespace } = gatewayOf(near, "east-west");
  const found = await eye.read<ServiceObject>(near.name, reference("v1", "Service", release, namespace));
  const [first] = found?.status.loadBalancer?.ingress ?? [];
  return first?.hostname ?? first?.ip ?? "";
}

/** The lab's own words for a service of another tenant, in the namespace of the exercise. */
const inSpace = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  metadata: { name: "ledger", namespace: space },
});

export const clusterTenancy = exercise({
  name: "cluster-tenancy",
  title: "Tenants with a cluster each: nothing is known of the other, until one service is offered and named",
  stack: "cluster-tenancy",
  needs: { strangers: true },
  namespaces: [space],
  start: (stage) => [
    ...apply(stage.near.name, meshed(stage, stage.near, space), ...sample(stage, stage.near, service, space)),
    ...apply(
      stage.far.name,
      meshed(stage, stage.far, space),
      ...sample(stage, stage.far, "curl", space, { pod: withNames }),
    ),
  ],
  async observe({ near, far }, eye) {
    const [answer] = await eye.call({ from: clientIn(far, space), url: `http://${host}:${String(port)}/headers` });
    const gateways = await eye.list<{ spec: IGateway["spec"] }>(near.config, networkingApi, "Gateway", {
      namespace: space,
    });
    return {
      answer,
      offered: gateways.flatMap(({ spec }) => spec?.servers ?? []).flatMap(({ hosts }) => hosts),
      entries: await specsIn(eye, far, "ServiceEntry", space),
      rules: await specsIn(eye, far, "DestinationRule", space),
    };
  },
  judge: ({ answer, offered, entries, rules }, stage) => [
    [
      offered.length > 0,
      `No Gateway in ${space} of ${stage.near.name} has the east-west gateway lead to httpbin. It reads a server name and opens nothing: which TLS mode is that?`,
    ],
    [
      offered.every((each) => !each.includes("*")),
      `${stage.near.name} offers more than the one service: a Gateway has the hosts ${offered.join(", ")}.`,
    ],
    [
      entries.some(({ hosts }) => hosts.includes(host)),
      `No ServiceEntry in ${space} of ${stage.far.name} says where ${host} is: nobody there reads the other's API server.`,
    ],
    [
      rules.some(
        ({ host: of, trafficPolicy }) =>
          of === host && trafficPolicy?.tls?.subjectAltNames?.includes(identityIn(stage)) === true,
      ),
      `${stage.far.name} does not say whom it must meet behind ${host}. A DestinationRule can name the server name to ask for and the identity to expect.`,
    ],
    [
      answer?.status === 200 && answer.body.includes(`By=${identityIn(stage)}`),
      `curl in ${stage.far.name} gets ${answer?.status ? String(answer.status) : "no answer"} from http://${host}:${String(port)}/headers, and is to be answered by ${identityIn(stage)}.`,
    ],
  ],
  async solve(stage, eye) {
    const { near, far } = stage;
    const imported = { host, namespace: space, service, port, identity: identityIn(stage), gateways: [near.name] };
    return [
      ...apply(
        near.config,
        gateway(space, "offer", {
          selector: { istio: gatewayOf(near, "east-west").selector },
          servers: [
            {
              port: { number: 15443, name: "tls-ledger", protocol: "TLS" },
              tls: { mode: "AUTO_PASSTHROUGH" },
              hosts: [serviceHost(service, space)],
            },
          ],
        }),
      ),
      ...apply(
        far.config,
        inSpace(importEntry(imported, [await addressOf(stage, eye)])),
        inSpace(importRule(imported)),
      ),
    ];
  },
});

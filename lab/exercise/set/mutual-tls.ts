import { exercise } from "../exercise.ts";
import { clientIn, meshed, outside, peerAuthentication, sample, spaceOf, specsIn } from "../ground.ts";
import { apply } from "../step.ts";

const space = spaceOf("mutual-tls");
const legacy = spaceOf("mutual-tls", "legacy");
const url = (service: string): string => `http://${service}.${space}:8000/headers`;
/** What a workload hears of who called it with mutual TLS (https://istio.io/latest/docs/tasks/security/authentication/authn-policy/). */
const identity = "spiffe://";

export const mutualTls = exercise({
  name: "mutual-tls",
  title: "Mutual TLS becomes a duty in a namespace, but for the one service that old clients still call",
  stack: "single",
  needs: {},
  namespaces: [space, legacy],
  start: (stage) => {
    const { near } = stage;
    return apply(
      near.name,
      meshed(stage, near, space),
      // Whatever the mesh as a whole demands, this is where one begins.
      peerAuthentication(space, "default", { mtls: { mode: "PERMISSIVE" } }),
      ...["shop", "probe"].flatMap((as) => sample(stage, near, "httpbin", space, { as })),
      ...sample(stage, near, "curl", space),
      outside(legacy),
      ...sample(stage, near, "curl", legacy),
    );
  },
  async observe({ near }, eye) {
    const ask = async (namespace: string, service: string) => {
      const [answer] = await eye.call({ from: clientIn(near, namespace), url: url(service) });
      return answer;
    };
    return {
      plainShop: await ask(legacy, "shop"),
      plainProbe: await ask(legacy, "probe"),
      shop: await ask(space, "shop"),
      probe: await ask(space, "probe"),
      modes: (await specsIn(eye, near, "PeerAuthentication", space))
        .filter(({ selector }) => Object.keys(selector?.matchLabels ?? {}).length === 0)
        .map(({ mtls }) => mtls?.mode),
    };
  },
  judge: ({ plainShop, plainProbe, shop, probe, modes }) => [
    [
      modes.length > 0 && modes.every((mode) => mode === "STRICT"),
      "Mutual TLS is to be a duty of the namespace, for whatever workload comes next too: by a PeerAuthentication that has no selector.",
    ],
    [
      plainShop?.status === 0,
      `The client without a proxy is still answered by shop, with ${String(plainShop?.status)}. PERMISSIVE means both; which mode means mutual TLS alone?`,
    ],
    [
      plainProbe?.status === 200,
      `The client without a proxy is to be answered by probe, and gets ${String(plainProbe?.status ?? 0)}. A policy can hold for one workload: by what does it select it?`,
    ],
    [
      shop?.status === 200 && shop.body.includes(identity),
      `The client with a proxy gets ${String(shop?.status ?? 0)} from shop, which ${shop?.body.includes(identity) ? "hears" : "does not hear"} who it is.`,
    ],
    [
      probe?.status === 200 && probe.body.includes(identity),
      "Whoever has a certificate is to use it towards probe too: plain calls are allowed there, and not the rule.",
    ],
  ],
  solve: ({ near }) =>
    apply(
      near.name,
      peerAuthentication(space, "default", { mtls: { mode: "STRICT" } }),
      peerAuthentication(space, "probe", {
        selector: { matchLabels: { app: "probe" } },
        mtls: { mode: "PERMISSIVE" },
      }),
    ),
});

import { gatewayOf } from "../../../istio/plan-queries.ts";
import { exercise, type Stage } from "../exercise.ts";
import { clientIn, meshed, sample, spaceOf, virtualService } from "../ground.ts";
import { caller, entrance, letsIn, outcome, overTls, tlsSecret } from "../entrance.ts";
import { apply, reference, remove } from "../step.ts";

const space = spaceOf("ingress-tls");
const beyond = spaceOf("ingress-tls", "outside");
const host = "secure.example";
/** Named after the exercise, because it comes to stand in a namespace that is not the exercise's own. */
const secretName = spaceOf("ingress-tls");

const given = reference("v1", "Secret", secretName, space);
const wanted = ({ near }: Stage) => reference("v1", "Secret", secretName, gatewayOf(near, "ingress").namespace);

export const ingressTls = exercise({
  name: "ingress-tls",
  title: "TLS at the ingress with a certificate of the lab's own authority, and where its Secret must stand",
  stack: "single",
  needs: { ingress: true },
  namespaces: [space, beyond],
  async start(stage, eye) {
    const { near } = stage;
    return apply(
      near.name,
      meshed(stage, near, space),
      ...sample(stage, near, "httpbin", space),
      tlsSecret(given, await eye.issue(near.name, host)),
      virtualService(space, "secure", {
        hosts: [host],
        gateways: ["secure"],
        http: [{ route: [{ destination: { host: "httpbin", port: { number: 8000 } } }] }],
      }),
      ...caller(stage, beyond),
    );
  },
  async observe(stage, eye) {
    const { near } = stage;
    const [answer] = await eye.call({ from: clientIn(near, beyond), ...overTls(host, "/hostname", entrance(near)) });
    return { answer, stands: (await eye.read(near.name, wanted(stage))) !== undefined };
  },
  judge: ({ answer, stands }, stage) => [
    [
      stands,
      `The Secret ${secretName} does not stand where the gateway's proxy looks for it. Whose service account reads it, and in which namespace is that at home?`,
    ],
    [
      answer?.status === 200,
      `From outside https://${host}/hostname gets ${outcome(answer)} at ${entrance(stage.near)}. The route is there and names the Gateway "secure": which port, protocol and certificate does that have?`,
    ],
  ],
  solve: (stage) => [
    { do: "copy", cluster: stage.near.name, from: given, to: wanted(stage) },
    ...apply(
      stage.near.name,
      letsIn(stage.near, space, "secure", {
        port: { number: 443, name: "https", protocol: "HTTPS" },
        hosts: [host],
        tls: { mode: "SIMPLE", credentialName: secretName },
      }),
    ),
  ],
  undo: (stage) => remove(stage.near.name, wanted(stage)),
});

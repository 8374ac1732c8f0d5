import { letsIn, tlsSecret } from "../../../../lab/exercise/entrance.ts";
import { ingressTls } from "../../../../lab/exercise/set/ingress-tls.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { enters, requestOf } from "../mesh.ts";
import { tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [space = "", beyond = ""] = ingressTls.namespaces;
const moved = reference("v1", "Secret", "exercise-ingress-tls", "istio-system");

/** As a gateway answers: it has to have a port, to find a certificate for it that is believed, and a route. */
const mesh: Caller = (call, { near }) => {
  const { url, from, options = [] } = call;
  const asks = `${url} ${options.join(" ")}`;
  const wanted =
    "https://secure.example/hostname --connect-to secure.example:443:istio-ingressgateway.istio-system.svc.cluster.local:443 " +
    "--cacert /etc/mesh-root/root-cert.pem";
  if (from.namespace !== beyond || asks !== wanted) return 404;
  const entered = enters(near, "ingressgateway", { ...requestOf(call), port: 443 });
  if (entered === undefined) return { status: 0, failure: 7 };
  const { server, taken } = entered;
  const name = server.tls?.credentialName ?? "";
  const shown = near.objectOf(reference("v1", "Secret", name, "istio-system"))?.["data"] as
    { "tls.crt": string } | undefined;
  if (server.port.protocol !== "HTTPS" || shown === undefined) return { status: 0, failure: 35 };
  const believed = Buffer.from(shown["tls.crt"], "base64").toString() === "certificate of secure.example";
  if (!believed) return { status: 0, failure: 60 };
  return taken === undefined ? 404 : 200;
};

type Server = Parameters<typeof letsIn>[3];
const https: Server = {
  port: { number: 443, name: "https", protocol: "HTTPS" },
  hosts: ["secure.example"],
  tls: { mode: "SIMPLE", credentialName: "exercise-ingress-tls" },
};
const opens = ({ near, stage }: World, change: Partial<Server>, name = "secure") =>
  apply(near.name, letsIn(stage.near, space, name, { ...https, ...change }));

tries(ingressTls, {
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "with the Secret beside the application alone",
      steps: ({ near }) => remove(near.name, moved),
      says: /^The Secret exercise-ingress-tls does not stand where[^]*no answer \(curl's exit code 35\)/,
    },
    {
      title: "with a certificate that signs itself",
      steps: ({ near }) => apply(near.name, tlsSecret(moved, { chain: "signed by itself", key: "its key" })),
      says: /^From outside https:\/\/secure\.example\/hostname gets no answer \(curl's exit code 60\)/,
    },
    {
      title: "without a Gateway",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "Gateway", "secure", space)),
      says: /^From outside https:\/\/secure\.example\/hostname gets no answer \(curl's exit code 7\)/,
    },
    {
      title: "with a Gateway for plain requests",
      steps: ({ near, stage }) =>
        apply(
          near.name,
          letsIn(stage.near, space, "secure", {
            port: { number: 80, name: "http", protocol: "HTTP" },
            hosts: ["secure.example"],
          }),
        ),
      says: /gets no answer \(curl's exit code 7\).*which port, protocol and certificate/,
    },
    {
      title: "by the namespace and the name of the Secret, which the gateway may not read there",
      steps: (world) => opens(world, { tls: { mode: "SIMPLE", credentialName: `${space}/exercise-ingress-tls` } }),
      says: /^From outside https:\/\/secure\.example\/hostname gets no answer \(curl's exit code 35\)/,
    },
    {
      title: "with a Gateway that the route does not name",
      steps: (world) => [
        ...remove(world.near.name, reference(networkingApi, "Gateway", "secure", space)),
        ...opens(world, {}, "tls"),
      ],
      says: /gets status 404 at .* names the Gateway "secure"/,
    },
  ],
});

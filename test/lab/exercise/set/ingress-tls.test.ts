import { ingressTls } from "../../../../lab/exercise/set/ingress-tls.ts";
import { reference, remove } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import type { Caller } from "../world.ts";

const [space = "", beyond = ""] = ingressTls.namespaces;
const moved = reference("v1", "Secret", "exercise-ingress-tls", "istio-system");

/** As a gateway answers that has a port for TLS and finds the certificate. */
const gateway: Caller = ({ url, from, options = [] }, { near }) => {
  const asks = `${url} ${options.join(" ")}`;
  const wanted =
    "https://secure.example/hostname --connect-to secure.example:443:istio-ingressgateway.istio-system.svc.cluster.local:443 " +
    "--cacert /etc/mesh-root/root-cert.pem";
  if (from.namespace !== beyond || asks !== wanted) return 404;
  const opens = near.objects.has(`Gateway ${space}/secure`) && near.objectOf(moved) !== undefined;
  return opens ? 200 : { status: 0, failure: 35 };
};

tries(ingressTls, {
  before: { call: gateway },
  solved: { call: gateway },
  wrong: [
    {
      title: "with the Secret beside the application alone",
      steps: ({ near }) => remove(near.name, moved),
      says: /^The Secret exercise-ingress-tls does not stand where[^]*no answer \(curl's exit code 35\)/,
    },
    {
      title: "where the certificate is somebody else's",
      sight: { call: () => ({ status: 0, failure: 60 }) },
      says: /^From outside https:\/\/secure\.example\/hostname gets no answer \(curl's exit code 60\)/,
    },
    { title: "without a route", sight: { call: () => 404 }, says: /gets status 404/ },
  ],
});

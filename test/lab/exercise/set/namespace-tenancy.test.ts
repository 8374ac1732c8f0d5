import { networkingApi } from "../../../../istio/object.ts";
import { namespaceTenancy } from "../../../../lab/exercise/set/namespace-tenancy.ts";
import { reference, remove } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import type { Caller } from "../world.ts";

const [blue = "", green = ""] = namespaceTenancy.namespaces;

/** As httpbin shows what the proxy before it has written. */
const headers = (tenant: string): string =>
  `{"X-Forwarded-Client-Cert": ["By=spiffe://lab/ns/${tenant}/sa/httpbin;Hash=0;URI=spiffe://lab/ns/${blue}/sa/curl"]}`;

const sees =
  (given: { own?: "blue" | "green"; guest?: number; intruder?: number } = {}): Caller =>
  ({ url, from }, world) => {
    const grab = world.near.objectOf(reference(networkingApi, "VirtualService", "grab", green));
    const everywhere = grab !== undefined && (grab["spec"] as { exportTo?: string[] }).exportTo === undefined;
    const guarded = world.near.objects.has(`AuthorizationPolicy ${blue}/callers`);
    const { own = everywhere ? "green" : "blue", guest = 200, intruder = guarded ? 403 : 200 } = given;
    if (from.namespace === blue) return headers(own === "blue" ? blue : green);
    return url.endsWith("/headers") ? guest : intruder;
  };

tries(namespaceTenancy, {
  before: { call: sees() },
  solved: { call: sees() },
  wrong: [
    {
      title: "while another's route is followed",
      sight: { call: sees({ own: "green" }) },
      says: /^blue calls its own.*somebody else answers/,
    },
    {
      title: "by taking the route from its owner",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "VirtualService", "grab", green)),
      says: /^green is to keep its route/,
    },
    {
      title: "where nobody is let in",
      sight: { call: sees({ guest: 403 }) },
      says: /^red is to be allowed \/headers of blue, and gets 403/,
    },
    {
      title: "where everybody is let in",
      sight: { call: sees({ intruder: 200 }) },
      says: /^red is to be denied all else.*gets 200/,
    },
  ],
});

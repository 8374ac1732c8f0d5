import { networkingApi, securityApi } from "../../../../istio/object.ts";
import { authorizationPolicy } from "../../../../lab/exercise/ground.ts";
import { namespaceTenancy } from "../../../../lab/exercise/set/namespace-tenancy.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { inTurns, isLetIn, requestOf, routeOf } from "../mesh.ts";
import { edit, tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [blue = "", green = "", red = ""] = namespaceTenancy.namespaces;

/** As httpbin shows what the proxy before it has written. */
const headers = (tenant: string, from: string): string =>
  `{"X-Forwarded-Client-Cert": ["By=spiffe://lab/ns/${tenant}/sa/httpbin;Hash=0;URI=spiffe://lab/ns/${from}/sa/curl"]}`;

const mesh: Caller = (call, { near }) => {
  const request = requestOf(call);
  const [to] = inTurns(routeOf(near, request)!);
  const tenant = to?.host.split(".")[1] ?? "";
  const principal = `cluster.local/ns/${request.from}/sa/curl`;
  if (!isLetIn(near, { namespace: tenant, app: "httpbin" }, { principal, path: request.path })) return 403;
  return request.path === "/headers" ? headers(tenant, request.from) : 200;
};

const grab = reference(networkingApi, "VirtualService", "grab", green);
type Rule = NonNullable<Parameters<typeof authorizationPolicy>[2]["rules"]>[number];
const from = (tenant: string): Rule => ({ from: [{ source: { principals: [`cluster.local/ns/${tenant}/*`] } }] });
const headersAlone = { to: [{ operation: { paths: ["/headers"] } }] };
const callers =
  (...rules: Rule[]) =>
  ({ near }: World) =>
    apply(near.name, authorizationPolicy(blue, "callers", { action: "ALLOW", rules }));

tries(namespaceTenancy, {
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "while another's route is followed",
      steps: ({ near }) => [edit(near, grab, { spec: { exportTo: null } })],
      says: /^blue calls its own.*somebody else answers/,
    },
    {
      title: "with a route that is exported to whom it takes from",
      steps: ({ near }) => [edit(near, grab, { spec: { exportTo: [".", blue] } })],
      says: /^blue calls its own.*somebody else answers.*to whom is it exported\?$/,
    },
    {
      title: "by taking the route from its owner",
      steps: ({ near }) => remove(near.name, grab),
      says: /^green is to keep its route/,
    },
    {
      title: "by leading the route of its owner elsewhere",
      steps: ({ near }) => {
        const route = [{ destination: { host: `httpbin.${blue}.svc.cluster.local` } }];
        return [edit(near, grab, { spec: { exportTo: null, http: [{ route }] } })];
      },
      says: /^green is to keep its route, for itself: how far does it reach\?$/,
    },
    {
      title: "where nobody else is let in",
      steps: callers(from(blue)),
      says: /^red is to be allowed \/headers of blue, and gets 403/,
    },
    {
      title: "where blue is forgotten",
      steps: callers({ ...from(red), ...headersAlone }),
      says: /^blue calls its own httpbin, and gets 403/,
    },
    {
      title: "where red may do all",
      steps: callers(from(blue), from(red)),
      says: /^red is to be denied all else.*gets 200/,
    },
    {
      title: "where everybody is let in",
      steps: ({ near }) => remove(near.name, reference(securityApi, "AuthorizationPolicy", "callers", blue)),
      says: /^red is to be denied all else.*gets 200/,
    },
  ],
});

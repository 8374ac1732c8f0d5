import { meshOf } from "../../../istio/plan-queries.ts";
import { serviceHost } from "../../../topology/names.ts";
import { exercise } from "../exercise.ts";
import { authorizationPolicy, clientIn, meshed, sample, spaceOf, specsIn, virtualService } from "../ground.ts";
import { apply } from "../step.ts";

const [blue, green, red] = ["blue", "green", "red"].map((tenant) => spaceOf("namespace-tenancy", tenant)) as [
  string,
  string,
  string,
];
type Route = Awaited<ReturnType<typeof specsIn<"VirtualService">>>[number];

const url = (path: string): string => `http://httpbin.${blue}:8000${path}`;

/** The server's proxy writes its own identity before its caller's into the header that httpbin shows. */
const answeredBy = (tenant: string): RegExp => new RegExp(`By=spiffe://[^/]+/ns/${tenant}/`);

/** A tenant's route for the host of another, which holds for whomever it is exported to. */
const grab = (exportTo?: string[]) =>
  virtualService(green, "grab", {
    hosts: [serviceHost("httpbin", blue)],
    http: [{ route: [{ destination: { host: serviceHost("httpbin", green) } }] }],
    ...(exportTo === undefined ? {} : { exportTo }),
  });

/** The route that green had, as far as its host and its destination go. */
const takesFromBlue = ({ hosts = [], http = [] }: Route): boolean =>
  hosts.includes(serviceHost("httpbin", blue)) &&
  http.some(({ route = [] }) =>
    route.some(({ destination }) => ["httpbin", serviceHost("httpbin", green)].includes(destination.host)),
  );

export const namespaceTenancy = exercise({
  name: "namespace-tenancy",
  title: "Tenants in one cluster: a route that reaches into another's namespace, and who may call whom",
  stack: "single",
  needs: {},
  namespaces: [blue, green, red],
  start: (stage) => {
    const { near } = stage;
    return apply(
      near.name,
      ...[blue, green].flatMap((tenant) => [meshed(stage, near, tenant), ...sample(stage, near, "httpbin", tenant)]),
      meshed(stage, near, red),
      ...[blue, red].flatMap((tenant) => sample(stage, near, "curl", tenant)),
      grab(),
    );
  },
  async observe({ near }, eye) {
    const ask = async (tenant: string, path: string) => {
      const [answer] = await eye.call({ from: clientIn(near, tenant), url: url(path) });
      return { status: answer?.status ?? 0, body: answer?.body ?? "" };
    };
    return {
      routes: await specsIn(eye, near, "VirtualService", green),
      own: await ask(blue, "/headers"),
      guest: await ask(red, "/headers"),
      intruder: await ask(red, "/status/200"),
    };
  },
  judge: ({ routes, own, guest, intruder }) => [
    [
      own.status === 200 && answeredBy(blue).test(own.body),
      `blue calls its own httpbin, and ${own.status === 200 ? "somebody else answers" : `gets ${String(own.status)}`}. Whose route do its proxies follow, and to whom is it exported?`,
    ],
    [routes.some(takesFromBlue), "green is to keep its route, for itself: how far does it reach?"],
    [guest.status === 200, `red is to be allowed /headers of blue, and gets ${String(guest.status)}.`],
    [
      intruder.status === 403,
      `red is to be denied all else of blue, which is 403, and gets ${String(intruder.status)} for /status/200.`,
    ],
  ],
  solve: ({ lab, near }) => {
    const { trustDomain } = meshOf(lab, near);
    return apply(
      near.name,
      grab(["."]),
      authorizationPolicy(blue, "callers", {
        action: "ALLOW",
        rules: [
          { from: [{ source: { principals: [`${trustDomain}/ns/${blue}/*`] } }] },
          {
            from: [{ source: { principals: [`${trustDomain}/ns/${red}/*`] } }],
            to: [{ operation: { paths: ["/headers"] } }],
          },
        ],
      }),
    );
  },
});

import { meshOf } from "../../../istio/plan-queries.ts";
import { exercise, type Stage } from "../exercise.ts";
import { authorizationPolicy, clientIn, meshed, peerAuthentication, sample, spaceOf } from "../ground.ts";
import { apply } from "../step.ts";

const space = spaceOf("authorization");

/** Who asks for what, and the status that is to come of it. */
const demands = [
  ["teller", "GET", "/headers", 200],
  ["teller", "POST", "/headers", 403],
  ["teller", "GET", "/status/200", 403],
  ["teller", "GET", "/hostname", 403],
  ["visitor", "GET", "/status/200", 200],
  ["visitor", "GET", "/status/204", 204],
  ["visitor", "POST", "/status/200", 403],
  ["visitor", "GET", "/headers", 403],
  ["visitor", "GET", "/hostname", 403],
  ["curl", "GET", "/headers", 403],
  ["curl", "GET", "/status/200", 403],
] as const;

const principal = ({ lab, near }: Stage, account: string): string =>
  `${meshOf(lab, near).trustDomain}/ns/${space}/sa/${account}`;

export const authorization = exercise({
  name: "authorization",
  title: "Who may call what: nobody anything, but for what a policy allows an identity",
  stack: "single",
  needs: {},
  namespaces: [space],
  start: (stage) => {
    const { near } = stage;
    return apply(
      near.name,
      meshed(stage, near, space),
      // Without mutual TLS nobody would know who calls.
      peerAuthentication(space, "default", { mtls: { mode: "STRICT" } }),
      ...sample(stage, near, "httpbin", space, { as: "bank" }),
      ...["teller", "visitor"].flatMap((as) => sample(stage, near, "curl", space, { as })),
      ...sample(stage, near, "curl", space),
    );
  },
  observe: ({ near }, eye) =>
    Promise.all(
      demands.map(async ([app, method, path, wanted]) => {
        const [answer] = await eye.call({
          from: clientIn(near, space, app),
          url: `http://bank.${space}:8000${path}`,
          options: ["-X", method],
        });
        return { app, asked: `${method} ${path}`, wanted, status: answer?.status ?? 0 };
      }),
    ),
  judge: (seen) =>
    seen.map(({ app, asked, wanted, status }) => [
      status === wanted,
      wanted === 403
        ? `${app} is not to be allowed ${asked}, which is 403, and gets ${String(status)}. What is denied to whom no policy names?`
        : `${app} is to be allowed ${asked} and gets ${String(status)}. What does the bank know of who calls?`,
    ]),
  solve: (stage) =>
    apply(
      stage.near.name,
      authorizationPolicy(space, "nothing", {}),
      authorizationPolicy(space, "bank", {
        selector: { matchLabels: { app: "bank" } },
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { principals: [principal(stage, "teller")] } }],
            to: [{ operation: { methods: ["GET"], paths: ["/headers"] } }],
          },
          {
            from: [{ source: { principals: [principal(stage, "visitor")] } }],
            to: [{ operation: { methods: ["GET"], paths: ["/status/*"] } }],
          },
        ],
      }),
    ),
});

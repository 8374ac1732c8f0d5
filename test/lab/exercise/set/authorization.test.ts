import { securityApi } from "../../../../istio/object.ts";
import { authorizationPolicy } from "../../../../lab/exercise/ground.ts";
import { authorization } from "../../../../lab/exercise/set/authorization.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { isLetIn } from "../mesh.ts";
import { tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [space = ""] = authorization.namespaces;
const account = (name: string): string => `cluster.local/ns/${space}/sa/${name}`;

const mesh: Caller = ({ from, url, options = [] }, { near }) => {
  const path = new URL(url).pathname;
  const asking = { principal: account(from.app), method: options[1] ?? "GET", path };
  if (!isLetIn(near, { namespace: space, app: "bank" }, asking)) return 403;
  return path === "/status/204" ? 204 : 200;
};

type Spec = Parameters<typeof authorizationPolicy>[2];
type Rule = NonNullable<Spec["rules"]>[number];

const tellers: Rule = {
  from: [{ source: { principals: [account("teller")] } }],
  to: [{ operation: { methods: ["GET"], paths: ["/headers"] } }],
};
const visitors: Rule = {
  from: [{ source: { principals: [account("visitor")] } }],
  to: [{ operation: { methods: ["GET"], paths: ["/status/*"] } }],
};
const bank = (world: World, rules: Rule[], change: Partial<Spec> = {}) =>
  apply(
    world.near.name,
    authorizationPolicy(space, "bank", {
      ...{ selector: { matchLabels: { app: "bank" } }, action: "ALLOW", rules },
      ...change,
    }),
  );

tries(authorization, {
  before: { call: mesh },
  solved: { call: mesh },
  right: [
    {
      title: "without a policy that allows nothing, since whoever has one that allows something denies the rest",
      steps: ({ near }) => remove(near.name, reference(securityApi, "AuthorizationPolicy", "nothing", space)),
    },
  ],
  wrong: [
    {
      title: "where nobody may do anything",
      steps: ({ near }) => remove(near.name, reference(securityApi, "AuthorizationPolicy", "bank", space)),
      says: /^teller is to be allowed GET \/headers and gets 403/,
    },
    {
      title: "where the namespace may do what one account may",
      steps: (world) => bank(world, [{ ...tellers, from: [{ source: { namespaces: [space] } }] }, visitors]),
      says: /^visitor is not to be allowed GET \/headers.*\ncurl is not to be allowed GET \/headers/,
    },
    {
      title: "where a path is not looked at",
      steps: (world) => bank(world, [{ ...tellers, to: [{ operation: { methods: ["GET"] } }] }, visitors]),
      says: /^teller is not to be allowed GET \/status\/200, which is 403, and gets 200/,
    },
    {
      title: "where a method is not looked at",
      steps: (world) => bank(world, [tellers, { ...visitors, to: [{ operation: { paths: ["/status/*"] } }] }]),
      says: /^visitor is not to be allowed POST \/status\/200/,
    },
    {
      title: "where one path is denied instead of one allowed",
      instead: true,
      steps: (world) => [
        ...bank(world, [{ to: [{ operation: { methods: ["POST"] } }] }], { action: "DENY" }),
        ...apply(
          world.near.name,
          authorizationPolicy(space, "status", {
            selector: { matchLabels: { app: "bank" } },
            action: "DENY",
            rules: [
              {
                from: [{ source: { notPrincipals: [account("visitor")] } }],
                to: [{ operation: { paths: ["/status/*"] } }],
              },
            ],
          }),
        ),
      ],
      says: /^teller is not to be allowed GET \/hostname.*\nvisitor is not to be allowed GET \/headers/,
    },
    {
      title: "where of all that is below a path one is allowed",
      steps: (world) =>
        bank(world, [tellers, { ...visitors, to: [{ operation: { methods: ["GET"], paths: ["/status/200"] } }] }]),
      says: /^visitor is to be allowed GET \/status\/204 and gets 403/,
    },
    {
      title: "by the URI of a certificate, where a policy leaves out how it begins",
      steps: (world) =>
        bank(world, [{ ...tellers, from: [{ source: { principals: [`spiffe://${account("teller")}`] } }] }, visitors]),
      says: /^teller is to be allowed GET \/headers and gets 403/,
    },
    {
      title: "with a policy for those who call",
      steps: (world) => bank(world, [tellers, visitors], { selector: { matchLabels: { app: "teller" } } }),
      says: /^teller is to be allowed GET \/headers and gets 403.*\nvisitor is to be allowed GET \/status\/200/,
    },
  ],
  unexpected: [{ title: "where the bank cannot be reached", sight: { call: () => 503 }, says: /gets 503/ }],
});

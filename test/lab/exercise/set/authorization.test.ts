import { authorization } from "../../../../lab/exercise/set/authorization.ts";
import { tries } from "../trial.ts";
import type { Caller } from "../world.ts";

const [space = ""] = authorization.namespaces;
const allowed = ["teller GET /headers", "visitor GET /status/200", "visitor GET /status/204"];

const lets =
  (...who: string[]): Caller =>
  ({ from, url, options = [] }, { near }) => {
    const asks = `${from.app} ${options[1] ?? "GET"} ${new URL(url).pathname}`;
    if (near.objects.has(`AuthorizationPolicy ${space}/bank`) && !who.includes(asks)) return 403;
    return asks.endsWith("/status/204") ? 204 : 200;
  };

tries(authorization, {
  before: { call: lets(...allowed) },
  solved: { call: lets(...allowed) },
  wrong: [
    {
      title: "where nobody may do anything",
      sight: { call: lets() },
      says: /^teller is to be allowed GET \/headers and gets 403/,
    },
    {
      title: "where the namespace may do what one account may",
      sight: { call: lets(...allowed, "visitor GET /headers", "curl GET /headers") },
      says: /^visitor is not to be allowed GET \/headers.*\ncurl is not to be allowed GET \/headers/,
    },
    {
      title: "where a path is not looked at",
      sight: { call: lets(...allowed, "teller GET /status/200") },
      says: /^teller is not to be allowed GET \/status\/200, which is 403, and gets 200/,
    },
    {
      title: "where a method is not looked at",
      sight: { call: lets(...allowed, "visitor POST /status/200") },
      says: /^visitor is not to be allowed POST \/status\/200/,
    },
    {
      title: "where one path is denied instead of one allowed",
      sight: { call: lets(...allowed, "teller GET /hostname", "visitor GET /hostname") },
      says: /^teller is not to be allowed GET \/hostname.*\nvisitor is not to be allowed GET \/hostname/,
    },
    {
      title: "where of all that is below a path one is allowed",
      sight: { call: lets("teller GET /headers", "visitor GET /status/200") },
      says: /^visitor is to be allowed GET \/status\/204 and gets 403/,
    },
    { title: "where the bank cannot be reached", sight: { call: () => 503 }, says: /gets 503/ },
  ],
});

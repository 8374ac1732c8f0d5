import { egressGateway } from "../../../../lab/exercise/set/egress-gateway.ts";
import { tries } from "../trial.ts";
import { type Sight, upstreamOf } from "../world.ts";

const [space = ""] = egressGateway.namespaces;
const host = "outbound|8000||partner.example";

/** A gateway that counts what passes. */
function counting({ status = 200, share = 1, at = host } = {}): Sight {
  let passed = 100;
  return {
    call({ times = 1 }, { near }) {
      if (near.objects.has(`VirtualService ${space}/partner`)) passed += times * share;
      return status;
    },
    upstreams: ({ app, namespace }) =>
      app === "istio-egressgateway" && namespace === "istio-system"
        ? [upstreamOf(at, passed), upstreamOf("other", 7)]
        : [],
  };
}

tries(egressGateway, {
  before: counting(),
  solved: counting(),
  wrong: [
    { title: "where requests go past it", sight: counting({ share: 0 }), says: /^Of 5 requests 0 left through/ },
    { title: "where some go past it", sight: counting({ share: 0.4 }), says: /^Of 5 requests 2 left through/ },
    {
      title: "to another port",
      sight: counting({ at: "outbound|80||partner.example" }),
      says: /^Of 5 requests 0 left/,
    },
    {
      title: "where they end in the gateway",
      sight: counting({ status: 404, share: 0 }),
      says: /^Of 5 requests to .* 0 were/,
    },
  ],
});

import assert from "node:assert/strict";
import { circuitBreaking } from "../../../../lab/exercise/set/circuit-breaking.ts";
import { tries } from "../trial.ts";
import { type Caller, World } from "../world.ts";

const [space = ""] = circuitBreaking.namespaces;

const crowd =
  (served: number, seconds = 0.01, alone = 200): Caller =>
  ({ parallel, times = 1 }, { near }) => {
    const open = near.objects.has(`DestinationRule ${space}/httpbin`);
    if (parallel !== true) return alone;
    return Array.from({ length: times }, (_, at) =>
      at < served || !open ? { status: 200, seconds: 1 } : { status: 503, seconds },
    );
  };

tries(circuitBreaking, {
  before: { call: crowd(12) },
  solved: { call: crowd(2) },
  wrong: [
    { title: "with room for all", sight: { call: crowd(12) }, says: /turned away with 503.*it was 0\./ },
    { title: "where all wait", sight: { call: crowd(2, 5) }, says: /turned away with 503.*it was 0\./ },
    { title: "where nobody is let in", sight: { call: crowd(0) }, says: /Is anybody let in at all/ },
    {
      title: "where one alone is turned away",
      sight: { call: crowd(2, 0.01, 503) },
      says: /all to be served; of 5 it was 0/,
    },
  ],
});

describe("curl of circuit-breaking", () => {
  it("has a proxy that counts what overflows, which Istio's does not by itself", async () => {
    const world = new World("single");
    const steps = JSON.stringify(await circuitBreaking.start(world.stage, world.eye()));
    assert.match(
      steps,
      /"proxy\.istio\.io\/config":"proxyStatsMatcher: \{inclusionPrefixes: \[\\"cluster\.outbound\\"\]\}"/,
    );
  });
});

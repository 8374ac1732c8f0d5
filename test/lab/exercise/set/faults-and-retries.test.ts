import { faultsAndRetries } from "../../../../lab/exercise/set/faults-and-retries.ts";
import type { Answer } from "../../../../lab/exercise/observe/eye.ts";
import { tries } from "../trial.ts";
import type { Caller } from "../world.ts";

const [space = ""] = faultsAndRetries.namespaces;

const half = (times = 1, failing = 15): Partial<Answer>[] =>
  Array.from({ length: times }, (_, at) => ({ status: at < failing ? 500 : 200 }));

const sees =
  (given: { tester?: number; slow?: Partial<Answer>; failing?: number; plain?: number }): Caller =>
  ({ url, headers, times }, { near }) => {
    const solved = near.objects.has(`VirtualService ${space}/httpbin`);
    const { tester = 418, slow = { status: 504, seconds: 1 }, failing = 1, plain = 200 } = given;
    if (headers !== undefined) return solved ? tester : 200;
    if (url.includes("/delay")) return solved ? slow : { status: 200, seconds: 3 };
    if (url.includes("/unstable")) return half(times, solved ? failing : 15);
    return plain;
  };

tries(faultsAndRetries, {
  before: { call: sees({}) },
  solved: { call: sees({}) },
  wrong: [
    { title: "without the fault", sight: { call: sees({ tester: 200 }) }, says: /with 418.*it is 200\.$/ },
    {
      title: "without an end to waiting",
      sight: { call: sees({ slow: { status: 200, seconds: 3 } }) },
      says: /with 200 after 3\.0 s/,
    },
    {
      title: "where the end comes with the third try",
      sight: { call: sees({ slow: { status: 504, seconds: 3 } }) },
      says: /with 504 after 3\.0 s/,
    },
    { title: "with Istio's own retries", sight: { call: sees({ failing: 15 }) }, says: /30 requests to \/unstable 15/ },
    { title: "where everybody meets the fault", sight: { call: sees({ plain: 418 }) }, says: /as before; it is 418/ },
  ],
});

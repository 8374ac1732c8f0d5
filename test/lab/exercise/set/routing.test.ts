import { routing } from "../../../../lab/exercise/set/routing.ts";
import { tries } from "../trial.ts";
import { type Caller, hello } from "../world.ts";

const [space = ""] = routing.namespaces;
const fifth = ["v1", "v1", "v1", "v1", "v2"];

const sees =
  (testers: string[], others: string[]): Caller =>
  ({ headers, times }, { near }) => {
    if (!near.objects.has(`VirtualService ${space}/helloworld`)) return hello(times, "v1", "v2");
    return hello(times, ...(headers === undefined ? others : testers));
  };

tries(routing, {
  before: { call: sees([], []) },
  solved: { call: sees(["v2"], fifth) },
  wrong: [
    {
      title: "where testers are mixed with others",
      sight: { call: sees(fifth, fifth) },
      says: /^Requests with the header "x-tester: yes" .*answered: v1 and v2/,
    },
    { title: "with halves", sight: { call: sees(["v2"], ["v1", "v2"]) }, says: /of 60 it was 30/ },
    { title: "with v1 alone", sight: { call: sees(["v2"], ["v1"]) }, says: /of 60 it was 0/ },
    {
      title: "with subsets that are not there",
      sight: { call: () => 503 },
      says: /Every request is to be answered; without the header: 503/,
    },
  ],
});

import { networkingApi } from "../../../../istio/object.ts";
import { destinationRule, virtualService } from "../../../../lab/exercise/ground.ts";
import { routing } from "../../../../lab/exercise/set/routing.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { asHelloworld } from "../mesh.ts";
import { tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [space = ""] = routing.namespaces;

const mesh: Caller = (call, { near }) => asHelloworld(call, near);

type Http = NonNullable<NonNullable<Parameters<typeof virtualService>[2]>["http"]>[number];
const to = (subset: string) => ({ destination: { host: "helloworld", subset } });
const testers = (header = "x-tester"): Http => ({
  match: [{ headers: { [header]: { exact: "yes" } } }],
  route: [to("v2")],
});
const others = (first: number): Http => ({
  route: [
    { ...to("v1"), weight: first },
    { ...to("v2"), weight: 100 - first },
  ],
});
const routes =
  (...http: Http[]) =>
  ({ near }: World) =>
    apply(near.name, virtualService(space, "helloworld", { hosts: ["helloworld"], http }));

tries(routing, {
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "where everybody's route comes first",
      steps: routes(others(80), testers()),
      says: /^Requests with the header "x-tester: yes" .*answered: v1 and v2\. The first route/,
    },
    {
      title: "by another header",
      steps: routes(testers("x-test"), others(80)),
      says: /^Requests with the header "x-tester: yes" .*answered: v1 and v2/,
    },
    { title: "with halves", steps: routes(testers(), others(50)), says: /^Without.*of 60 it was 30/ },
    { title: "with the weights exchanged", steps: routes(testers(), others(20)), says: /^Without.*of 60 it was 48/ },
    { title: "with v1 alone", steps: routes(testers(), { route: [to("v1")] }), says: /^Without.*of 60 it was 0/ },
    {
      title: "without a route for who is no tester",
      steps: routes(testers()),
      says: /of 60 it was 0\.\nEvery request is to be answered; without the header: 404/,
    },
    {
      title: "with subsets that nothing names",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "DestinationRule", "helloworld", space)),
      says: /Every request is to be answered; without the header: 503\. Are the subsets there/,
    },
    {
      title: "with a subset that no pod is in",
      steps: ({ near }) =>
        apply(
          near.name,
          destinationRule(space, "helloworld", {
            host: "helloworld",
            subsets: [
              { name: "v1", labels: { version: "v1" } },
              { name: "v2", labels: { version: "2" } },
            ],
          }),
        ),
      says: /answered: 503\..*\n[^]*Every request is to be answered; without the header: 503 and v1/,
    },
  ],
});

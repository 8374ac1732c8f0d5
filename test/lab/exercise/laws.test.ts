import assert from "node:assert/strict";
import { networkingApi } from "../../../istio/object.ts";
import { apply } from "../../../lab/exercise/step.ts";
import { outside, virtualService } from "../../../lab/exercise/ground.ts";
import { problemsOf } from "./laws.ts";

const exercise = { namespaces: ["exercise-a"] };

describe("the laws of exercises", () => {
  it("let pass what is well", () => {
    const route = virtualService("exercise-a", "b", {
      hosts: ["c"],
      http: [{ route: [{ destination: { host: "c" } }] }],
    });
    assert.deepEqual(problemsOf(exercise, apply("east", outside("exercise-a"), route)), []);
    assert.deepEqual(problemsOf(exercise, [...apply("east", route), ...apply("west", route)]), []);
  });

  it("find what nobody would remove", () => {
    const found = problemsOf(
      exercise,
      apply("east", outside("exercise-b"), virtualService("istio-system", "b", { hosts: [] })),
    );
    assert.deepEqual(found, [
      "Namespace /exercise-b in east is in no namespace that reset removes",
      "VirtualService istio-system/b in east is in no namespace that reset removes",
    ]);
  });

  it("find what is made twice, of which only the last would be there", () => {
    const route = virtualService("exercise-a", "b", { hosts: ["c"] });
    assert.match(problemsOf(exercise, apply("east", route, route)).join(), /made twice/);
  });

  it("find what Istio would not take", () => {
    const wrong = {
      apiVersion: networkingApi,
      kind: "ServiceEntry",
      metadata: { name: "b", namespace: "exercise-a" },
      spec: { hosts: ["c"], resolution: "SOMEHOW" },
    };
    assert.match(problemsOf(exercise, apply("east", wrong)).join(), /resolution/);
  });
});

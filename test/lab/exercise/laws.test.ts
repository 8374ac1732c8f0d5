import assert from "node:assert/strict";
import { networkingApi } from "../../../istio/object.ts";
import { apply, type Step } from "../../../lab/exercise/step.ts";
import { outside, virtualService } from "../../../lab/exercise/ground.ts";
import { problemsOf, problemsOfWrong } from "./laws.ts";

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

describe("the laws of wrong solutions", () => {
  const by = (title: string, ...steps: Step[]) => ({ title, steps });
  const named = (name: string) => by(name, ...apply("east", outside(name)));
  const [a, b, c] = ["a", "b", "c"].map(named) as [Solution, Solution, Solution];
  type Solution = ReturnType<typeof by>;

  it("let three pass", () => assert.deepEqual(problemsOfWrong([a, b, c]), []));

  it("find fewer than three", () =>
    assert.deepEqual(problemsOfWrong([a, b]), ["2 wrong solutions are tried, and three are to be"]));

  it("do not count what nobody has done", () =>
    assert.deepEqual(problemsOfWrong([a, b, by("d")]), [
      "2 wrong solutions are tried, and three are to be",
      "d: nothing is done",
    ]));

  it("do not count the same twice", () =>
    assert.deepEqual(problemsOfWrong([a, b, { ...a, title: "d" }]), [
      "2 wrong solutions are tried, and three are to be",
      "d: the same as a",
    ]));

  it("find what Istio would not take, so that nobody could have done it", () => {
    const never = { apiVersion: networkingApi, kind: "Gateway", metadata: { name: "b" }, spec: { servers: "all" } };
    assert.match(problemsOfWrong([a, b, c, by("d", ...apply("east", never))]).join(), /^d: .*servers/);
  });
});

/** What holds for the steps of every exercise; a line for each that does not. */
import { networkingApi, securityApi } from "../../../istio/object.ts";
import type { Exercise } from "../../../lab/exercise/exercise.ts";
import type { Step } from "../../../lab/exercise/step.ts";
import { validate } from "../../istio/validate.ts";

export function problemsOf({ namespaces }: Pick<Exercise, "namespaces">, steps: readonly Step[]): string[] {
  const made = new Set<string>();
  return steps.flatMap((step) => {
    if (step.do !== "apply") return [];
    const { cluster, object } = step;
    const { name, namespace = "" } = object.metadata;
    const what = `${object.kind} ${namespace}/${name} in ${cluster}`;
    if (object.kind === "Namespace") made.add(`${cluster} ${name}`);
    const space = object.kind === "Namespace" ? name : namespace;
    const twice = made.has(what);
    made.add(what);
    return [
      ...(namespaces.includes(space) ? [] : [`${what} is in no namespace that reset removes`]),
      ...(twice ? [`${what} is made twice`] : []),
      ...invalid(object).map((why) => `${what}: ${why}`),
    ];
  });
}

interface Solution {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** What holds for the wrong solutions that a check is tried with: what a learner could have done, in three ways. */
export function problemsOfWrong(solutions: readonly Solution[]): string[] {
  const done = new Map<string, string>();
  const problems = solutions.flatMap(({ title, steps }) => {
    if (steps.length === 0) return [`${title}: nothing is done`];
    const what = JSON.stringify(steps);
    const same = done.get(what);
    if (same !== undefined) return [`${title}: the same as ${same}`];
    done.set(what, title);
    return steps.flatMap((step) => (step.do === "apply" ? invalid(step.object).map((why) => `${title}: ${why}`) : []));
  });
  const few = done.size < 3 ? [`${String(done.size)} wrong solutions are tried, and three are to be`] : [];
  return [...few, ...problems];
}

function invalid(object: Parameters<typeof validate>[0]): string[] {
  if (![networkingApi, securityApi].includes(object.apiVersion)) return [];
  try {
    validate(object);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

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

function invalid(object: Parameters<typeof validate>[0]): string[] {
  if (![networkingApi, securityApi].includes(object.apiVersion)) return [];
  try {
    validate(object);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

import { pluck, pluckList } from "../object/object.ts";
import { unless, waiting, ready } from "./readiness.ts";
import type { Properties } from "../../host/values.ts";
import type { KubeObject } from "../object/object.ts";
import type { Judge, Surroundings } from "./readiness.ts";

/** A Pod is ready when it says so, or when it ran to its end well. */
export const pod: Judge = (object) => {
  const phase = pluck(object, "status", "phase");
  if (phase === "Succeeded") return ready;
  if (phase === "Failed") return { ...waiting(...podProblems(object), "the Pod failed"), failed: true };
  if (condition(object, "Ready")?.["status"] === "True") return ready;
  return waiting(...podProblems(object), `the Pod is ${String(phase ?? "Pending")}`);
};

/** A status condition by its type. */
export function condition(object: unknown, type: string): Properties | undefined {
  return pluckList(object, "status", "conditions").find((entry) => entry["type"] === type);
}

/** What is wrong with the Pods of a workload, each sentence once. */
export async function problemsOfPods(workload: KubeObject, surroundings: Surroundings): Promise<string[]> {
  const selector = labelSelector(pluck(workload, "spec", "selector", "matchLabels"));
  if (!selector) return [];
  const pods = await surroundings.list("v1", "Pod", workload.metadata.namespace, selector);
  return [...new Set(pods.flatMap(podProblems))];
}

/** `a=b,c=d` of a map of labels. */
export function labelSelector(labels: unknown): string {
  return typeof labels === "object" && labels !== null
    ? Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(",")
    : "";
}

/** Containers that cannot start, and a Pod that no node takes. */
export function podProblems(object: unknown): string[] {
  const containers = [
    ...pluckList(object, "status", "initContainerStatuses"),
    ...pluckList(object, "status", "containerStatuses"),
  ];
  const stuck = containers.flatMap((container) => {
    const state = pluck(container, "state", "waiting");
    const reason = pluck(state, "reason");
    if (typeof reason !== "string" || ["ContainerCreating", "PodInitializing"].includes(reason)) return [];
    const message = pluck(state, "message");
    return [`[${String(container["name"])}] ${reason}${typeof message === "string" ? `: ${message}` : ""}`];
  });
  const scheduled = condition(object, "PodScheduled");
  const unscheduled =
    scheduled?.["status"] === "False" ? [`[Pod] ${String(scheduled["reason"])}: ${String(scheduled["message"])}`] : [];
  return unless([...unscheduled, ...stuck]).reasons;
}

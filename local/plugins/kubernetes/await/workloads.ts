import { pluck, pluckNumber } from "../object/object.ts";
import { condition, problemsOfPods } from "./pods.ts";
import { ready, unless, waiting } from "./readiness.ts";
import type { KubeObject } from "../object/object.ts";
import type { Judge, Surroundings } from "./readiness.ts";

/**
 * A Deployment is ready when its controller has seen the newest generation, the newest ReplicaSet is available and
 * every replica is an up-to-date and ready one (provider/pkg/await/deployment.go of pulumi-kubernetes).
 */
export const deployment: Judge = async (object, surroundings) => {
  if (!isObserved(object)) return waiting("the Deployment controller has not seen the newest generation");
  const wanted = replicas(object);
  const progressing = condition(object, "Progressing");
  const missing = [
    ...unmet(
      condition(object, "Available")?.["status"] === "True" || wanted === 0,
      "Minimum number of live Pods was not attained",
    ),
    ...unmet(progressing?.["reason"] === "NewReplicaSetAvailable", describe(progressing)),
    ...unmet(pluckNumber(object, "status", "updatedReplicas") >= wanted, "not every Pod is of the newest ReplicaSet"),
    ...unmet(pluckNumber(object, "status", "readyReplicas") >= wanted, "not every Pod is ready"),
  ];
  return missing.length === 0 ? ready : unless([...missing, ...(await problemsOfPods(object, surroundings))]);
};

/** A StatefulSet is ready when every replica is ready and of the newest revision. */
export const statefulSet: Judge = async (object, surroundings) => {
  if (!isObserved(object)) return waiting("the StatefulSet controller has not seen the newest generation");
  const wanted = replicas(object);
  const isPartial = pluckNumber(object, "spec", "updateStrategy", "rollingUpdate", "partition") > 0;
  const isCurrent =
    isPartial ||
    pluck(object, "spec", "updateStrategy", "type") === "OnDelete" ||
    pluck(object, "status", "currentRevision") === pluck(object, "status", "updateRevision");
  return judged(object, surroundings, [
    ...unmet(isCurrent, "not every Pod is of the newest revision"),
    ...unmet(pluckNumber(object, "status", "readyReplicas") >= wanted, "not every Pod is ready"),
  ]);
};

/** A DaemonSet is ready when every node that should run a Pod of it has an up-to-date and available one. */
export const daemonSet: Judge = async (object, surroundings) => {
  if (!isObserved(object)) return waiting("the DaemonSet controller has not seen the newest generation");
  if (pluck(object, "spec", "updateStrategy", "type") === "OnDelete") return ready;
  const wanted = pluckNumber(object, "status", "desiredNumberScheduled");
  return judged(object, surroundings, [
    ...unmet(
      pluckNumber(object, "status", "updatedNumberScheduled") >= wanted,
      "not every Pod is of the newest template",
    ),
    ...unmet(pluckNumber(object, "status", "numberAvailable") >= wanted, "not every Pod is available"),
  ]);
};

/** A Job is ready when it is complete. */
export const job: Judge = (object) => {
  if (condition(object, "Complete")?.["status"] === "True") return ready;
  const failed = condition(object, "Failed");
  if (failed?.["status"] === "True") return { ...waiting(`the Job failed: ${describe(failed)}`), failed: true };
  return waiting("the Job is not complete");
};

async function judged(object: KubeObject, surroundings: Surroundings, missing: string[]) {
  return missing.length === 0 ? ready : waiting(...missing, ...(await problemsOfPods(object, surroundings)));
}

function isObserved(object: KubeObject): boolean {
  return pluckNumber(object, "status", "observedGeneration") >= (object.metadata.generation ?? 1);
}

function replicas(object: KubeObject): number {
  return pluck(object, "spec", "replicas") === undefined ? 1 : pluckNumber(object, "spec", "replicas");
}

function unmet(isMet: boolean, reason: string): string[] {
  return isMet ? [] : [reason];
}

function describe(entry: object | undefined): string {
  const message = pluck(entry, "message");
  return typeof message === "string" && message
    ? message
    : String(pluck(entry, "reason") ?? "the rollout has not begun");
}

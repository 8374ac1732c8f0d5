import { pluck } from "../object/object.ts";
import { condition, pod } from "./pods.ts";
import { daemonSet, deployment, job, statefulSet } from "./workloads.ts";
import { ready, waiting } from "./readiness.ts";
import { service } from "./services.ts";
import type { Judge } from "./readiness.ts";
import type { Kind } from "../tokens.ts";

interface AwaitSpec {
  judge: Judge;
  /** Seconds that a create or update waits when the resource has no timeout of its own. */
  timeout: number;
  /** A read (refresh) judges the object too, and records what it lacks. */
  onRead: boolean;
}

/** A service account's token is written by a controller after the Secret was made. */
const tokenSecret: Judge = (object) => {
  const data = pluck(object, "data");
  const hasData = typeof data === "object" && data !== null && Object.keys(data).length > 0;
  if (object["type"] !== "kubernetes.io/service-account-token" || hasData) return ready;
  return waiting("the token controller has not written the Secret's data");
};

const customResourceDefinition: Judge = (object) =>
  condition(object, "Established")?.["status"] === "True" ? ready : waiting("the definition is not established");

/** Kinds that are waited for, in seconds as the real provider does it (provider/pkg/await/awaiters.go). */
const byKind: Record<string, AwaitSpec> = {
  "apps/v1/DaemonSet": { judge: daemonSet, timeout: 600, onRead: true },
  "apps/v1/Deployment": { judge: deployment, timeout: 600, onRead: true },
  "apps/v1/StatefulSet": { judge: statefulSet, timeout: 600, onRead: true },
  "apiextensions.k8s.io/v1/CustomResourceDefinition": { judge: customResourceDefinition, timeout: 60, onRead: false },
  "batch/v1/Job": { judge: job, timeout: 600, onRead: true },
  "v1/Pod": { judge: pod, timeout: 600, onRead: true },
  // 5 s in the real provider; a controller manager that shares two cores with everything else may need longer.
  "v1/Secret": { judge: tokenSecret, timeout: 30, onRead: false },
  "v1/Service": { judge: service, timeout: 600, onRead: true },
};

/** How a kind is waited for, or undefined when its existence is enough. */
export function awaitSpec({ apiVersion, kind }: Kind): AwaitSpec | undefined {
  return byKind[`${apiVersion}/${kind}`];
}

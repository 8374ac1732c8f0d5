/** A service that answers badly or late: its pods are told so, see workload/server.ts. */
import { adminPort, namespace, server } from "../workload/names.ts";
import { clusterOf } from "../run/running-lab.ts";
import type { RunningLab } from "../run/running-lab.ts";
import type { Fault, FaultKind } from "./fault.ts";
import type { Victims } from "./kill.ts";
import { runningPods } from "./pods.ts";

export interface AnswerFault extends Fault {
  readonly kind: "answer";
  readonly cluster: string;
  /** The HTTP status of every answer; absent for the right one. */
  readonly status?: number;
  /** Milliseconds before every answer. */
  readonly delay?: number;
}

export function answer(cluster: string, how: Pick<AnswerFault, "status" | "delay">): AnswerFault {
  const words = [
    ...(how.status === undefined ? [] : [`answers ${how.status}`]),
    ...(how.delay === undefined ? [] : [`answers after ${how.delay} ms`]),
  ];
  return { kind: "answer", says: `every server of ${cluster} ${words.join(" and ")}`, cluster, ...how };
}

const told = ({ status, delay }: AnswerFault): Record<string, number> => ({
  "fault.http.abort.abort_percent": status === undefined ? 0 : 100,
  "fault.http.abort.http_status": status ?? 500,
  "fault.http.delay.fixed_delay_percent": delay === undefined ? 0 : 100,
  "fault.http.delay.fixed_duration_ms": delay ?? 0,
});

async function tell(lab: RunningLab, cluster: string, pod: string, settings: Record<string, number>): Promise<void> {
  const query = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const url = `http://127.0.0.1:${adminPort}/runtime_modify?${query.join("&")}`;
  await clusterOf(lab, cluster).exec({ namespace, pod, container: server }, ["curl", "-sSf", "-X", "POST", url]);
}

export const answerKind: FaultKind<AnswerFault, Victims> = {
  async prepare(lab, { cluster }) {
    return { pods: await runningPods(clusterOf(lab, cluster), namespace, `app=${server}`) };
  },
  async inject(lab, fault, { pods }) {
    await Promise.all(pods.map(({ name }) => tell(lab, fault.cluster, name, told(fault))));
  },
  /** A pod that is gone has nothing to unlearn. */
  async remove(lab, fault, { pods }) {
    const there = await runningPods(clusterOf(lab, fault.cluster), namespace, `app=${server}`, 0);
    const sick = pods.filter(({ uid }) => there.some((pod) => pod.uid === uid));
    const well = { kind: "answer", says: "", cluster: fault.cluster } as const;
    await Promise.all(sick.map(({ name }) => tell(lab, fault.cluster, name, told(well))));
  },
};

/** A service that answers badly or late: its pods are told so, see workload/server.ts. */
import { adminPort, namespace, server } from "../workload/names.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { clusterOf } from "../run/running-lab.ts";
import type { Fault, FaultKind } from "./fault.ts";
import type { Victims } from "./kill.ts";
import { runningPods } from "../../cluster/pods.ts";

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

const told = ({ status, delay }: Pick<AnswerFault, "status" | "delay">): Record<string, number> => ({
  "fault.http.abort.abort_percent": status === undefined ? 0 : 100,
  "fault.http.abort.http_status": status ?? 500,
  "fault.http.delay.fixed_delay_percent": delay === undefined ? 0 : 100,
  "fault.http.delay.fixed_duration_ms": delay ?? 0,
});

/**
 * Starting a command in a pod takes the processor for some tenths of a second, and requests would wait meanwhile: more
 * would be under way to a server that turns sick than a proxy can know of. So each command waits before it acts, in
 * each pod a little longer than in the one before.
 *
 * @param at which pod it is, from 0
 */
const secondsBefore = (at: number): number => 1 + at / 4;

interface At {
  readonly cluster: Cluster;
  readonly pod: string;
}

/**
 * Sets what a server's runtime is told. The wait is for what curl reads before it asks, so that curl has started too.
 * @returns when it was told, in milliseconds since 1970 by the pod's clock
 */
async function tell({ cluster, pod }: At, settings: Record<string, number>, seconds = 0): Promise<number> {
  const query = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const url = `http://127.0.0.1:${adminPort}/runtime_modify?${query.join("&")}`;
  const script = `date +%s%3N; sleep ${seconds} | curl -sSf -X POST --data-binary @- -o /dev/null '${url}'`;
  const started = await cluster.exec({ namespace, pod, container: server }, ["/bin/sh", "-c", script]);
  return Number(started) + seconds * 1_000;
}

export const answerKind: FaultKind<AnswerFault, Victims> = {
  async prepare(lab, { cluster }) {
    return { pods: await runningPods(clusterOf(lab, cluster), namespace, `app=${server}`) };
  },
  async inject(lab, fault, { pods }, begins) {
    const cluster = clusterOf(lab, fault.cluster);
    const times = await Promise.all(
      pods.map(({ name: pod }, at) => tell({ cluster, pod }, told(fault), secondsBefore(at))),
    );
    begins(Math.min(...times));
  },
  /** A pod that is gone has nothing to unlearn. */
  async remove(lab, { cluster: name }, { pods }) {
    const cluster = clusterOf(lab, name);
    const there = await runningPods(cluster, namespace, `app=${server}`, 0);
    const sick = pods.filter(({ uid }) => there.some((pod) => pod.uid === uid));
    await Promise.all(sick.map(({ name: pod }) => tell({ cluster, pod }, told({}))));
  },
};

/** Requests without a pause from clients of their own, each counted by the status that curl saw. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { helloUrl } from "./hello.ts";
import { must, type Stack } from "./shell.ts";
import { curlImage } from "../versions.ts";

export interface Load {
  readonly cluster: string;
  readonly sent: number;
  /** Answered otherwise than with 200, or not at all. */
  readonly failed: number;
  readonly perSecond: number;
}

/**
 * One after the other, at most 40 a second. Each line is the status that curl saw: 000 for none within 5 s. Told to
 * standard error, which curl does not hold back.
 */
const loop = `while :; do curl -s --rate 40/s -o /dev/null -m 5 -w '%{stderr}%{http_code}\\n' '${helloUrl}?[1-500]'; done`;

/** Requests fewer than these in a second would not notice a gap of one. */
const enough = 10;

/** Runs `during` while a pod in every cluster asks helloworld, says how they fared, and demands that none failed. */
export async function noneFails(stack: Stack, during: () => Promise<void>): Promise<void> {
  const running = await Promise.all(stack.clusters.map((cluster) => startLoad(stack, cluster)));
  try {
    await during();
    // Whatever is under way is answered, or given up.
    await sleep(6_000);
    const loads = await Promise.all(running.map(({ read }) => read()));
    for (const { cluster, sent, failed, perSecond } of loads) {
      console.log(
        `      ${cluster}: ${String(sent)} requests, ${perSecond.toFixed(0)} a second, ${String(failed)} failed`,
      );
    }
    for (const { cluster, failed, perSecond } of loads) {
      assert.ok(perSecond >= enough, `${perSecond.toFixed(1)} requests a second in ${cluster} are no load`);
      assert.equal(failed, 0, `requests failed in ${cluster}`);
    }
  } finally {
    await Promise.all(running.map(({ stop }) => stop()));
  }
}

/** A Deployment of its own, since the tests replace the client that they ask with. */
async function startLoad(stack: Stack, cluster: string) {
  const kubectl = `kubectl --kubeconfig ${stack.kubeconfig(cluster)} -n curl`;
  await must(`${kubectl} create deployment load --image ${curlImage} -- /bin/sh -c ${quoted(loop)}`);
  await must(`${kubectl} rollout status deploy/load --timeout 180s`);
  const start = performance.now();
  return {
    read: async (): Promise<Load> => {
      const seconds = (performance.now() - start) / 1000;
      const statuses = (await must(`${kubectl} logs deploy/load -c curl --tail=-1`)).trim().split("\n");
      const failed = statuses.filter((status) => status !== "200").length;
      return { cluster, sent: statuses.length, failed, perSecond: statuses.length / seconds };
    },
    stop: () => must(`${kubectl} delete deployment load --wait=false --ignore-not-found`),
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

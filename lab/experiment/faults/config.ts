/** A change of the lab's own configuration, by `pulumi up`: what is renewed, rotated or upgraded. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { restarted } from "../../cluster/restarted.ts";
import type { Json } from "../platforms/platform.ts";
import { clusterOf, type RunningLab } from "../run/running-lab.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { everyProxyServed } from "./served.ts";

/** Values by path below `istio-lab:`, such as `ca.roots`. */
export interface Changes {
  readonly [path: string]: Json;
}

interface Target {
  readonly cluster: string;
  readonly namespace: string;
  readonly deployment: string;
}

export interface ConfigFault extends Fault {
  readonly kind: "config";
  readonly changes: Changes;
  /** What is still changed afterwards. Default: nothing. */
  readonly undone: Changes;
  /** What is restarted after each `pulumi up`, one after the other, because it would hear of it only much later. */
  readonly restarts: readonly Target[];
}

export function config(
  says: string,
  changes: Changes,
  { undone = {}, restarts = [] }: Partial<Pick<ConfigFault, "undone" | "restarts">> = {},
): ConfigFault {
  return { kind: "config", says, changes, undone, restarts };
}

export const configKind: FaultKind<ConfigFault, null> = {
  prepare: () => Promise.resolve(null),
  inject: (lab, { changes, restarts }) => upWith(lab, changes, restarts),
  remove: (lab, { undone, restarts }) => upWith(lab, undone, restarts),
};

async function upWith(lab: RunningLab, changes: Changes, restarts: readonly Target[]): Promise<void> {
  await (Object.keys(changes).length === 0 ? lab.up(lab.file) : upChanged(lab, changes));
  for (const { cluster: name, namespace: where, deployment } of restarts) {
    const cluster = clusterOf(lab, name);
    await restarted(cluster, where, deployment);
    await everyProxyServed(cluster);
  }
}

/** The stack's file with some values set to something else, in a folder that is gone afterwards: it may hold a salt. */
async function upChanged(lab: RunningLab, changes: Changes): Promise<void> {
  const document = parseDocument(readFileSync(lab.file, "utf8"));
  for (const [path, value] of Object.entries(changes)) {
    const [key = "", ...rest] = path.split(".");
    document.setIn(["config", `istio-lab:${key}`, ...rest], document.createNode(value));
  }
  const folder = mkdtempSync(join(tmpdir(), "istio-lab-experiment-"));
  try {
    const file = join(folder, basename(lab.file));
    writeFileSync(file, document.toString());
    await lab.up(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

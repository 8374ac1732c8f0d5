/**
 * Measures, inside one process, what each resource of a lab takes and what each of the same resources takes bare.
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import program from "../../../index.ts";
import { type Phase, type PhaseTimes, phasesVariable, timesVariable } from "../phases.ts";
import { registerBare } from "./bare.ts";

export default async function further(): Promise<void> {
  const phases = JSON.parse(readFileSync(file(phasesVariable), "utf8")) as Phase[];
  const times: PhaseTimes[] = [];
  for (const phase of phases) times.push(await timed(phase));
  writeFileSync(file(timesVariable), JSON.stringify(times));
}

async function timed(phase: Phase): Promise<PhaseTimes> {
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  if ("lab" in phase) evaluate(phase.lab);
  else registerBare(phase.bare);
  await waitForRequests();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall: (performance.now() - wallBefore) / 1000, cpu: (user + system) / 1e6 };
}

function evaluate(config: Readonly<Record<string, string>>): void {
  pulumi.runtime.setAllConfig({ ...config });
  program();
}

/** Resolves when no request to the engine is on its way any more; the SDK does not declare it. */
function waitForRequests(): Promise<void> {
  return (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

function file(variable: string): string {
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} is not set: this program is run by \`npm run bench\`.`);
  return path;
}

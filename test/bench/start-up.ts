/** What evaluating a program takes, compared with a program that only imports the same SDKs. */
import { resolve } from "node:path";
import { stackConfig } from "../../lab/recorder/stack-file.ts";
import type { FakeEngine } from "./engine.ts";
import { root, runProgram, type Usage } from "./language-host.ts";
import type { Comparison } from "./report.ts";

const imports = resolve(import.meta.dirname, "programs/imports.ts");

/** Limits as ratios. Time is processor time: a busy machine stretches the clock, not that. */
const limits = { time: 1.5, memory: 1.3 };

/**
 * Evaluates the stack `multi` and the program that only imports, in turns, each in a process of its own.
 * @param program file of the program that stands for ours
 */
export async function compareStartUp(
  { engine, address }: { engine: FakeEngine; address: string },
  program: string,
  repeats: number,
): Promise<Comparison[]> {
  const config = await stackConfig("multi");
  const reference: Usage[] = [];
  const subject: Usage[] = [];
  for (let turn = 0; turn < repeats; turn += 1) {
    reference.push(await runProgram({ path: imports, config }, address));
    engine.take();
    subject.push(await runProgram({ path: resolve(root, program), config }, address));
    engine.take();
  }
  const compared = (what: string, unit: string, key: keyof Usage, limit: number | undefined): Comparison => ({
    what,
    unit,
    subject: subject.map((usage) => usage[key]),
    reference: reference.map((usage) => usage[key]),
    limit,
  });
  return [
    compared("multi, time of the processor", "s", "cpu", limits.time),
    compared("multi, peak of memory", "MiB", "peak", limits.memory),
    compared("multi, time on the clock", "s", "wall", undefined),
  ];
}

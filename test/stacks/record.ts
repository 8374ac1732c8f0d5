/** Runs the program of each committed stack file once per mode and process. */
import { readdirSync } from "node:fs";
import type { ResourceGraph } from "../../lab/recorder/graph.ts";
import { recordProgram } from "../../lab/recorder/record.ts";
import { stackConfig } from "../../lab/recorder/stack-file.ts";

const root = new URL("../../", import.meta.url);

/** Stacks of the repository: `single`, `multi`, and files such as `stacks/single-ha.yaml`. */
export const stackNames: readonly string[] = [
  ...readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []),
  ...readdirSync(new URL("stacks/", root))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => `stacks/${file}`),
].sort();

const runs = new Map<string, Promise<ResourceGraph>>();

/** The graph of a stack; `preview` as `pulumi preview` sees it before anything exists. */
export function graphOf(stack: string, preview = false): Promise<ResourceGraph> {
  const key = `${stack} ${String(preview)}`;
  const run = runs.get(key) ?? record(stack, preview);
  runs.set(key, run);
  return run;
}

async function record(stack: string, preview: boolean): Promise<ResourceGraph> {
  const file = stack.endsWith(".yaml") ? new URL(stack, root).pathname : stack;
  return recordProgram({ stack: "test", config: await stackConfig(file), preview });
}

/** The configuration as index.ts reads it: structures parsed, keys without the project's name. */
export async function rawConfigOf(stack: string): Promise<Record<string, unknown>> {
  const config = await stackConfig(stack.endsWith(".yaml") ? new URL(stack, root).pathname : stack);
  const own = Object.entries(config).filter(([key]) => key.startsWith("istio-lab:"));
  return Object.fromEntries(
    own.map(([key, text]) => [
      key.slice("istio-lab:".length),
      /^([[{]|true$|false$)/.test(text) ? JSON.parse(text) : text,
    ]),
  );
}

import type { ResourceGraph } from "../../lab/recorder/graph.ts";
import { recordProgram } from "../../lab/recorder/record.ts";
import type { LabConfig } from "../../topology/schema.ts";

const runs = new Map<string, Promise<ResourceGraph>>();

/** Runs the program with the keys of a stack file, once for equal ones. */
export function recordConfig(config: LabConfig): Promise<ResourceGraph> {
  const key = JSON.stringify(config);
  const run = runs.get(key) ?? record(config);
  runs.set(key, run);
  return run;
}

function record(config: LabConfig): Promise<ResourceGraph> {
  const entries = Object.entries(config).map(([key, value]): [string, string] => [
    `istio-lab:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return recordProgram({ stack: "test", config: Object.fromEntries(entries) });
}

/** Two or more primaries, each in a region and on a network of its own. */
export function primaries(...names: readonly string[]): NonNullable<LabConfig["clusters"]> {
  const regions = ["us-east-1", "us-west-2", "ap-northeast-1"];
  return names.map((name, index) => ({
    name,
    region: regions[index % regions.length] ?? "",
    network: `network-${name}`,
    cidr: `10.${String(index + 1)}0.0.0/16`,
  }));
}

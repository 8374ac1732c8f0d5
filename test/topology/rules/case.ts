/** How a rule is tested: a configuration that it must catch, and its nearest twin that it must let pass. */
import type { LabConfig } from "../../../topology/schema.ts";

interface RuleCase {
  readonly caught: LabConfig;
  /** Where the finding must point. */
  readonly at: string;
  readonly passes: LabConfig;
  /** What the message says to do, where the twin needs something that is not built yet and leads to no plan. */
  readonly cure?: LabConfig;
  readonly today?: string;
}

export type RuleCases = Readonly<Record<string, RuleCase>>;

export const east = { name: "east", region: "us-east-1", cidr: "10.10.0.0/16" };
export const west = { name: "west", region: "us-west-2", cidr: "10.20.0.0/16" };
export const two: LabConfig = { clusters: [east, west] };

/** Two clusters on one network. */
export const oneNetwork: LabConfig = {
  networkLink: "peering",
  clusters: [
    { ...east, network: "shared" },
    { ...west, network: "shared" },
  ],
};

/** A control plane outside the cluster that it serves. */
export const external: LabConfig = {
  clusters: [
    { name: "external", config: "config", cidr: "10.30.0.0/16" },
    { name: "config", primary: "external", cidr: "10.40.0.0/16" },
  ],
};

/** A primary and its remote. */
export const remote: LabConfig = { clusters: [east, { ...west, primary: "east" }] };

/** Hosts that a proxy looks up as they are asked for. */
export const dynamicEntry: NonNullable<LabConfig["serviceEntries"]>[number] = {
  name: "dynamic",
  hosts: ["*.example.com"],
  ports: [{ number: 443, name: "https", protocol: "TLS" }],
  resolution: "DYNAMIC_DNS",
};

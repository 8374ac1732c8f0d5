/** What an edit of a stack file is, and the lab that most of them begin from. */
import type { LabConfig } from "../../topology/schema.ts";
import { primaries } from "../components/record.ts";

export interface Edit {
  readonly name: string;
  readonly from?: LabConfig;
  readonly to: (from: LabConfig) => LabConfig;
  /** Patterns of `Kind name`. Each change must match one, and each pattern must match a change. */
  readonly created?: readonly RegExp[];
  readonly updated?: readonly RegExp[];
  readonly replaced?: readonly RegExp[];
  readonly deleted?: readonly RegExp[];
  /** Why it may make a cluster, a VPC, a subnet or a root anew, or take one away: all other edits do neither. */
  readonly endsWhatLasts?: string;
}

export const [east = { name: "" }, west = { name: "" }, third = { name: "" }] = primaries("east", "west", "zone");

/** The multi stack, but for its regions. */
export const running: LabConfig = {
  clusters: [east, west],
  mesh: { version: "1.31.0", profile: "demo", mtls: "STRICT" },
  controlPlane: { ha: true },
  samples: ["helloworld", "curl"],
};

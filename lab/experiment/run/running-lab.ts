/** A lab that stands, and who can cut its networks. */
import type { OpenStack } from "../../stack/stack.ts";
import type { Platform } from "../platforms/platform.ts";

export { clusterOf } from "../../stack/stack.ts";

export interface RunningLab extends OpenStack {
  readonly platform: Platform;
  /** `pulumi up` with a stack file. Resolves when it is done. */
  up(file: string): Promise<void>;
}

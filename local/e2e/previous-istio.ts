/** The Istio of the minor before, from which upgrades start. It is not among what every start builds. */
import { versions } from "../versions.ts";
import { localCloud } from "./shell.ts";

export const { version: previousVersion } = versions.previousIstio;
export const { version: newVersion } = versions.istio;

/** Declares that a suite needs it. Compiling it takes some minutes, once. */
export function needsPreviousIstio(): void {
  before(async function () {
    this.timeout(1_800_000);
    const { exitCode, stderr } = await localCloud("build", "--previous-istio");
    if (exitCode !== 0) throw new Error(`npm run local -- build --previous-istio\n${stderr}`);
  });
}

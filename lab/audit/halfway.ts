/** A stack that an `up` or a `destroy` has left half made. */
import { pulumi as realPulumi, type Pulumi } from "../stack/pulumi.ts";
import type { Audit } from "./report.ts";

/** As much of `pulumi stack export` as is looked at; a stack that was destroyed has no resources, a new one no deployment. */
interface Exported {
  readonly deployment?: { readonly resources?: readonly { readonly type: string }[] } | null;
}

/** Of a stack without outputs: what Pulumi has of it all the same, undefined where that is nothing. */
export async function halfwayOf(stack: string, pulumi: Pulumi = realPulumi): Promise<Audit["halfway"]> {
  const { deployment } = JSON.parse(await pulumi("stack", "export", "--stack", stack)) as Exported;
  // The stack itself and its providers are Pulumi's own.
  const made = (deployment?.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
  return made.length === 0 ? undefined : { stack, resources: made.length };
}

/** What docs/recovery.md says to type, typed. */
import type { Engine } from "./engine.ts";
import { succeeded } from "./engine.ts";

/** When `up` alone does not get on. Returns what was typed. */
export async function help(engine: Engine): Promise<string> {
  const failed = engine.resources().filter(({ outputs }) => /^(CREATE_)?FAILED$/.test(String(outputs?.["status"])));
  for (const { urn } of failed) succeeded(await engine.pulumi(`state taint '${urn}'`));
  if (failed.length > 0) return `pulumi state taint (${failed.map(({ urn }) => nameOf(urn)).join(" ")})`;
  await engine.up("--refresh --continue-on-error");
  return "pulumi up --refresh";
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeKubeconfig } from "./kubeconfig.ts";
import { runDir } from "../paths.ts";
import { openSession, runInside } from "./session.ts";
import { say } from "./say.ts";
import type { Session } from "./session.ts";

/**
 * Runs `pulumi up`, `preview` or `destroy` for a stack, which is made when it is new. Its file is `Pulumi.<stack>.yaml`,
 * else `stacks/<stack>.yaml`.
 *
 * @param extra further arguments for Pulumi
 * @returns Pulumi's exit code
 */
export async function runStack(action: "up" | "preview" | "destroy", stack: string, extra: string[]): Promise<number> {
  const session = await openSession();
  const config = configArguments(session, stack);
  const selected = await runInside(session, ["pulumi", "stack", "select", "--create", stack]);
  if (selected !== 0) return selected;
  const confirmed = action === "preview" ? [] : ["--yes"];
  const argv = ["pulumi", action, "--stack", stack, ...confirmed, ...config, ...extra];
  say(argv.join(" "));
  const code = await runInside(session, argv);
  await writeKubeconfig(runDir);
  return code;
}

function configArguments(session: Session, stack: string): string[] {
  if (existsSync(join(session.workspace, `Pulumi.${stack}.yaml`))) return [];
  const file = join("stacks", `${stack}.yaml`);
  if (existsSync(join(session.workspace, file))) return ["--config-file", file];
  throw new Error(`there is no stack file for "${stack}": neither Pulumi.${stack}.yaml nor stacks/${stack}.yaml`);
}

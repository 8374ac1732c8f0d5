import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeKubeconfig } from "./kubeconfig.ts";
import { runDir } from "../paths.ts";
import { openSession, project, runInside } from "./session.ts";
import { say } from "./say.ts";

/**
 * Runs `pulumi up`, `preview` or `destroy` for a stack, which is made when it is new. Its file is `Pulumi.<stack>.yaml`,
 * else `stacks/<stack>.yaml`.
 *
 * @param extra further arguments for Pulumi
 * @returns Pulumi's exit code
 */
export async function runStack(action: "up" | "preview" | "destroy", stack: string, extra: string[]): Promise<number> {
  const config = configArguments(project, stack);
  const session = await openSession();
  const selected = await runInside(session, ["pulumi", "stack", "select", "--create", stack]);
  if (selected !== 0) return selected;
  const confirmed = action === "preview" ? [] : ["--yes"];
  const argv = ["pulumi", action, "--stack", stack, ...confirmed, ...config, ...extra];
  say(argv.join(" "));
  const code = await runInside(session, argv);
  await writeKubeconfig(runDir);
  return code;
}

/**
 * How Pulumi finds the stack's file. It is looked for in the project: in the workspace Pulumi itself writes a
 * `Pulumi.<stack>.yaml` for each stack, with nothing but a salt.
 *
 * @throws when there is none
 */
export function configArguments(root: string, stack: string): string[] {
  if (existsSync(join(root, `Pulumi.${stack}.yaml`))) return [];
  const file = join("stacks", `${stack}.yaml`);
  if (existsSync(join(root, file))) return ["--config-file", file];
  throw new Error(`there is no stack file for "${stack}": neither Pulumi.${stack}.yaml nor ${file}`);
}

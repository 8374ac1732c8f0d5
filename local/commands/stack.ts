import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { meshPaths } from "../workspace-overrides.ts";
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
  const session = await openSession({ previousIstio: hasCanary(stackFile(project, stack)) });
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
  const file = stackFile(root, stack);
  return file.startsWith("stacks") ? ["--config-file", file] : [];
}

function stackFile(root: string, stack: string): string {
  const [usual, further] = [`Pulumi.${stack}.yaml`, join("stacks", `${stack}.yaml`)];
  const file = [usual, further].find((each) => existsSync(join(root, each)));
  if (file === undefined) throw new Error(`there is no stack file for "${stack}": neither ${usual} nor ${further}`);
  return file;
}

/** Whether a stack file asks for two versions of Istio at once. */
function hasCanary(file: string): boolean {
  const document = parseDocument(readFileSync(join(project, file), "utf8"));
  return meshPaths(document).some((mesh) => document.hasIn([...mesh, "revisions", "canary"]));
}

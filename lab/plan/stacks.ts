/** The files in which the project has the configuration of its stacks. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseDocument } from "yaml";
import { projectRoot } from "./project.ts";

/** Names of the stacks that the project has, sorted. */
export function knownStacks(): string[] {
  const own = names(projectRoot, /^Pulumi\.(?<name>[^.]+)\.yaml$/);
  const further = names(resolve(projectRoot, "stacks"), /^(?<name>[^.]+)\.yaml$/);
  return [...new Set([...own, ...further])].toSorted();
}

function names(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => pattern.exec(file)?.groups?.["name"] ?? []);
}

/**
 * `Pulumi.<name>.yaml` of the project's folder where it configures something, else `stacks/<name>.yaml`; undefined where
 * neither is there.
 */
export function stackFile(name: string, folder = projectRoot): string | undefined {
  if (!/^[\w-]+$/.test(name)) return undefined;
  const own = resolve(folder, `Pulumi.${name}.yaml`);
  const further = resolve(folder, "stacks", `${name}.yaml`);
  if (!existsSync(further)) return existsSync(own) ? own : undefined;
  return existsSync(own) && configures(own) ? own : further;
}

/** `pulumi stack init` writes a file with the salt of the stack's secrets and nothing else. */
function configures(file: string): boolean {
  const document = parseDocument(readFileSync(file, "utf8"));
  return document.errors.length > 0 || document.has("config");
}

/** What somebody is told to type. */
import { relative, resolve } from "node:path";
import { quoted } from "../plan/quoted.ts";
import { stackFile } from "../plan/stacks.ts";
import { projectRoot } from "./pulumi.ts";
import type { OpenStack } from "./stack.ts";

export interface NamedStack {
  readonly stack?: string | undefined;
  readonly configFile?: string | undefined;
}

/** The options by which a command finds the stack, each with a space before it. */
export const stackOptions = ({ stack, configFile }: NamedStack): string =>
  `${stack === undefined ? "" : ` --stack ${stack}`}${fileOption({ configFile })}`;

/** As `stackOptions`, for a command that takes the stack as its argument. */
export const fileOption = ({ configFile }: Pick<NamedStack, "configFile">): string =>
  configFile === undefined ? "" : ` --config-file ${quoted(configFile)}`;

/** `pulumi <verb>` for a stack, with its file where Pulumi would not find that by the stack's name. */
export function pulumiCommand(verb: "up" | "destroy", stack: string, file = stackFile(stack)): string {
  const itsOwn = file === undefined || resolve(projectRoot, file) === resolve(projectRoot, `Pulumi.${stack}.yaml`);
  return `pulumi ${verb} --stack ${stack}${itsOwn ? "" : fileOption({ configFile: shown(file) })}`;
}

type Found = Pick<OpenStack, "stack" | "file">;

/** As `stackOptions`, of a lab that stands. */
export const labOptions = ({ stack, file }: Found): string => ` --stack ${stack}${labFileOption({ stack, file })}`;

/** As `labOptions`, for a command that takes the stack as its argument. */
export const labArguments = ({ stack, file }: Found): string => `${stack}${labFileOption({ stack, file })}`;

const labFileOption = ({ stack, file }: Found): string =>
  file === stackFile(stack) ? "" : fileOption({ configFile: shown(file) });

function shown(file: string): string {
  const inProject = relative(projectRoot, resolve(projectRoot, file));
  return inProject.startsWith("..") ? file : inProject;
}

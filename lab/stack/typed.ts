/** What somebody is told to type. */
import { resolve } from "node:path";
import { projectRoot, shortPath } from "../plan/project.ts";
import { quoted } from "../plan/quoted.ts";
import { stackFile } from "../plan/stacks.ts";
import type { OpenStack } from "./stack.ts";

export interface NamedStack {
  readonly stack?: string | undefined;
  readonly configFile?: string | undefined;
}

/** The options by which a command finds the stack, each with a space before it. */
export const stackOptions = ({ stack, configFile }: NamedStack): string =>
  `${stack === undefined ? "" : ` --stack ${stack}`}${fileOption(configFile)}`;

const fileOption = (file: string | undefined): string => (file === undefined ? "" : ` --config-file ${quoted(file)}`);

/** `pulumi <verb>` for a stack, with its file where Pulumi would not find that by the stack's name. */
export function pulumiCommand(verb: "up" | "destroy", stack: string, file = stackFile(stack)): string {
  const itsOwn = file === undefined || resolve(projectRoot, file) === resolve(projectRoot, `Pulumi.${stack}.yaml`);
  return `pulumi ${verb} --stack ${stack}${itsOwn ? "" : fileOption(shortPath(file, projectRoot))}`;
}

type Found = Pick<OpenStack, "stack" | "file">;

/** As `stackOptions`, of a lab that stands. */
export const labOptions = ({ stack, file }: Found): string => ` --stack ${stack}${labFileOption({ stack, file })}`;

/** As `labOptions`, for a command that takes the stack as its argument. */
export const labArguments = ({ stack, file }: Found): string => `${stack}${labFileOption({ stack, file })}`;

const labFileOption = ({ stack, file }: Found): string =>
  resolve(projectRoot, file) === stackFile(stack) ? "" : fileOption(shortPath(file, projectRoot));

/** Whether the words that a page types after `npm run <script> --` are those that the script takes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command, CommanderError } from "commander";
import { program as lab } from "../../lab/program.ts";
import { suites } from "../suites/suites.ts";
import { root } from "./pages.ts";

/**
 * What is wrong with the words, or undefined.
 * @param whole false where a sentence names a command, which may then lack what else it needs
 */
export type Judge = (words: readonly string[], whole: boolean) => string | undefined;

/** By script; one that is not here takes no words. */
export async function judges(): Promise<Readonly<Record<string, Judge>>> {
  return {
    lab: judgedBy(lab),
    local: judgedBy(await localProgram()),
    "test:full": isSuite,
    "test:gate": isSuite,
    "test:local:one": areFilesOfLocal,
    "test:faults:one": areFilesOfLocal,
  };
}

/** By its address, so that its types stay in the local cloud's own project. */
async function localProgram(): Promise<Command> {
  const address = new URL("../../local/program.ts", import.meta.url).href;
  return ((await import(address)) as { program: Command }).program;
}

/** Asks the program itself, whose commands then do nothing. */
function judgedBy(program: Command): Judge {
  disarm(program);
  return (words, whole) => {
    try {
      program.parse(words, { from: "user" });
      return undefined;
    } catch (error) {
      const { code, exitCode, message } = error as CommanderError;
      if (typeof exitCode !== "number") throw error;
      if (exitCode === 0 || (!whole && incomplete.includes(code))) return undefined;
      return code === "commander.help" ? "a command is missing" : message.replaceAll("\n", " ");
    }
  };
}

/** What a command that is only named may be wanting; `help` is the answer to one without its subcommand. */
const incomplete = ["commander.missingArgument", "commander.missingMandatoryOptionValue", "commander.help"];

function disarm(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  if (command.commands.length === 0) command.action(() => undefined);
  command.commands.forEach(disarm);
}

const isSuite: Judge = ([word = "", ...more]) =>
  more.length === 0 && suites.some(({ name }) => name.includes(word)) ? undefined : "no suite has this in its name";

const areFilesOfLocal: Judge = (words) => {
  const absent = words.filter((word) => !existsSync(join(root, "local", word)));
  return absent.length === 0 ? undefined : `local/ has no ${absent.join(", ")}`;
};

/** What can be wrong with the commands of a page that are not the project's own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { knownStacks, stackFile } from "../../lab/plan/stacks.ts";
import { type Cli, clis, programs } from "./clis.ts";
import { fencedCommands, inlineCode } from "./markdown.ts";
import { root } from "./pages.ts";
import { wordsOf } from "./shell.ts";

/**
 * Programs that a reader does not have; verbs and options that they do not take; stacks and stack files that there are
 * not. A sentence may name a command without its verb.
 */
export function foreignProblems(markdown: string): string[] {
  const fenced = fencedCommands(markdown).map(started);
  const named = inlineCode(markdown).map(started);
  const stacks = [...knownStacks(), ...[...fenced, ...named].flatMap(initialized)];
  return [
    ...fenced.flatMap((command) => [...programProblems(command), ...cliProblems(command, true)]),
    ...named.flatMap((command) => cliProblems(command, false)),
    ...[...fenced, ...named].flatMap((command) => stackProblems(command, stacks)),
  ];
}

/** What runs in the end: of `npm run local -- exec -- …`, `xargs …` and with variables before it. */
const started = (command: string): string =>
  command.replace(/^npm run (?:--silent )?local -- exec -- /, "").replace(/^(?:[A-Za-z_]\w*=\S* *|(?:do|xargs) )+/, "");

const programOf = (command: string): string => wordsOf(command)[0] ?? "";

function programProblems(command: string): string[] {
  const program = programOf(command);
  return program === "" || program in clis || programs.includes(program)
    ? []
    : [`${command}: no reader has ${program}`];
}

function cliProblems(command: string, whole: boolean): string[] {
  const [program = "", ...all] = wordsOf(command);
  const cli = clis[program];
  if (cli === undefined) return [];
  const words = all.slice(0, all.includes("--") ? all.indexOf("--") : undefined);
  const verb = verbOf(words, cli);
  const own = cli.verbs[verb];
  if (own === undefined)
    return !whole && (verb === "" || isGroup(verb, cli)) ? [] : [`${command}: ${program} has no verb "${verb}"`];
  const options = `${cli.options} ${own}`.split(" ");
  return words
    .filter((word) => /^--?[a-zA-Z]/.test(word))
    .map((word) => word.replace(/=.*/, ""))
    .filter((option) => !options.includes(option))
    .map((option) => `${command}: ${program} ${verb} has no option ${option}`);
}

/** With the word below it where the first names a group, as `stack` of `stack init`. */
function verbOf(words: readonly string[], cli: Cli): string {
  let at = 0;
  while (words[at]?.startsWith("-")) at += words[at]?.includes("=") ? 1 : 2;
  const [verb = "", below = "-"] = words.slice(at);
  return isGroup(verb, cli) && !below.startsWith("-") ? `${verb} ${below}` : verb;
}

const isGroup = (verb: string, { verbs }: Cli): boolean =>
  Object.keys(verbs).some((each) => each.startsWith(`${verb} `));

/** Stacks that a page makes itself. */
const initialized = (command: string): string[] => /^pulumi stack init (\S+)/.exec(command)?.slice(1) ?? [];

function stackProblems(command: string, stacks: readonly string[]): string[] {
  if (!/^(?:pulumi|npm run (?:--silent )?lab) /.test(command)) return [];
  const [stack, file] = ["stack", "config-file"].map(
    (option) => new RegExp(`--${option}[ =](\\S+)`).exec(command)?.[1],
  );
  const problems: string[] = [];
  if (stack !== undefined && !isReaders.test(stack) && !stacks.includes(stack))
    problems.push(`there is no stack ${stack}`);
  if (file !== undefined && !isReaders.test(file) && !existsSync(join(root, file)))
    problems.push(`there is no file ${file}`);
  if (stack !== undefined && file === undefined && readsConfiguration.test(command) && isFurther(stack))
    problems.push(`Pulumi finds no configuration without --config-file stacks/${stack}.yaml`);
  return problems.map((problem) => `${command}: ${problem}`);
}

/** What stands for a name that the reader puts there. */
const isReaders = /^(?:<.*>|my-.*)$/;

const readsConfiguration = /^pulumi (?:destroy|preview|refresh|up) /;

/** Of these Pulumi does not find the file by itself. */
const isFurther = (stack: string): boolean => stackFile(stack)?.startsWith(join(root, "stacks/")) === true;

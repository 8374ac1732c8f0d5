/** What can be wrong with a page of the documentation; each check returns one line per mistake. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Judge } from "./command-lines.ts";
import { anchors, fencedCommands, inlineCode, relativeLinks } from "./markdown.ts";
import { wordsOf } from "./shell.ts";

/** What can be typed after `npm run`. */
export interface Commands {
  /** The scripts of package.json. */
  readonly scripts: readonly string[];
  /** By script: what judges the words after `--`; one without takes none. */
  readonly judges: Readonly<Record<string, Judge>>;
}

/** Commands of npm that name a script, a command, an option or an argument that there is not. */
export function commandProblems(markdown: string, commands: Commands): string[] {
  return [
    ...fencedCommands(markdown).flatMap((command) => problemsOf(command, true, commands)),
    ...inlineCode(markdown).flatMap((command) => problemsOf(command, false, commands)),
  ];
}

/** Those that run a script of ours; `npm ci`, `npm install` and their like are npm's own. */
export function npmCommands(markdown: string): string[] {
  return [...fencedCommands(markdown), ...inlineCode(markdown)].filter(runsScript);
}

const runsScript = (command: string): boolean => /^npm (run|start|test)\b/.test(command);

function problemsOf(command: string, whole: boolean, commands: Commands): string[] {
  if (!runsScript(command)) return [];
  const words = wordsOf(command).slice(1);
  const separator = words.indexOf("--");
  const npms = (separator < 0 ? words : words.slice(0, separator)).filter((word) => word !== "--silent");
  const given = separator < 0 ? [] : words.slice(separator + 1);
  const [verb, ...rest] = npms;
  const script = verb === "run" ? rest.shift() : verb;
  if (script === undefined || !commands.scripts.includes(script)) return [`${command}: no script "${script ?? ""}"`];
  if (rest.length > 0) return [`${command}: npm takes these words itself, put -- before them`];
  const problem = (commands.judges[script] ?? takesNone)(given, whole);
  // `npm run local -- exec --` runs another command.
  const [, inner = ""] = / exec -- (npm .*)$/.exec(command) ?? [];
  return [...(problem === undefined ? [] : [`${command}: ${problem}`]), ...problemsOf(inner, whole, commands)];
}

const takesNone: Judge = (words) => (words.length === 0 ? undefined : "this script takes no words");

/**
 * Links to files and headings that are not there.
 *
 * @param file where the page lies, because its links are relative to its folder
 */
export function linkProblems(markdown: string, file: string): string[] {
  return relativeLinks(markdown).flatMap((link) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : resolve(dirname(file), path);
    if (!existsSync(target)) return [`${link}: there is no ${target}`];
    const text = path === "" ? markdown : anchor === undefined ? "" : readFileSync(target, "utf8");
    if (anchor === undefined || anchors(text).includes(anchor)) return [];
    return [`${link}: no heading of ${target} has this anchor`];
  });
}

/** A price that a table quotes for a stack. */
export interface Quote {
  readonly stack: string;
  /** In US dollars, as it is written. */
  readonly hourly: string;
}

/** Rows of a table whose first cell names a stack or a stack file and whose last is `$0.31 per hour`, in either language. */
export function quotedCosts(markdown: string): Quote[] {
  const rows = markdown.matchAll(
    /^\| `(?:stacks\/)?(?<stack>[\w-]+)(?:\.yaml)?` *\|.*\| *\$(?<hourly>[\d.]+) (?:per hour|\/ 時間) *\|$/gm,
  );
  return [...rows].map(({ groups }) => ({ stack: groups?.["stack"] ?? "", hourly: groups?.["hourly"] ?? "" }));
}

/**
 * Quotes that differ from what the plan adds up.
 *
 * @param hourly the plan's sum for a stack, in US dollars
 */
export function costProblems(markdown: string, hourly: (stack: string) => number | null): string[] {
  return quotedCosts(markdown).flatMap(({ stack, hourly: quoted }) => {
    const planned = hourly(stack)?.toFixed(2) ?? "no sum";
    return planned === quoted ? [] : [`${stack}: $${quoted} per hour is quoted, the plan says ${planned}`];
  });
}

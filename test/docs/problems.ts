/** What can be wrong with a page of the documentation; each check returns one line per mistake. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { anchors, fencedCommands, inlineCode, relativeLinks } from "./markdown.ts";

/** What can be typed after `npm run`. */
export interface Commands {
  /** The scripts of package.json. */
  readonly scripts: readonly string[];
  /** By script: the subcommands of those that have some, typed after `--`. */
  readonly subcommands: Readonly<Record<string, readonly string[]>>;
}

/** Commands of npm that name a script or a subcommand that there is not. */
export function commandProblems(markdown: string, commands: Commands): string[] {
  return npmCommands(markdown).flatMap((command) => {
    const words = command.split(/\s+/).slice(1);
    const [verb, ...rest] = words.filter((word) => !/^--\w/.test(word));
    const script = verb === "run" ? rest.shift() : verb;
    if (script === undefined || !commands.scripts.includes(script)) return [`${command}: no script "${script ?? ""}"`];
    const known = commands.subcommands[script];
    const given = rest[0] === "--" ? rest[1] : undefined;
    // `npm run lab -- --help` has an option and no subcommand.
    const none = rest.length === 0 || / -- -/.test(command);
    if (known === undefined || (given === undefined && none)) return [];
    if (given === undefined) return [`${command}: npm takes these words itself, put -- before them`];
    return known.includes(given) ? [] : [`${command}: ${script} has no command "${given}"`];
  });
}

/** Those that run a script of ours; `npm ci`, `npm install` and their like are npm's own. */
export function npmCommands(markdown: string): string[] {
  const code = [...fencedCommands(markdown), ...inlineCode(markdown)];
  return code.filter((command) => /^npm (run|start|test)\b/.test(command));
}

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

/** Rows of a table whose first cell names a stack or a stack file and whose last is `$0.31 per hour`. */
export function quotedCosts(markdown: string): Quote[] {
  const rows = markdown.matchAll(
    /^\| `(?:stacks\/)?(?<stack>[\w-]+)(?:\.yaml)?` *\|.*\| *\$(?<hourly>[\d.]+) per hour *\|$/gm,
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

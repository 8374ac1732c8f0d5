/** docs/en/commands.md and docs/ja/commands.md say by hand what the program `lab` declares. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Argument, Command, Option } from "commander";
import { dashboardsOf } from "../../istio/observability.ts";
import { dashboardNames } from "../../lab/dashboard/target.ts";
import { planOf } from "../../lab/plan/plan-of.ts";
import { readSource } from "../../lab/plan/source.ts";
import { program as lab } from "../../lab/program.ts";
import { tablesOf } from "../lab/experiment/show/markdown.ts";
import type { Language } from "./experiment-pages.ts";
import { root } from "./pages.ts";

const pageOf = (language: Language): string => readFileSync(join(root, "docs", language, "commands.md"), "utf8");

/** What a section has to say, and of what it may say more. */
interface Declared {
  /** Options and arguments, as the first cell of their row names them, with the default where it has a literal one. */
  readonly rows: ReadonlyMap<string, string | undefined>;
  /** By option: the subcommands that have it, where not all do. */
  readonly only: ReadonlyMap<string, readonly string[]>;
  /** As a first cell names them. */
  readonly subcommands: readonly string[];
}

const flagOf = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};
const signatureOf = (command: Command): string =>
  [command.parent?.name(), command.name(), ...command.registeredArguments.map(flagOf)].join(" ");

/** As a page writes it: what is typed, without the words around it. */
function defaultOf({ defaultValue, description }: Pick<Option, "defaultValue" | "description">): string | undefined {
  // Of `--no-wait` the default is `true`, which nobody types.
  if (defaultValue !== undefined && typeof defaultValue !== "boolean") return String(defaultValue);
  const [, said] = /\(default: ([^\s,)]+)[,)]/.exec(description) ?? [];
  return said;
}

function declared(command: Command): Declared {
  const leaves = command.commands.length === 0 ? [command] : [...command.commands];
  const rows = new Map<string, string | undefined>();
  const has = new Map<string, string[]>();
  for (const leaf of leaves) {
    if (leaf === command)
      for (const argument of leaf.registeredArguments) rows.set(flagOf(argument), defaultOf(argument));
    for (const option of leaf.options) {
      rows.set(option.flags, defaultOf(option));
      has.set(option.flags, [...(has.get(option.flags) ?? []), leaf.name()]);
    }
  }
  const only = new Map([...has].filter(([, names]) => names.length < leaves.length));
  return { rows, only, subcommands: leaves.filter((leaf) => leaf !== command).map(signatureOf) };
}

const code = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);

/** The sections whose heading names a command; one may be of two. */
function sectionsOf(page: string, name: string): string[] {
  return page.split(/^## /m).filter((section) => (section.split("\n")[0] ?? "").split(/\s+/).includes(name));
}

/** What the section of a command says otherwise than the program; a line per mistake. */
function problemsOf(page: string, command: Command): string[] {
  const [section, ...more] = sectionsOf(page, command.name());
  if (section === undefined || more.length > 0) return [`${command.name()} must have one section`];
  const { rows, only, subcommands } = declared(command);
  const cells = tablesOf(section).flatMap(([, ...body]) => body.map((row) => ({ key: code(row[0])[0] ?? "", row })));
  const keys = cells.map(({ key }) => key);
  // A subcommand names its arguments itself; a row may say more of one.
  const known = [
    ...rows.keys(),
    ...subcommands,
    ...command.commands.flatMap((each) => each.registeredArguments.map(flagOf)),
  ];
  const wanted = [...rows.keys(), ...subcommands];
  return [
    ...wanted.filter((each) => !keys.includes(each)).map((each) => `${command.name()}: ${each} is missing`),
    ...keys.filter((each) => !known.includes(each)).map((each) => `${command.name()}: there is no ${each}`),
    ...cells
      .filter(({ key }) => rows.has(key))
      .flatMap(({ key, row }) => [
        ...defaultProblems(`${command.name()} ${key}`, row[1] ?? "", rows.get(key)),
        ...onlyProblems(`${command.name()} ${key}`, row[2] ?? "", only.get(key)),
      ]),
  ];
}

function defaultProblems(what: string, cell: string, wanted: string | undefined): string[] {
  if (wanted === undefined)
    return code(cell).length === 0 ? [] : [`${what}: ${cell} is its default on the page, and the program names none`];
  // Numbers stand there as they are.
  const said = code(cell)[0] ?? cell;
  return said === wanted ? [] : [`${what}: the default is ${wanted}, not ${said}`];
}

/** A cell begins with the subcommands that have the option, where not all do: `run`, `undo`: … */
function onlyProblems(what: string, cell: string, wanted: readonly string[] = []): string[] {
  const [beginning = ""] = /^(?:`\w+`(?:, |、)?)+(?=[:：])/.exec(cell) ?? [];
  const said = code(beginning);
  return said.join() === wanted.join() ? [] : [`${what}: it is of "${wanted.join(", ")}", not of "${said.join(", ")}"`];
}

describe("the page of the commands", () => {
  for (const language of ["en", "ja"] as const) {
    const page = pageOf(language);

    for (const command of lab.commands)
      it(`names what ${command.name()} takes, with its defaults, and nothing else (${language})`, () => {
        assert.deepEqual(problemsOf(page, command), []);
      });

    it(`names every command in its first table (${language})`, () => {
      const [[, ...rows] = []] = tablesOf(page);
      const named = rows.flatMap(([cell = ""]) => cell.replace(/^\[(.*)\]\(.*$/, "$1").split(", "));
      assert.deepEqual(named.sort(), lab.commands.map((command) => command.name()).sort());
    });

    it(`has the port of every dashboard (${language})`, () => {
      const [cluster] = planOf(readSource({ stack: "single-observability" })).clusters;
      const dashboards = dashboardsOf(cluster!);
      const ports = dashboardNames.map((name) => dashboards.find((each) => each.name === name)?.port);
      assert.ok(page.includes(`| ${ports.join(", ")} `), ports.join(", "));
    });
  }

  describe("is found wanting", () => {
    const page = pageOf("en");
    const named = (name: string): Command => lab.commands.find((command) => command.name() === name)!;
    const row = (key: string): RegExp => new RegExp(`^\\| \`${key.replaceAll(/[.[\]]/g, "\\$&")}\` .*\\n`, "m");
    const wrong: [title: string, command: string, changed: string, problem: RegExp][] = [
      ["without an option", "kubeconfig", page.replace(row("--out <file>"), ""), /--out <file> is missing/],
      ["without an argument", "dashboard", page.replace(row("<name>"), ""), /<name> is missing/],
      ["without an option of a subcommand", "experiment", page.replace(row("--rate <n>"), ""), /--rate <n> is missing/],
      ["without a subcommand", "exercise", page.replace(row("exercise solve <name>"), ""), /solve <name> is missing/],
      ["with an option that there is not", "audit", page.replace("`--lab-id <id>`", "`--lab <id>`"), /no --lab <id>/],
      [
        "with another default",
        "experiment",
        page.replace(/(`--rate <n>` +\| )200/, "$1100"),
        /default is 200, not 100/,
      ],
      [
        "with another file",
        "kubeconfig",
        page.replace("| `out/<stack>/kubeconfig`", "| `kubeconfig`"),
        /not kubeconfig/,
      ],
      [
        "with a default that there is not",
        "audit",
        page.replace(/(`\[stack\]` +\| )– {2}(?=.*destroyed)/, "$1`x`"),
        /names none/,
      ],
      [
        "with an option of other subcommands",
        "experiment",
        page.replace("`run`: how often", "how often"),
        /of "run", not of ""/,
      ],
      ["without a section", "doctor", page.replace("## doctor\n", ""), /doctor must have one section/],
    ];
    for (const [title, command, changed, problem] of wrong)
      it(title, () => {
        assert.notEqual(changed, page);
        assert.match(problemsOf(changed, named(command)).join("\n"), problem);
      });
  });
});

/** Where a plan's configuration comes from: a stack of the project, or a file. */
import { readFileSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import { configOfDocument } from "../../topology/import.ts";
import { encrypted } from "../../topology/trust.ts";
import { projectRoot, shortPath } from "./project.ts";
import { knownStacks, stackFile } from "./stacks.ts";
import { UsageError } from "./usage-error.ts";

const namespace = "istio-lab:";

/** Configuration as written, in the two forms that its readers want. */
export interface Source {
  /** The stack's name, also the name of the folder for files. */
  readonly stack: string;
  /** The file, as the user would type it. */
  readonly file: string;
  /** True where `pulumi up --stack` finds the configuration by itself: a Pulumi.<stack>.yaml of the project. */
  readonly isProjectStack: boolean;
  /** What stands under `istio-lab:`, for the planner. */
  readonly raw: unknown;
  /** Everything as the Pulumi engine hands it to a program: full keys, text, structures as JSON text. */
  readonly config: Readonly<Record<string, string>>;
  /** The position of a configuration path such as `clusters[1].primary`, as `12:5`; undefined where it is not written. */
  readonly positionOf: (path: string) => string | undefined;
  /** Configuration paths of values that the file holds encrypted, and the planner reads as a placeholder. */
  readonly encrypted: readonly string[];
}

export interface SourceOptions {
  readonly stack?: string | undefined;
  readonly configFile?: string | undefined;
}

/** What Pulumi takes for the name of a stack (https://www.pulumi.com/docs/iac/concepts/stacks/). */
const stackName = /^(?!\.+$)[A-Za-z0-9._-]{1,100}$/;

/**
 * Reads the configuration of a stack (`stackFile` says which that is) or of a file: a stack file,
 * or JSON with cluster records that may use Istio's own names.
 * @throws UsageError where there is no such stack or file, or where it cannot be read as YAML or JSON
 */
export function readSource({ stack, configFile }: SourceOptions): Source {
  if (configFile !== undefined) return readConfigFile(configFile, stack);
  const name = stack ?? "single";
  const file = stackFile(name);
  if (file === undefined) throw new UsageError(unknownStack(name));
  return readStackFile(file, name);
}

function unknownStack(name: string): string {
  return [
    `There is no stack "${name}": neither Pulumi.${name}.yaml nor stacks/${name}.yaml exists.`,
    `Stacks that exist: ${knownStacks().join(", ")}.`,
    "Plan one of them, or name a file of your own with --config-file FILE.",
  ].join("\n");
}

function readConfigFile(file: string, stack: string | undefined): Source {
  const text = readText(file);
  const name = stack ?? stackNameOf(file);
  if (!stackName.test(name)) {
    throw new UsageError(
      `"${name}" cannot name a stack, which takes letters, digits, hyphens, underscores and periods. ` +
        "Name one before the option: lab plan my-stack --config-file FILE.",
    );
  }
  return /^\s*[[{]/.test(text) ? fromJson(text, file, name) : fromYaml(text, file, name);
}

/** `stacks/single-ha.yaml` is `single-ha`, `Pulumi.multi.yaml` is `multi`. */
function stackNameOf(file: string): string {
  return basename(file, extname(file)).replace(/^Pulumi\./, "");
}

function readStackFile(file: string, stack: string): Source {
  return fromYaml(readText(file), file, stack);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "it does not exist" : (error as Error).message;
    throw new UsageError(`Cannot read the configuration file ${file}: ${reason}.`);
  }
}

function fromYaml(text: string, path: string, stack: string): Source {
  const file = shortPath(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const at = error.linePos?.[0];
    const where = at === undefined ? file : `${file}:${at.line}:${at.col}`;
    throw new UsageError(
      `${where}: this is no valid YAML. ${error.message.split("\n").slice(0, -1).join("\n") || error.message}`,
    );
  }
  const content: unknown = document.toJS();
  if (!isRecord(content) || !isRecord(content["config"] ?? {})) {
    throw new UsageError(`${file}: a stack file is a mapping with the key "config", such as Pulumi.single.yaml.`);
  }
  const section = (content["config"] ?? {}) as Record<string, unknown>;
  const others = Object.entries(section).filter(([key]) => !key.startsWith(namespace));
  const raw = configOfDocument(withoutSecrets(content));
  return {
    stack,
    file,
    isProjectStack: resolve(path) === resolve(projectRoot, `Pulumi.${stack}.yaml`),
    raw,
    config: engineConfig({ ...projectConfig(), ...Object.fromEntries(others), ...withNamespace(raw) }),
    positionOf: (configPath) => positionOf(document, lines, configPath),
    encrypted: encryptedPaths(raw, ""),
  };
}

function fromJson(text: string, path: string, stack: string): Source {
  const file = shortPath(path);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: this is no valid JSON. ${(error as Error).message}`);
  }
  const raw = configOfDocument(content);
  const config = engineConfig({ ...projectConfig(), ...withNamespace(raw) });
  return { stack, file, isProjectStack: false, raw, config, positionOf: () => undefined, encrypted: [] };
}

/** What Pulumi.yaml sets for every stack; it may wrap a value as `{value: ...}`. */
function projectConfig(): Record<string, unknown> {
  const project: unknown = parseDocument(readFileSync(resolve(projectRoot, "Pulumi.yaml"), "utf8")).toJS();
  const section = isRecord(project) && isRecord(project["config"]) ? project["config"] : {};
  const unwrapped = (value: unknown): unknown => (isRecord(value) && "value" in value ? value["value"] : value);
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, unwrapped(value)]));
}

/** The lab's keys as they stand in a stack file. */
function withNamespace(raw: unknown): Record<string, unknown> {
  const entries = isRecord(raw) ? Object.entries(raw) : [];
  return Object.fromEntries(entries.map(([key, value]) => [namespace + key, value]));
}

/** As the engine hands configuration over: text stays text, everything else becomes JSON text. */
function engineConfig(section: Readonly<Record<string, unknown>>): Record<string, string> {
  const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, text(withoutSecrets(value))]));
}

/** `{secure: ...}` is how a stack file holds an encrypted value, at any depth. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isRecord(value)) return value;
  if (Object.keys(value).join() === "secure") return encrypted;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

function encryptedPaths(value: unknown, path: string): string[] {
  if (value === encrypted) return [path];
  if (Array.isArray(value)) return value.flatMap((each, index) => encryptedPaths(each, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  const inner = path === "" ? "" : `${path}.`;
  return Object.entries(value).flatMap(([key, each]) => encryptedPaths(each, `${inner}${key}`));
}

/** The place of the longest part of `path` that is written in the file. */
function positionOf(document: Document, lines: LineCounter, path: string): string | undefined {
  const steps = [...path.matchAll(/[^.[\]]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step));
  const [first, ...rest] = steps;
  if (first === undefined) return undefined;
  const keys = ["config", `${namespace}${first}`, ...rest];
  for (let length = keys.length; length > 1; length -= 1) {
    const parent = document.getIn(keys.slice(0, length - 1), true);
    const key = keys[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(key)) : undefined;
    const node = pair?.key ?? document.getIn(keys.slice(0, length), true);
    const offset = (node as { range?: readonly number[] } | undefined)?.range?.[0];
    if (offset === undefined) continue;
    const { line, col } = lines.linePos(offset);
    return `${line}:${col}`;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

import { takeFault } from "./faults.ts";
import { UNKNOWN, containsUnknown, deepEqual, secret } from "./values.ts";
import type {
  CheckFailure,
  CheckRequest,
  CheckResult,
  CreateRequest,
  DiffKind,
  DiffRequest,
  DiffResult,
  PluginProvider,
  Reading,
  ReadRequest,
  UpdateRequest,
} from "./provider.ts";
import type { Properties } from "./values.ts";

/** A property that a program may set. */
export interface InputRule {
  type: "string" | "number" | "boolean" | "list" | "object";
  required?: boolean;
  /** What stands in the outputs when the program sets nothing. */
  default?: unknown;
  /** A change is taken over in place; any other change makes the resource anew. */
  inPlace?: boolean;
}

/** A resource that is worked out once, on this machine, and lives in the state alone: a key, a certificate, a random id. */
export interface GeneratedType {
  inputs: Record<string, InputRule>;
  /** Names of the outputs that are not inputs. */
  outputs: string[];
  /** Which inputs and outputs are secret. */
  secrets?: string[];
  /** Refusals beyond types and missing properties. Unknown values are left out of what it gets. */
  check?(inputs: Properties): CheckFailure[];
  /** @param inputs with defaults filled in */
  generate(inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /** Outputs that change as time goes by. */
  refresh?(properties: Properties): Properties;
  /** Names the outputs because of which the resource has to be made anew now, whatever the inputs. */
  expired?(properties: Properties): string[];
}

/** Serves types of generated resources. They need no configuration, and deleting one is forgetting it. */
export class GeneratedProvider implements PluginProvider {
  readonly #types: Record<string, GeneratedType>;

  /** @param types by type token */
  constructor(types: Record<string, GeneratedType>) {
    this.#types = types;
  }

  configure(): Promise<void> {
    return Promise.resolve();
  }

  check(request: CheckRequest): Promise<CheckResult> {
    const type = this.#type(request.type);
    const failures = [...ruleFailures(type.inputs, request.news)];
    const known = Object.entries(request.news).filter(([, value]) => !containsUnknown(value));
    if (failures.length === 0) failures.push(...(type.check?.(Object.fromEntries(known)) ?? []));
    return Promise.resolve({ inputs: request.news, failures });
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    const type = this.#type(request.type);
    const detailed: Record<string, DiffKind> = {};
    for (const [name, rule] of Object.entries(type.inputs)) {
      if (request.ignoreChanges.includes(name) || deepEqual(request.oldInputs[name], request.news[name])) continue;
      detailed[name] = diffKind(request.oldInputs[name], request.news[name], rule.inPlace ?? false);
    }
    for (const name of type.expired?.({ ...request.olds, ...request.news }) ?? []) detailed[name] = "update-replace";
    const replaces = Object.keys(detailed).filter((name) => detailed[name]?.endsWith("-replace"));
    return Promise.resolve({ changes: Object.keys(detailed).length > 0, replaces, detailed });
  }

  async create(request: CreateRequest): Promise<{ id: string; properties: Properties }> {
    const type = this.#type(request.type);
    const inputs = withDefaults(type, request.inputs);
    if (request.preview) {
      const unknown = Object.fromEntries(type.outputs.map((name) => [name, UNKNOWN]));
      return { id: "", properties: marked(type, { ...inputs, ...unknown }) };
    }
    const fault = await takeFault(request.urn);
    if (fault) throw new Error(fault.message);
    const { id, outputs } = await type.generate(inputs);
    return { id, properties: marked(type, { ...inputs, ...outputs }) };
  }

  read(request: ReadRequest): Promise<Reading | undefined> {
    const type = this.#type(request.type);
    if (Object.keys(request.properties).length === 0) {
      throw new Error(`the local cloud's stand-in cannot import ${request.type}`);
    }
    const properties = type.refresh?.(request.properties) ?? request.properties;
    return Promise.resolve({ id: request.id, properties: marked(type, properties), inputs: request.inputs });
  }

  update(request: UpdateRequest): Promise<Properties> {
    const type = this.#type(request.type);
    return Promise.resolve(marked(type, { ...request.olds, ...withDefaults(type, request.news) }));
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  #type(token: string): GeneratedType {
    const type = this.#types[token];
    if (!type) {
      throw new Error(`the local cloud's stand-in has no ${token}; it has ${Object.keys(this.#types).join(", ")}`);
    }
    return type;
  }
}

function* ruleFailures(rules: Record<string, InputRule>, inputs: Properties): Generator<CheckFailure> {
  for (const name of Object.keys(inputs).filter((input) => !(input in rules))) {
    yield { property: name, reason: `Unsupported argument: an argument named "${name}" is not expected here` };
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value = inputs[name];
    if (value === undefined || value === null) {
      if (rule.required) yield { property: name, reason: `Missing required argument: "${name}" is required` };
    } else if (value !== UNKNOWN && typeOf(value) !== rule.type) {
      yield { property: name, reason: `a ${rule.type} is required, got ${JSON.stringify(value)}` };
    }
  }
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}

function diffKind(old: unknown, now: unknown, inPlace: boolean): DiffKind {
  const kind = old === undefined ? "add" : now === undefined ? "delete" : "update";
  return inPlace ? kind : `${kind}-replace`;
}

function withDefaults(type: GeneratedType, inputs: Properties): Properties {
  const defaults = Object.entries(type.inputs).filter(([, rule]) => rule.default !== undefined);
  return { ...Object.fromEntries(defaults.map(([name, rule]) => [name, rule.default])), ...inputs };
}

function marked(type: GeneratedType, properties: Properties): Properties {
  const secrets = (type.secrets ?? []).filter((name) => properties[name] !== undefined);
  return { ...properties, ...Object.fromEntries(secrets.map((name) => [name, secret(properties[name])])) };
}

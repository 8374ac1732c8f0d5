import type { Properties } from "./values.ts";

/** Which resource a request is about. */
export interface Subject {
  urn: string;
  /** The type token, for example `aws:ec2/vpc:Vpc`. */
  type: string;
  /** The logical name. */
  name: string;
}

export interface CheckFailure {
  /** The property's name, or "" for the resource as a whole. */
  property: string;
  reason: string;
}

export interface CheckResult {
  /** The inputs with defaults filled in. They are what diff, create and update get. */
  inputs: Properties;
  failures?: CheckFailure[];
}

export interface CheckRequest extends Subject {
  /** The previous checked inputs; empty for a new resource. */
  olds: Properties;
  news: Properties;
  /** Hexadecimal; the same in preview and update, so that names derived from it agree. "" where the engine sent none. */
  randomSeed: string;
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface DiffRequest extends Subject {
  id: string;
  /** The previous outputs. */
  olds: Properties;
  /** The previous checked inputs. */
  oldInputs: Properties;
  /** The new checked inputs. */
  news: Properties;
  ignoreChanges: string[];
}

export interface DiffResult {
  changes: boolean;
  /** Properties that can only change by making the resource anew. */
  replaces?: string[];
  /** For a replacement: delete the old one first. */
  deleteBeforeReplace?: boolean;
  /** What the engine shows: property path to kind of change. */
  detailed?: Record<string, DiffKind>;
}

export interface CreateRequest extends Subject {
  inputs: Properties;
  /** Nothing may be made: answer with what would be known. */
  preview: boolean;
  /** The resource's custom timeout in seconds, 0 for the default. */
  timeout: number;
}

export interface ReadRequest extends Subject {
  id: string;
  /** The recorded outputs; empty when a resource is imported. */
  properties: Properties;
  inputs: Properties;
}

export interface UpdateRequest extends Subject {
  id: string;
  olds: Properties;
  oldInputs: Properties;
  news: Properties;
  preview: boolean;
  timeout: number;
  ignoreChanges: string[];
}

export interface DeleteRequest extends Subject {
  id: string;
  properties: Properties;
  oldInputs: Properties;
  timeout: number;
}

/** A resource as it is, with the inputs that would make it so. */
export interface Reading {
  id: string;
  properties: Properties;
  inputs: Properties;
}

/**
 * One stand-in for a Pulumi provider. A thrown error fails the request with its message. Unknown values arrive as
 * UNKNOWN; secrets arrive bare, and what is named as a secret input is marked again in the answers (marks.ts).
 */
export interface PluginProvider {
  /** Checks the provider's own inputs. Default: they are taken as they are. */
  checkConfig?(request: CheckRequest): Promise<CheckResult>;
  /** Compares the provider's own inputs. Default: a change is an update and never replaces resources. */
  diffConfig?(request: DiffRequest): Promise<DiffResult>;
  /** Takes over the provider's inputs. Called once, before everything but checkConfig and diffConfig. */
  configure(inputs: Properties): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<{ id: string; properties: Properties }>;
  /** The resource as it is now, or undefined when it is gone. */
  read(request: ReadRequest): Promise<Reading | undefined>;
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: DeleteRequest): Promise<void>;
  invoke?(token: string, args: Properties): Promise<{ result: Properties; failures?: CheckFailure[] }>;
  /** The run is being cancelled: let go of whatever is being waited for. */
  cancel?(): Promise<void>;
}

/**
 * To be thrown by create or update when the resource exists but did not become what it should be. The engine records
 * it with these properties, so that the next run updates or deletes it instead of making it again.
 */
export class InitFailed extends Error {
  readonly id: string;
  readonly properties: Properties;
  readonly inputs: Properties;
  readonly reasons: string[];

  constructor(made: { id: string; properties: Properties; inputs: Properties }, reasons: string[]) {
    super(`resource '${made.id}' was created but failed to initialize`);
    this.name = "InitFailed";
    this.id = made.id;
    this.properties = made.properties;
    this.inputs = made.inputs;
    this.reasons = reasons;
  }
}

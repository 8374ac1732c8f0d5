import { checkInputs } from "./check.ts";
import type { CheckRequest, CheckResult } from "./check.ts";
import { Cloud, DEFAULT_PRINCIPAL } from "./cloud.ts";
import type { LedgerEndpointHealth } from "./controller.ts";
import { changesBetween } from "./diff.ts";
import type { Change } from "./diff.ts";
import { NetworkAcls } from "./ec2/network-acl.ts";
import { LoadBalancers } from "./elb/load-balancers.ts";
import { AwsError, CreateFailed, HalfMade } from "./errors.ts";
import { INVOKES } from "./invokes.ts";
import { outputsOf, previewOf, project } from "./outputs.ts";
import { RESOURCE_TYPES } from "./registry.ts";
import { GLOBAL } from "./resource.ts";
import type { AnyResourceType, Call, Props, Resource } from "./resource.ts";
import { EndpointHealth } from "./route53/health-check.ts";
import { NullRuntime } from "./runtime.ts";
import type { ClusterToken, Runtime } from "./runtime.ts";
import { loadSchemas } from "./schema.ts";
import type { Schema, Schemas } from "./schema.ts";
import { Settler, readResources } from "./settler.ts";
import type { LedgerSnapshot } from "./snapshot.ts";
import { snapshotOf } from "./snapshot-of.ts";
import { Turns } from "./turns.ts";
import { clusterNamed, clusterRecord } from "./eks/records.ts";
import { abandonUnfinished } from "./eks/recover.ts";
import { validate } from "./validate.ts";

export interface LedgerOptions {
  /** Where the ledger is kept; absent: in memory only. */
  file?: string;
  /** Where the SDK's schemas are kept once read. */
  cacheDir?: string;
  /** Who carries the ledger out; absent: nobody. */
  runtime?: (ledger: Ledger) => Runtime | Promise<Runtime>;
  /** How long an add-on that needs nodes waits for somebody to ask for some, in milliseconds. */
  patience?: number;
}

/** What every request says besides its subject. */
export interface Caller {
  /** The region of the provider through which the call comes; a resource's own `region` wins. */
  region?: string;
  /** An IAM ARN; the lab's own user when absent. */
  principal?: string;
}

export interface DiffResult {
  changes: Change[];
  /** The new resource would collide with the old one, because its name is fixed. */
  deleteBeforeReplace: boolean;
}

export interface Held {
  id: string;
  outputs: Props;
}

/**
 * AWS as the real Pulumi provider shows it: one account, kept in a file. All methods throw AwsError for what AWS would
 * refuse. Calls may come in parallel.
 */
export class Ledger {
  readonly loadBalancers: LoadBalancers;
  readonly endpointHealth: LedgerEndpointHealth;
  readonly networkAcls: NetworkAcls;
  readonly #cloud: Cloud;
  readonly #settler: Settler;
  readonly #schemas: Schemas;
  readonly #deletes = new Turns();

  private constructor(schemas: Schemas, options: LedgerOptions) {
    this.#schemas = schemas;
    this.#cloud = new Cloud(new NullRuntime(), () => this.#settler.settle(), options.patience);
    this.#settler = new Settler(this.#cloud, options.file);
    this.loadBalancers = new LoadBalancers(this.#cloud);
    this.endpointHealth = new EndpointHealth(this.#cloud);
    this.networkAcls = new NetworkAcls(this.#cloud);
  }

  /** Read the ledger's file and hand what it says to the runtime, which takes up what it finds or makes it anew. */
  static async open(options: LedgerOptions = {}): Promise<Ledger> {
    const schemas = await loadSchemas([...RESOURCE_TYPES.keys(), ...INVOKES.keys()], options.cacheDir);
    const ledger = new Ledger(schemas, options);
    if (options.file) ledger.#cloud.load(await readResources(options.file));
    if (options.runtime) ledger.#cloud.runtime = await options.runtime(ledger);
    await abandonUnfinished(ledger.#cloud);
    await ledger.#settler.settle();
    return ledger;
  }

  /** Fill in defaults and report mistakes; never asks the cloud, so a preview may call it. */
  check(token: string, request: CheckRequest, caller: Caller = {}): CheckResult {
    const type = RESOURCE_TYPES.get(token);
    if (!type) return { inputs: request.news, failures: [{ property: "", reason: unknownType(token).message }] };
    return checkInputs(type, this.#schema(token), this.#call(caller), request);
  }

  /** What an update from the old checked inputs to the new ones would change. */
  diff(token: string, olds: Props, news: Props): DiffResult {
    const type = typeOf(token);
    const name = type.autoName?.property;
    const automatic = (news["__defaults"] as string[] | undefined)?.includes(name ?? "");
    const deleteBeforeReplace =
      name !== undefined && !automatic && news[name] !== undefined && olds[name] === news[name];
    return { changes: changesBetween(type, olds, news), deleteBeforeReplace };
  }

  /** A preview's answer: what is not known yet carries Pulumi's mark for unknown values. */
  previewCreate(token: string, inputs: Props): Held {
    return { id: "", outputs: previewOf(typeOf(token), this.#schema(token), inputs) };
  }

  previewUpdate(token: string, id: string, inputs: Props, caller: Caller = {}): Held {
    const resource = this.#find(token, id, { ...inputs, ...caller });
    const outputs = resource ? outputsOf(typeOf(token), this.#schema(token), resource) : {};
    return { id, outputs: previewOf(typeOf(token), this.#schema(token), inputs, outputs) };
  }

  /** Create; resolves when the resource is real, as long as that takes. */
  async create(token: string, inputs: Props, caller: Caller = {}): Promise<Held> {
    const type = typeOf(token);
    const call = this.#call(caller, inputs);
    const state = stateOf(type, this.#schema(token), inputs, call);
    try {
      const resource = (await type.create(this.#cloud, state, call)) as Resource;
      return await this.#taken(resource, inputs);
    } catch (error) {
      if (!(error instanceof CreateFailed)) throw error;
      const standing = this.#existing(token, error.id, { ...caller, region: call.region });
      throw new HalfMade(error.code, error.message, await this.#taken(standing, inputs));
    }
  }

  /** Notes what the program asked for in a new resource. */
  async #taken(resource: Resource, inputs: Props): Promise<Held> {
    resource.inputs = structuredClone(inputs);
    this.#cloud.touch();
    await this.#settler.settle();
    return { id: resource.id, outputs: outputsOf(typeOf(resource.type), this.#schema(resource.type), resource) };
  }

  /** What AWS says now, with the inputs that would bring it about; undefined when it is gone. */
  read(token: string, id: string, caller: Caller = {}, inputs?: Props): (Held & { inputs: Props }) | undefined {
    const type = typeOf(token);
    const resource = this.#find(token, id, caller);
    if (!resource) return undefined;
    const outputs = outputsOf(type, this.#schema(token), resource);
    const asked = inputs ?? resource.inputs ?? onlyInputs(this.#schema(token), outputs);
    return { id, outputs, inputs: project(outputs, asked) };
  }

  async update(token: string, id: string, inputs: Props, caller: Caller = {}): Promise<Held> {
    const type = typeOf(token);
    const call = this.#call(caller, inputs);
    const resource = this.#existing(token, id, call);
    const state = stateOf(type, this.#schema(token), inputs, call);
    const changed = (await type.update?.(this.#cloud, resource, state, call)) as Props | undefined;
    for (const name of Object.keys(resource.inputs ?? {})) {
      if (!(name in inputs) && !type.computed?.includes(name)) Reflect.deleteProperty(resource.state, name);
    }
    Object.assign(resource.state, state, changed);
    resource.inputs = structuredClone(inputs);
    this.#cloud.touch();
    await this.#settler.settle();
    return { id, outputs: outputsOf(type, this.#schema(token), resource) };
  }

  /**
   * Delete. What still depends on the resource stops it, unless that is being deleted just now: then this waits, as the
   * real provider does by asking again. Deleting what is gone already succeeds.
   */
  async delete(token: string, id: string, caller: Caller = {}): Promise<void> {
    const type = typeOf(token);
    const call = this.#call(caller);
    if (!this.#find(token, id, caller)) return;
    await this.#deletes.take(
      async () => {
        const resource = this.#find(token, id, caller);
        if (!resource) return;
        await type.delete?.(this.#cloud, resource, call);
        this.#cloud.remove(resource);
        await this.#settler.settle();
      },
      (error) => error instanceof AwsError && /^(DependencyViolation|DeleteConflict|.*InUse.*)$/.test(error.code),
    );
  }

  /** Answer a function of the SDK. */
  invoke(token: string, args: Props, caller: Caller = {}): Props {
    const answer = INVOKES.get(token);
    if (!answer) throw new AwsError("UnknownFunction", `The local cloud does not have the function ${token}`);
    const failures = validate(args, this.#schema(token).inputs);
    if (failures.length > 0) {
      const list = failures.map(({ property, reason }) => `${property}: ${reason}`);
      throw new AwsError("ValidationException", `${token}: ${list.join("; ")}`);
    }
    return answer(args, this.#call(caller, args));
  }

  /** A bearer token for a cluster's API server. */
  token(cluster: string, caller: Caller): Promise<ClusterToken> {
    const { region, principalArn } = this.#call(caller);
    return this.#cloud.runtime.token(
      clusterRecord(this.#cloud, clusterNamed(this.#cloud, region, cluster)),
      principalArn,
    );
  }

  snapshot(): LedgerSnapshot {
    return snapshotOf(this.#cloud);
  }

  /** Everything that the account holds, made by the program or by AWS itself. */
  resources(): Resource[] {
    return structuredClone(this.#cloud.dump());
  }

  /**
   * Change the cloud behind Pulumi's back, for showing that something breaks: drop a resource without any check, or
   * overwrite parts of its state.
   */
  async tamper(token: string, id: string, state?: Props): Promise<void> {
    const resource = this.#cloud.all({ token }).find((candidate) => candidate.id === id);
    if (!resource) throw new AwsError("NotFound", `There is no ${token} ${id} to tamper with`);
    if (state) Object.assign(resource.state as Props, state);
    else this.#cloud.remove(resource);
    this.#cloud.touch();
    await this.#settler.settle();
  }

  /** Resolves when nothing is left to write; the runtime's own work in this process ends. */
  async close(): Promise<void> {
    await this.#settler.settle();
    await this.#cloud.runtime.close();
  }

  #schema(token: string): Schema {
    const schema = this.#schemas[token];
    if (!schema) throw unknownType(token);
    return schema;
  }

  #call({ region, principal }: Caller, inputs: Props = {}): Call {
    const own = typeof inputs["region"] === "string" ? inputs["region"] : region;
    return { region: own ?? "", principalArn: principal ?? DEFAULT_PRINCIPAL };
  }

  #find(token: string, id: string, { region }: Caller): Resource | undefined {
    const inRegion = typeOf(token).global ? GLOBAL : region;
    const found = this.#cloud.all({ token }).filter((resource) => resource.id === id) as Resource[];
    return found.find((resource) => resource.region === inRegion) ?? (inRegion ? undefined : found[0]);
  }

  #existing(token: string, id: string, caller: Caller): Resource {
    const resource = this.#find(token, id, caller);
    if (!resource) throw new AwsError("NotFound", `${token} ${id} does not exist any more`);
    return resource;
  }
}

function typeOf(token: string): AnyResourceType {
  const type = RESOURCE_TYPES.get(token);
  if (!type) throw unknownType(token);
  return type;
}

function unknownType(token: string): AwsError {
  return new AwsError("UnknownType", `The local cloud does not have the type ${token}`);
}

/** Inputs as a resource keeps them: without the provider's marks, with what goes with every resource. */
function stateOf(type: AnyResourceType, schema: Schema, inputs: Props, { region }: Call): Props {
  const { __defaults: _marks, ...state } = structuredClone(inputs);
  if (schema.outputs.includes("tagsAll")) state["tagsAll"] = { ...(state["tags"] as Props | undefined) };
  if (!type.global) state["region"] = region;
  return state;
}

function onlyInputs({ inputs }: Schema, outputs: Props): Props {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => name in inputs.properties));
}

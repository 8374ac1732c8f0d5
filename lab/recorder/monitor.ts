/**
 * Pulumi's mock monitor tells a test type, name and inputs of a resource, but neither its parent nor its dependencies
 * nor its options. They are in the requests that reach the monitor, so the monitor is wrapped and reads them there.
 */
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { fakeCall, fakeOutputs } from "./fakes.ts";
import type { JsonObject, RecordedInvoke, RecordedOptions, ResourceNode } from "./graph.ts";
import { asSecret, plainProperties } from "./wire.ts";

type Callback = (error: Error | null, response?: unknown) => void;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The parts of Pulumi's MockMonitor that are wrapped; the SDK does not export its type. */
interface WrappedMonitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: RegisterResourceRequest, callback: Callback): Promise<void>;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: Callback): void;
  readResource(request: RegisterResourceRequest, callback: Callback): void;
}

/** Collects what a program registers between `setMocks` and the end of its run. */
export class Recording {
  readonly nodes: Writable<ResourceNode>[] = [];
  readonly invokes: RecordedInvoke[] = [];
  readonly failures: Error[] = [];
  readonly #stack: string;
  readonly #project: string;
  readonly #preview: boolean;
  #outputs: JsonObject = {};

  constructor(project: string, stack: string, preview: boolean) {
    this.#project = project;
    this.#stack = stack;
    this.#preview = preview;
  }

  /** Puts the recorder in the engine's place. */
  async start(): Promise<void> {
    await pulumi.runtime.setMocks(
      {
        newResource: (args) => ({ id: this.#id(args), state: this.#outputs }),
        call: (args) => this.#call(args),
      },
      this.#project,
      this.#stack,
      this.#preview,
      "organization",
    );
    this.#wrap(pulumi.runtime.getMonitor() as unknown as WrappedMonitor);
  }

  #wrap(monitor: WrappedMonitor): void {
    const registerResource = monitor.registerResource.bind(monitor);
    monitor.newUrn = (parent, type, name) => this.#urn(parent, type, name);
    monitor.registerResource = async (request, callback) => {
      try {
        this.#register(request);
      } catch (error) {
        this.failures.push(error as Error);
        callback(error as Error);
        return;
      }
      await registerResource(request, callback);
    };
    monitor.registerResourceOutputs = (request, callback) => {
      this.#registerOutputs(request);
      callback(null, {});
    };
    monitor.readResource = (request, callback) => {
      const error = new Error(`The recorder cannot read ${request.getType()} ${request.getName()}: own the object.`);
      this.failures.push(error);
      callback(error);
    };
  }

  #register(request: RegisterResourceRequest): void {
    const wire = request.getObject()?.toJavaScript() ?? {};
    const { value, secrets, unknowns } = plainProperties(wire);
    const name = request.getName();
    const type = request.getType();
    const component = !request.getCustom() && !request.getRemote();
    this.nodes.push({
      urn: this.#urn(request.getParent(), type, name),
      type,
      name,
      parent: request.getParent() || undefined,
      custom: request.getCustom(),
      remote: request.getRemote(),
      inputs: value,
      secretInputs: secrets,
      unknownInputs: unknowns,
      provider: urnOfProvider(request.getProvider()),
      providers: providersOf(request),
      dependsOn: request.getDependenciesList().toSorted(),
      propertyDeps: propertyDependenciesOf(request),
      options: optionsOf(request),
      outputsRegistered: false,
      outputs: {},
      secretOutputs: [],
    });
    this.#outputs = component ? {} : fakeOutputs(type, request.getRemote(), this.#preview, { name, inputs: wire });
    for (const key of request.getAdditionalsecretoutputsList()) {
      const output = this.#outputs[key];
      if (output !== undefined) this.#outputs[key] = asSecret(output);
    }
  }

  #registerOutputs(request: RegisterResourceOutputsRequest): void {
    const node = this.nodes.find((candidate) => candidate.urn === request.getUrn());
    if (node === undefined) throw new Error(`Outputs for ${request.getUrn()}, which was never registered.`);
    const { value, secrets } = plainProperties(request.getOutputs()?.toJavaScript() ?? {});
    node.outputsRegistered = true;
    node.outputs = value;
    node.secretOutputs = secrets;
  }

  #call({ token, inputs, provider }: pulumi.runtime.MockCallArgs): JsonObject {
    const urn = urnOfProvider(provider ?? "");
    const region = this.nodes.find((node) => node.urn === urn)?.inputs["region"];
    this.invokes.push({ token, inputs: inputs as JsonObject, provider: urn });
    try {
      return fakeCall(token, inputs as JsonObject, typeof region === "string" ? region : "no-region");
    } catch (error) {
      this.failures.push(error as Error);
      throw error;
    }
  }

  /** Ids are known after `up` only; Kubernetes' are `namespace/name`. */
  #id({ type, name, custom, inputs }: pulumi.runtime.MockResourceArgs): string | undefined {
    if (this.#preview || custom !== true) return undefined;
    const metadata = (inputs as { metadata?: { name?: string; namespace?: string } }).metadata;
    if (!type.startsWith("kubernetes:") || metadata === undefined) return `${name}-id`;
    return [metadata.namespace, metadata.name ?? name].filter((part) => part !== undefined).join("/");
  }

  /** As the engine builds it: the types of all components above, the stack left out. */
  #urn(parent: string, type: string, name: string): string {
    const parentType = parent === "" ? "" : (parent.split("::")[2] ?? "");
    const above = parentType === "" || parentType === pulumi.runtime.rootPulumiStackTypeName ? "" : `${parentType}$`;
    return `urn:pulumi:${this.#stack}::${this.#project}::${above}${type}::${name}`;
  }
}

/** A provider reference is `<urn>::<id>`. */
function urnOfProvider(reference: string): string | undefined {
  return reference === "" ? undefined : reference.slice(0, reference.lastIndexOf("::"));
}

function providersOf(request: RegisterResourceRequest): Record<string, string> {
  const entries = request.getProvidersMap().toArray();
  return Object.fromEntries(entries.toSorted().map(([name, reference]) => [name, urnOfProvider(reference) ?? ""]));
}

function propertyDependenciesOf(request: RegisterResourceRequest): Record<string, string[]> {
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, property) => {
    if (urns.getUrnsList().length > 0) dependencies[property] = urns.getUrnsList().toSorted();
  });
  return dependencies;
}

function optionsOf(request: RegisterResourceRequest): RecordedOptions {
  const options: Writable<RecordedOptions> = {};
  const protect = request.getProtect();
  const retainOnDelete = request.getRetainondelete();
  if (protect !== undefined && protect) options.protect = true;
  if (retainOnDelete !== undefined && retainOnDelete) options.retainOnDelete = true;
  if (request.getDeletedwith() !== "") options.deletedWith = request.getDeletedwith();
  if (request.getDeletebeforereplacedefined()) options.deleteBeforeReplace = request.getDeletebeforereplace();
  if (request.getIgnorechangesList().length > 0) options.ignoreChanges = request.getIgnorechangesList();
  if (request.getReplaceonchangesList().length > 0) options.replaceOnChanges = request.getReplaceonchangesList();
  if (request.getAdditionalsecretoutputsList().length > 0) {
    options.additionalSecretOutputs = request.getAdditionalsecretoutputsList();
  }
  const aliases = request.getAliasesList().map((alias) => alias.getUrn() || (alias.getSpec()?.getName() ?? ""));
  if (aliases.length > 0) options.aliases = aliases;
  const timeouts = timeoutsOf(request);
  if (Object.keys(timeouts).length > 0) options.customTimeouts = timeouts;
  if (request.getImportid() !== "") options.importId = request.getImportid();
  return options;
}

function timeoutsOf(request: RegisterResourceRequest): { create?: string; update?: string; delete?: string } {
  const timeouts = request.getCustomtimeouts();
  const [create = "", update = "", remove = ""] = [timeouts?.getCreate(), timeouts?.getUpdate(), timeouts?.getDelete()];
  return {
    ...(create === "" ? {} : { create }),
    ...(update === "" ? {} : { update }),
    ...(remove === "" ? {} : { delete: remove }),
  };
}

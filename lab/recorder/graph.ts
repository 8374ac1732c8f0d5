/**
 * What a program asked the engine for, as plain data: one node per resource, with everything that decides order,
 * ownership and secrecy. `lab plan` draws it and the tests' laws question it.
 */

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Stands where a value is known only after `pulumi up`. */
export const unknownPlaceholder = "(known after up)";

/** Resource options that decide how a resource is kept, replaced and deleted. Absent means not set. */
export interface RecordedOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** URN of the resource whose deletion makes this one's deletion unnecessary. */
  readonly deletedWith?: string;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  readonly aliases?: readonly string[];
  readonly customTimeouts?: { readonly create?: string; readonly update?: string; readonly delete?: string };
  readonly importId?: string;
}

export interface ResourceNode {
  readonly urn: string;
  /** Type token, such as `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly name: string;
  /** URN; undefined for the stack alone. */
  readonly parent: string | undefined;
  /** False for components. */
  readonly custom: boolean;
  /** True for components whose children are made by a plugin and so cannot be seen here. */
  readonly remote: boolean;
  /** Secrets unwrapped, unknown values replaced by {@link unknownPlaceholder}, references to resources by their URN. */
  readonly inputs: JsonObject;
  /** Paths in `inputs` that hold a secret, such as `data` or `values.global.token`. */
  readonly secretInputs: readonly string[];
  /** Paths in `inputs` that are known only after `up`. */
  readonly unknownInputs: readonly string[];
  /** URN of the explicit or inherited provider; undefined where the engine would take a default one. */
  readonly provider: string | undefined;
  /** Components only: URN of the provider that children inherit, by package. */
  readonly providers: Readonly<Record<string, string>>;
  /** Every resource that must be ready before: explicit dependencies and those of the inputs. Sorted URNs. */
  readonly dependsOn: readonly string[];
  /** The part of `dependsOn` that comes from each input. */
  readonly propertyDeps: Readonly<Record<string, readonly string[]>>;
  readonly options: RecordedOptions;
  /** True when a component closed itself with `registerOutputs`. */
  readonly outputsRegistered: boolean;
  /** What a component or the stack registered as outputs; treated like `inputs`. */
  readonly outputs: JsonObject;
  readonly secretOutputs: readonly string[];
}

/** A call to a provider function, such as the look-up of availability zones. */
export interface RecordedInvoke {
  readonly token: string;
  readonly inputs: JsonObject;
  readonly provider: string | undefined;
}

/** What the program told its user through `pulumi.log`. */
export interface RecordedMessage {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
}

/** The recorded resources in a stable order (by URN), with the questions that laws and plans ask. */
export class ResourceGraph {
  readonly nodes: readonly ResourceNode[];
  readonly invokes: readonly RecordedInvoke[];
  readonly messages: readonly RecordedMessage[];
  readonly #byUrn: ReadonlyMap<string, ResourceNode>;

  /** Takes nodes in any order; duplicates of a URN are kept in `nodes`, so that a law can object to them. */
  constructor(
    nodes: readonly ResourceNode[],
    invokes: readonly RecordedInvoke[] = [],
    messages: readonly RecordedMessage[] = [],
  ) {
    this.nodes = nodes.toSorted((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
    this.invokes = invokes;
    this.messages = messages;
    this.#byUrn = new Map(this.nodes.map((node) => [node.urn, node]));
  }

  /** The node of a URN, or undefined. */
  find(urn: string): ResourceNode | undefined {
    return this.#byUrn.get(urn);
  }

  /** The node of a URN; throws when the program registered no such resource. */
  get(urn: string): ResourceNode {
    const node = this.#byUrn.get(urn);
    if (node === undefined) throw new Error(`The recorded program has no resource ${urn}.`);
    return node;
  }

  /** The one node of a logical name, and a type where names repeat; throws when there is none or more than one. */
  named(name: string, type?: string): ResourceNode {
    const found = this.nodes.filter((node) => node.name === name && (type === undefined || node.type === type));
    const [node] = found;
    if (node === undefined || found.length > 1) {
      throw new Error(
        `Expected one resource named ${name}${type === undefined ? "" : ` of type ${type}`}, found ${found.length}.`,
      );
    }
    return node;
  }

  byType(type: string): readonly ResourceNode[] {
    return this.nodes.filter((node) => node.type === type);
  }

  /** The stack itself, whose outputs are the program's. */
  get stack(): ResourceNode {
    const [stack] = this.byType("pulumi:pulumi:Stack");
    if (stack === undefined) throw new Error("The recorded program registered no stack.");
    return stack;
  }

  childrenOf(node: ResourceNode): readonly ResourceNode[] {
    return this.nodes.filter((child) => child.parent === node.urn);
  }

  /** From the parent up to the stack. */
  ancestorsOf(node: ResourceNode): readonly ResourceNode[] {
    const parent = node.parent === undefined ? undefined : this.find(node.parent);
    return parent === undefined ? [] : [parent, ...this.ancestorsOf(parent)];
  }

  /** The node and everything below it. */
  subtreeOf(node: ResourceNode): readonly ResourceNode[] {
    return [node, ...this.childrenOf(node).flatMap((child) => this.subtreeOf(child))];
  }

  /**
   * URNs of everything that is ready before the node is made, and so goes after it on destroy: dependencies, its
   * provider and parents, the same of those; a component that is waited for brings what is below it.
   */
  allDependenciesOf(node: ResourceNode): ReadonlySet<string> {
    const seen = new Set<string>();
    const open = this.#directDependenciesOf(node);
    for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
      if (seen.has(urn)) continue;
      seen.add(urn);
      const next = this.find(urn);
      if (next !== undefined) open.push(...this.#directDependenciesOf(next));
    }
    return seen;
  }

  /** Whether `to` is ready before `from` is made. */
  dependsTransitively(from: ResourceNode, to: ResourceNode): boolean {
    return this.allDependenciesOf(from).has(to.urn);
  }

  #directDependenciesOf(node: ResourceNode): string[] {
    return node.provider === undefined ? [...node.dependsOn] : [...node.dependsOn, node.provider];
  }
}

import { randomBytes } from "node:crypto";
import { AwsError } from "./errors.ts";
import type { Kind, Resource } from "./resource.ts";
import type { Runtime } from "./runtime.ts";

/** AWS's own example account: every ARN says at a glance that it is not a real one. */
export const ACCOUNT_ID = "123456789012";
export const DEFAULT_PRINCIPAL = `arn:aws:iam::${ACCOUNT_ID}:user/istio-lab`;

/**
 * All resources of one account, in every region, and the means by which a resource type acts on them. Changes are
 * made synchronously, so each is atomic; whatever takes long is awaited between changes and blocks nobody else.
 */
export class Cloud {
  runtime: Runtime;
  /** Grows with each change. */
  revision = 0;
  /** How long an add-on waits for somebody to ask for nodes, in milliseconds. */
  readonly patience: number;
  readonly #settle: () => Promise<void>;
  readonly #resources = new Map<string, Map<string, Resource>>();

  /** `settle` resolves when everything changed so far is on disk and real. */
  constructor(runtime: Runtime, settle: () => Promise<void>, patience = 5_000) {
    this.runtime = runtime;
    this.patience = patience;
    this.#settle = settle;
  }

  settle(): Promise<void> {
    return this.#settle();
  }

  /** A new id in AWS's form, such as vpc-0a1b2c3d4e5f60718. */
  newId(prefix: string): string {
    return `${prefix}-0${randomHex(16)}`;
  }

  add<S extends object>(kind: Kind<S>, resource: Omit<Resource<S>, "type">): Resource<S> {
    const ofType = this.#resources.get(kind.token) ?? new Map<string, Resource>();
    this.#resources.set(kind.token, ofType);
    const added: Resource<S> = { type: kind.token, ...resource };
    ofType.set(keyOf(added.region, added.id), added as unknown as Resource);
    this.touch();
    return added;
  }

  remove(resource: { type: string; region: string; id: string }): void {
    if (this.#resources.get(resource.type)?.delete(keyOf(resource.region, resource.id))) this.touch();
  }

  /** Say that a resource's state was changed in place. */
  touch(): void {
    this.revision++;
  }

  find<S>(kind: Kind<S>, region: string, id: string): Resource<S> | undefined {
    return this.#resources.get(kind.token)?.get(keyOf(region, id)) as Resource<S> | undefined;
  }

  /** The resource, which has to be there because another one holds on to it. */
  get<S>(kind: Kind<S>, region: string, id: string): Resource<S> {
    const found = this.find(kind, region, id);
    if (!found) throw new AwsError("InternalFailure", `${kind.token} ${id} is missing from the ledger of ${region}`);
    return found;
  }

  /** In the order of creation; every region when none is given. */
  all<S>(kind: Kind<S>, region?: string): Resource<S>[] {
    const resources = [...(this.#resources.get(kind.token)?.values() ?? [])] as unknown as Resource<S>[];
    return region === undefined ? resources : resources.filter((resource) => resource.region === region);
  }

  /** Everything, for keeping it in a file. */
  dump(): Resource[] {
    return [...this.#resources.values()].flatMap((ofType) => [...ofType.values()]);
  }

  load(resources: Resource[]): void {
    for (const { type, ...resource } of resources) this.add({ token: type }, resource);
  }
}

export function randomHex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString("hex")
    .slice(0, length);
}

export function ec2Arn(region: string, resource: string): string {
  return `arn:aws:ec2:${region}:${ACCOUNT_ID}:${resource}`;
}

function keyOf(region: string, id: string): string {
  return `${region}/${id}`;
}

import { ApiServer } from "./api/rest.ts";
import { Discovery, objectPath } from "./api/discovery.ts";
import type { Mapping } from "./api/discovery.ts";
import type { ActiveContext } from "./api/kubeconfig.ts";
import type { RequestOptions } from "./api/rest.ts";
import type { KubeObject } from "./object/object.ts";
import { pluckList } from "./object/object.ts";
import type { Properties } from "../host/values.ts";

/** Server-side apply's parameters. */
export interface ApplyOptions {
  fieldManager: string;
  dryRun: boolean;
  /** Take fields over from other managers. Default: that is a conflict. */
  force?: boolean;
}

/** The configured cluster, with the requests that the provider makes. */
export class Cluster {
  readonly context: ActiveContext;
  readonly discovery: Discovery;
  readonly #api: ApiServer;

  constructor(context: ActiveContext) {
    this.context = context;
    this.#api = new ApiServer(context);
    this.discovery = new Discovery(this.#api);
  }

  /** @throws UnreachableError when no API server answers */
  async ping(): Promise<void> {
    await this.request("GET", "/version");
  }

  /** Any request; see ApiServer.request. */
  request(method: string, path: string, options?: RequestOptions): Promise<unknown> {
    return this.#api.request(method, path, options);
  }

  async read(mapping: Mapping, namespace: string | undefined, name: string): Promise<KubeObject> {
    return (await this.request("GET", objectPath(mapping, namespace, name))) as KubeObject;
  }

  /** The objects of a kind in a namespace. */
  async list(mapping: Mapping, namespace: string | undefined, labelSelector?: string): Promise<Properties[]> {
    const path = objectPath(mapping, namespace);
    return pluckList(await this.request("GET", path, { query: { labelSelector } }), "items");
  }

  /** POST: refused when the object exists. Unknown and duplicate fields are refused too. */
  async create(mapping: Mapping, object: KubeObject, dryRun: boolean): Promise<KubeObject> {
    const query = { fieldManager: "pulumi-kubernetes", fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
    return (await this.request("POST", objectPath(mapping, object.metadata.namespace), {
      query,
      body: object,
    })) as KubeObject;
  }

  /** Server-side apply: without force, a field that somebody else set to another value is a conflict. */
  async apply(mapping: Mapping, object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    const { fieldManager, dryRun, force = false } = options;
    const query = { fieldManager, force: String(force), fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
    return (await this.request("PATCH", this.#path(mapping, object), {
      query,
      body: object,
      contentType: "application/apply-patch+yaml",
    })) as KubeObject;
  }

  /** PUT of the whole object. */
  async replace(mapping: Mapping, object: KubeObject, { fieldManager, dryRun }: ApplyOptions): Promise<KubeObject> {
    const query = { fieldManager, fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
    return (await this.request("PUT", this.#path(mapping, object), { query, body: object })) as KubeObject;
  }

  /** A JSON patch (RFC 6902). */
  async jsonPatch(mapping: Mapping, object: KubeObject, body: Properties[]): Promise<KubeObject> {
    const contentType = "application/json-patch+json";
    return (await this.request("PATCH", this.#path(mapping, object), { body, contentType })) as KubeObject;
  }

  /** Begins the deletion. */
  async delete(mapping: Mapping, object: KubeObject, propagationPolicy: string): Promise<void> {
    await this.request("DELETE", this.#path(mapping, object), { body: { propagationPolicy } });
  }

  #path(mapping: Mapping, object: KubeObject): string {
    return objectPath(mapping, object.metadata.namespace, object.metadata.name ?? "");
  }
}

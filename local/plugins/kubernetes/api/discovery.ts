import { isNotFound, NoMatchError } from "./errors.ts";
import type { ApiServer } from "./rest.ts";

/** Where the objects of a kind are, on an API server. */
export interface Mapping {
  apiVersion: string;
  kind: string;
  /** The resource's name in URLs. */
  plural: string;
  namespaced: boolean;
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** Learns from an API server which kinds it serves. */
export class Discovery {
  readonly #api: ApiServer;
  readonly #known = new Map<string, Mapping>();

  constructor(api: ApiServer) {
    this.#api = api;
  }

  /** The kind's mapping, or undefined when the server does not serve it now. What is served stays known. */
  async find(apiVersion: string, kind: string): Promise<Mapping | undefined> {
    const key = `${apiVersion}/${kind}`;
    if (!this.#known.has(key)) await this.#load(apiVersion);
    return this.#known.get(key);
  }

  /** @throws NoMatchError when the server does not serve the kind */
  async get(apiVersion: string, kind: string): Promise<Mapping> {
    const mapping = await this.find(apiVersion, kind);
    if (!mapping) throw new NoMatchError(apiVersion, kind);
    return mapping;
  }

  async #load(apiVersion: string): Promise<void> {
    let resources: ApiResource[];
    try {
      const list = (await this.#api.request("GET", groupVersionPath(apiVersion))) as { resources?: ApiResource[] };
      resources = list.resources ?? [];
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    for (const { name, kind, namespaced } of resources) {
      // Subresources such as deployments/scale repeat kinds of other groups.
      if (!name.includes("/")) this.#known.set(`${apiVersion}/${kind}`, { apiVersion, kind, plural: name, namespaced });
    }
  }

  /** Forgets everything, after definitions of kinds changed. */
  forget(): void {
    this.#known.clear();
  }
}

/** The URL path of a kind's objects, or of one of them. */
export function objectPath(mapping: Mapping, namespace: string | undefined, name?: string): string {
  const scope = mapping.namespaced ? `/namespaces/${namespace ?? "default"}` : "";
  const suffix = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${groupVersionPath(mapping.apiVersion)}${scope}/${mapping.plural}${suffix}`;
}

function groupVersionPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { sleep } from "../exec.ts";
import type { Certificate } from "./pki.ts";

/** A Kubernetes object as far as the cloud looks into it. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    deletionTimestamp?: string;
  };
}

/** An answer of the API server that is not a success. */
export class KubeError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type WatchEvent<T> = { type: "ADDED" | "MODIFIED" | "DELETED"; object: T };

/** The few calls that the cloud itself makes to an API server, as a member of system:masters. */
export class KubeClient {
  readonly #agent: Agent;
  readonly #host: string;

  /** @param host address of the API server; its certificate is checked for the name `kubernetes` */
  constructor(host: string, authority: string, client: Certificate) {
    this.#host = host;
    this.#agent = new Agent({
      keepAlive: true,
      ca: authority,
      cert: client.certificate,
      key: client.key,
      servername: "kubernetes",
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @throws KubeError when the server refuses */
  async call<T>(method: string, path: string, body?: unknown, type = "application/json"): Promise<T> {
    const response = await this.#send(method, path, body, type);
    let text = "";
    for await (const chunk of response) text += String(chunk);
    const status = response.statusCode ?? 0;
    if (status >= 300) throw new KubeError(status, messageOf(text) ?? `${method} ${path}: HTTP ${status}`);
    return (text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text) as T;
  }

  /** Server-side apply. `path` is the collection's, such as /api/v1/namespaces/kube-system/configmaps. */
  apply(path: string, object: KubeObject): Promise<unknown> {
    const query = "?fieldManager=eks&force=true";
    return this.call("PATCH", `${path}/${object.metadata.name}${query}`, object, "application/apply-patch+yaml");
  }

  /** Deletes an object; nothing happens when there is none. */
  async remove(path: string): Promise<void> {
    await this.call("DELETE", path).catch((error: unknown) => {
      if (!(error instanceof KubeError) || error.status !== 404) throw error;
    });
  }

  /**
   * Hands over every object of a collection and every change until aborted. After a lost connection the list is read
   * again; objects deleted meanwhile are reported as DELETED.
   */
  async watch<T extends KubeObject>(
    path: string,
    signal: AbortSignal,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<void> {
    const known = new Map<string, T>();
    while (!signal.aborted) {
      try {
        const list = await this.call<{ items: T[]; metadata: { resourceVersion: string } }>("GET", path);
        const present = new Set(list.items.map(({ metadata }) => String(metadata.uid)));
        for (const [uid, object] of known) {
          if (present.has(uid)) continue;
          known.delete(uid);
          onEvent({ type: "DELETED", object });
        }
        for (const object of list.items) {
          known.set(String(object.metadata.uid), object);
          onEvent({ type: "MODIFIED", object });
        }
        await this.#follow<T>(`${path}?watch=1&resourceVersion=${list.metadata.resourceVersion}`, signal, (event) => {
          if (event.type === "DELETED") known.delete(String(event.object.metadata.uid));
          else known.set(String(event.object.metadata.uid), event.object);
          onEvent(event);
        });
      } catch {
        // The API server is away; the next list says what happened.
      }
      await sleep(500);
    }
  }

  async #follow<T>(path: string, signal: AbortSignal, onEvent: (event: WatchEvent<T>) => void): Promise<void> {
    const response = await this.#send("GET", path, undefined, "application/json", signal);
    let rest = "";
    for await (const chunk of response) {
      rest += String(chunk);
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines.filter(Boolean)) {
        const event = JSON.parse(line) as { type: string; object: T };
        // ERROR, such as 410 Gone: the version is too old, the list has to be read again.
        if (event.type !== "ADDED" && event.type !== "MODIFIED" && event.type !== "DELETED") return;
        onEvent({ type: event.type, object: event.object });
      }
    }
  }

  #send(method: string, path: string, body: unknown, type: string, signal?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: this.#host,
          port: 443,
          method,
          path,
          agent: this.#agent,
          servername: "kubernetes",
          headers: { "content-type": type, accept: "application/json" },
          ...(signal === undefined ? { timeout: 30_000 } : { signal }),
        },
        resolve,
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer in 30 s`)));
      outgoing.on("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}

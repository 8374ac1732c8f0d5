import http from "node:http";
import https from "node:https";
import { BearerToken, tlsOptions } from "./credentials.ts";
import { ApiError, UnreachableError } from "./errors.ts";
import type { ActiveContext } from "./kubeconfig.ts";
import type { Status } from "./errors.ts";

export interface RequestOptions {
  query?: Record<string, string | undefined>;
  body?: unknown;
  /** Default: application/json. */
  contentType?: string;
}

interface Answer {
  code: number;
  text: string;
  retryAfter: number;
}

/** An answer must begin within this many milliseconds; webhooks may take 30 s (`timeoutSeconds` of their objects). */
const requestTimeout = 60_000;
const maximumTries = 5;

/** One API server, called as one user. */
export class ApiServer {
  readonly #base: URL;
  readonly #token: BearerToken;
  readonly #agent: http.Agent;

  constructor(active: ActiveContext) {
    this.#base = new URL(active.cluster.server);
    this.#token = new BearerToken(active.user);
    this.#agent =
      this.#base.protocol === "https:"
        ? new https.Agent({ keepAlive: true, ...tlsOptions(active.cluster, active.user) })
        : new http.Agent({ keepAlive: true });
  }

  /**
   * Calls the API server and gives the answer's JSON. Overload (429, 503 with Retry-After) is waited for, and a token
   * that is refused is asked for anew once.
   *
   * @throws ApiError when the server refuses, UnreachableError when there is no server
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#send(method, this.#url(path, options.query), options);
      if (answer.code < 300) return answer.text ? JSON.parse(answer.text) : {};
      if (answer.code === 401 && tries === 1) this.#token.forget();
      else if (answer.retryAfter > 0 && tries < maximumTries) await sleep(answer.retryAfter * 1000);
      else throw new ApiError(answer.code, statusOf(answer.text));
    }
  }

  #url(path: string, query: RequestOptions["query"] = {}): URL {
    const url = new URL(this.#base.pathname.replace(/\/$/, "") + path, this.#base);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
    return url;
  }

  async #send(method: string, url: URL, options: RequestOptions): Promise<Answer> {
    const token = await this.#token.get();
    const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
    const headers = {
      Accept: "application/json",
      "User-Agent": "pulumi-kubernetes",
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { "Content-Type": options.contentType ?? "application/json", "Content-Length": body.length }),
    };
    try {
      return await this.#exchange(url, { method, headers, agent: this.#agent, timeout: requestTimeout }, body);
    } catch (error) {
      throw new UnreachableError(this.#base.origin, error instanceof Error ? error.message : String(error));
    }
  }

  #exchange(url: URL, options: http.RequestOptions, body: Buffer | undefined): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const request = (url.protocol === "https:" ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const retryAfter = Number(response.headers["retry-after"] ?? 0);
        resolve({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8"), retryAfter });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${requestTimeout / 1000} s`)));
    request.on("error", (error: NodeJS.ErrnoException) => {
      // A kept connection that the server closed in the same moment: the request never arrived, so it is sent again.
      if (request.reusedSocket && error.code === "ECONNRESET") resolve(this.#exchange(url, options, body));
      else reject(error);
    });
    request.end(body);
    return promise;
  }
}

function statusOf(text: string): Status {
  try {
    return JSON.parse(text) as Status;
  } catch {
    return { message: text.trim().slice(0, 500) };
  }
}

/** Waits. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

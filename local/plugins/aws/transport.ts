import { request } from "node:http";
import { join } from "node:path";
import { runDir as defaultRunDir } from "../../paths.ts";

/** A refusal by the cloud, with AWS's own code and words. */
export class CloudRefusal extends Error {
  readonly code: string;
  /** What stands there all the same. */
  readonly made: { id: string; outputs: Record<string, unknown> } | undefined;

  constructor(code: string, message: string, made?: CloudRefusal["made"]) {
    super(message);
    this.name = "CloudRefusal";
    this.code = code;
    this.made = made;
  }
}

/** The daemon does not answer at all. */
export class CloudUnreachable extends Error {}

/** Where a cloud's daemon listens. */
export function cloudSocket(runDir: string = defaultRunDir): string {
  return join(runDir, "cloud.sock");
}

/**
 * Asks the cloud daemon.
 *
 * @param body sent as JSON; without it this is a GET
 * @returns the answer's JSON
 * @throws CloudRefusal when the daemon says no, CloudUnreachable when nobody listens
 */
export function callCloud(path: string, body?: unknown, socketPath: string = cloudSocket()): Promise<unknown> {
  const method = body === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath, path, method, headers: { "content-type": "application/json" }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          try {
            resolve(answer(response.statusCode ?? 0, Buffer.concat(chunks).toString()));
          } catch (error) {
            reject(error as Error);
          }
        });
      },
    );
    asked.on("error", (error) =>
      reject(
        new CloudUnreachable(
          `the local cloud does not answer at ${socketPath} (${error.message}): start it with \`npm run local -- up\``,
        ),
      ),
    );
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function answer(status: number, text: string): unknown {
  const value: unknown = text === "" ? undefined : JSON.parse(text);
  if (status < 400) return value;
  const { code, message, made } = (value ?? {}) as Partial<Pick<CloudRefusal, "code" | "message" | "made">>;
  throw new CloudRefusal(code ?? `HTTP${status}`, message ?? text, made);
}

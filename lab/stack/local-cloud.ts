/** The local cloud's daemon, where this is a shell of a running one. */
import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import * as z from "zod";
import { UsageError } from "../plan/usage-error.ts";

/** The socket at which the local cloud of this shell listens; undefined where this is no such shell, or none runs. */
export function localCloudSocket(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const folder = environment["ISTIO_LAB_RUN"];
  if (!folder) return undefined;
  const socket = join(folder, "cloud.sock");
  return existsSync(socket) ? socket : undefined;
}

/**
 * Asks the daemon.
 * @returns its answer's JSON
 * @throws UsageError with AWS's code and words where it refuses
 */
export function callLocalCloud(
  socketPath: string,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, path, method, headers: { "content-type": "application/json" }, agent: false };
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new UsageError(`The local cloud refuses ${method} ${path}: ${refusal(text)}`));
      });
    });
    asked.on("error", ({ message }) => {
      const help = "`npm run local -- status` says what runs";
      reject(new UsageError(`The local cloud does not answer at ${socketPath} (${message}): ${help}.`));
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** AWS's code and words, which the daemon answers as JSON. */
function refusal(text: string): string {
  try {
    const { code, message } = z.object({ code: z.string(), message: z.string() }).parse(JSON.parse(text));
    return `${code}: ${message}`;
  } catch {
    return text;
  }
}

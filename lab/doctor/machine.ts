/** What the doctor asks of the machine: its commands, its environment, Pulumi's backend, hosts on the internet. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { pulumi } from "../stack/pulumi.ts";
import type { Backend } from "./backend.ts";
import { type PullLimit, pullLimitOf } from "./hosts.ts";

export interface Machine {
  readonly node: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What a command prints; undefined where there is no such command. */
  prints(command: string, ...args: readonly string[]): Promise<string | undefined>;
  /** Undefined where Pulumi is not there or not logged in. */
  backend(): Promise<Backend | undefined>;
  /** Names of the stacks that the backend has; undefined where it cannot be asked. */
  stacks(): Promise<readonly string[] | undefined>;
  /** The status that a URL is answered with, or why it is not. */
  asks(url: string): Promise<number | string>;
  /** What Docker Hub allows to this machine's address; undefined where it names no limit, a text where it does not say. */
  pullLimit(): Promise<PullLimit | string | undefined>;
  /** What a stack file says of its secrets, and no secret. */
  secretsOf(file: string): { readonly secretsProvider?: string; readonly salted: boolean };
}

/** Milliseconds that a host has for its answer. */
const patience = 15_000;

const whoami = z.object({ user: z.string(), url: z.string() });
const stackList = z.array(z.object({ name: z.string() }));
const dockerToken = z.object({ token: z.string() });

export const thisMachine: Machine = {
  node: process.versions.node,
  environment: process.env,
  prints,
  backend: async () => {
    const text = await pulumi("whoami", "--json").catch(() => undefined);
    return text === undefined ? undefined : whoami.parse(JSON.parse(text));
  },
  stacks: async () => {
    const text = await pulumi("stack", "ls", "--json").catch(() => undefined);
    return text === undefined ? undefined : stackList.parse(JSON.parse(text)).map(({ name }) => name);
  },
  asks: (url) => status(url).catch(why),
  pullLimit: () => pullLimit().catch(why),
  secretsOf: (file) => {
    const content = (parse(readFileSync(file, "utf8")) ?? {}) as Record<string, unknown>;
    const provider = content["secretsprovider"];
    const named = typeof provider === "string" ? { secretsProvider: provider } : {};
    return { ...named, salted: content["encryptionsalt"] !== undefined };
  },
};

function prints(command: string, ...args: readonly string[]): Promise<string | undefined> {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], timeout: patience });
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
    child.on("error", () => {
      done(undefined);
    });
    child.on("close", () => {
      done(printed.join(""));
    });
  });
}

async function status(url: string): Promise<number> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patience) });
  await answer.body?.cancel();
  return answer.status;
}

function why(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
}

/**
 * Asked of the image that Docker keeps for this; a HEAD does not count as a pull
 * (https://docs.docker.com/docker-hub/usage/pulls/#view-hourly-pull-rate-and-limit).
 */
async function pullLimit(): Promise<PullLimit | undefined> {
  const image = "ratelimitpreview/test";
  const signal = AbortSignal.timeout(patience);
  const login = `https://auth.docker.io/token?service=registry.docker.io&scope=repository:${image}:pull`;
  const { token } = dockerToken.parse(await (await fetch(login, { signal })).json());
  const { headers } = await fetch(`https://registry-1.docker.io/v2/${image}/manifests/latest`, {
    method: "HEAD",
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  return pullLimitOf(headers.get("ratelimit-limit"), headers.get("ratelimit-remaining"));
}

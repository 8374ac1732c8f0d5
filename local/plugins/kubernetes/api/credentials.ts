import { readFileSync } from "node:fs";
import { execa } from "execa";
import type { ClusterEntry, ExecEntry, UserEntry } from "./kubeconfig.ts";

/** What a TLS connection to the API server needs; PEM. */
export interface TlsOptions {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  servername?: string;
  rejectUnauthorized: boolean;
}

interface ExecCredential {
  status?: { token?: string; expirationTimestamp?: string };
}

/** A token is asked for anew when it ends within this many milliseconds. */
const expiryMargin = 30_000;

/** The TLS side of a kubeconfig's cluster and user. */
export function tlsOptions(cluster: ClusterEntry, user: UserEntry): TlsOptions {
  const ca = material(cluster["certificate-authority-data"], cluster["certificate-authority"]);
  const cert = material(user["client-certificate-data"], user["client-certificate"]);
  const key = material(user["client-key-data"], user["client-key"]);
  const servername = cluster["tls-server-name"];
  return {
    rejectUnauthorized: !cluster["insecure-skip-tls-verify"],
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername && { servername }),
  };
}

/** The bearer token of a kubeconfig's user. A token from a command is kept until shortly before it ends. */
export class BearerToken {
  readonly #user: UserEntry;
  #current: Promise<{ token: string | undefined; expires: number }> | undefined;

  constructor(user: UserEntry) {
    this.#user = user;
  }

  /** The token, or undefined for a user without one (client certificate). */
  async get(): Promise<string | undefined> {
    if (this.#user.token) return this.#user.token;
    if (this.#user.tokenFile) return readFileSync(this.#user.tokenFile, "utf8").trim();
    const exec = this.#user.exec;
    if (!exec) return undefined;
    const known = await this.#current;
    if (!known || known.expires - expiryMargin < Date.now()) this.#current = runExec(exec);
    return (await this.#current)?.token;
  }

  /** Forgets a token that the API server refused. */
  forget(): void {
    this.#current = undefined;
  }
}

async function runExec(exec: ExecEntry): Promise<{ token: string; expires: number }> {
  const call = [exec.command, ...(exec.args ?? [])].join(" ");
  const info = { apiVersion: exec.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const env = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const run = await execa(exec.command, exec.args ?? [], {
    env: { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    reject: false,
    stdin: "ignore",
    timeout: 60_000,
  });
  if (run.failed) throw new Error(`getting credentials: "${call}" failed: ${run.stderr || run.shortMessage}`);
  const { status } = parseCredential(run.stdout, call);
  if (!status?.token) throw new Error(`getting credentials: "${call}" answered no token (certificates: not built)`);
  const expires = status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : Number.POSITIVE_INFINITY;
  return { token: status.token, expires };
}

function parseCredential(text: string, call: string): ExecCredential {
  try {
    return JSON.parse(text) as ExecCredential;
  } catch {
    throw new Error(`getting credentials: "${call}" did not answer an ExecCredential in JSON`);
  }
}

function material(data: string | undefined, path: string | undefined): Buffer | undefined {
  if (data) return Buffer.from(data, "base64");
  return path ? readFileSync(path) : undefined;
}

/**
 * Why a cluster did not answer at all, or may not be asked by whoever asks, in one sentence with what to do. Other answers
 * of an API server are left alone.
 */
import { ApiException } from "@kubernetes/client-node";
import * as z from "zod";
import { UsageError } from "../plan/usage-error.ts";

/**
 * Runs a call, and says plainly why the cluster could not be asked.
 * @throws UsageError for a cluster that is away, does not know who asks, or forbids it; everything else as it was thrown
 */
export async function reaching<T>(cluster: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const why = whyUnreachable(cluster, error);
    throw why === undefined ? error : new UsageError(why, { cause: error });
  }
}

/** Codes of libuv and of Node's fetch for connections that came to nothing. */
const connection =
  /^(E(CONN(REFUSED|RESET|ABORTED)|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|PIPE)|UND_ERR_\w+|CERT_\w+)$/;

/** What the AWS CLI prints when it cannot log in (https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-troubleshooting.html). */
const login =
  /expired|Unable to locate credentials|could not be found in|InvalidClientTokenId|SSO|Token has|not authorized/i;

export function whyUnreachable(cluster: string, error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ApiException) return whyRefused(cluster, error);
  const code = codeOf(error);
  const missing = /spawn (\S+) ENOENT/.exec(error.message)?.[1];
  if (missing !== undefined)
    return `The cluster ${cluster} cannot be asked: its kubeconfig logs in with the command \`${missing}\`, which is not there.`;
  if (code !== undefined && connection.test(code)) return away(cluster, code);
  if (error.message.includes("fetch failed")) return away(cluster, code ?? "no connection");
  const printed = error.message.replace(/^Failed to fetch resource metadata for \S+: /, "").trim();
  if (!login.test(printed)) return undefined;
  return `The cluster ${cluster} cannot be asked: its login failed with "${oneLine(printed)}". Log in to AWS again, then repeat the command.`;
}

function whyRefused(cluster: string, { code, body }: ApiException<unknown>): string | undefined {
  if (code === 401) return unknownCaller(cluster);
  return code === 403 ? `The API server of ${cluster} refuses: ${oneLine(messageOf(body))}` : undefined;
}

/** The client hands an answer's body on as it came, as text or parsed. */
function messageOf(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  try {
    return status.parse(JSON.parse(text)).message;
  } catch {
    return `403 ${text}`;
  }
}

const status = z.object({ message: z.string() });

const unknownCaller = (cluster: string): string =>
  `The API server of ${cluster} does not know who asks (401): the token has expired, or the caller is not among ` +
  "`access.admins` of the stack file. `aws sts get-caller-identity` says who is logged in.";

const away = (cluster: string, code: string): string =>
  `The API server of ${cluster} cannot be reached (${code}): it is gone or paused, or this machine is not let in ` +
  "(`endpoint` in the stack file). `lab doctor` and `lab status` say more.";

/** The innermost code: `fetch` wraps what the connection said. */
function codeOf(error: Error): string | undefined {
  const inner = error.cause instanceof Error ? codeOf(error.cause) : undefined;
  return inner ?? (error as NodeJS.ErrnoException).code;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, 300);

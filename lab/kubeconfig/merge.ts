/** One kubeconfig for all clusters of a lab, with contexts named as the clusters. */
import { isAbsolute, dirname, resolve } from "node:path";
import * as z from "zod";
import { UsageError } from "../plan/usage-error.ts";

const entry = z.record(z.string(), z.unknown());

/** As much as has to be known of a kubeconfig; the rest of a cluster and a user goes through as it is. */
const shape = z.object({
  "current-context": z.string().optional(),
  clusters: z.array(z.object({ name: z.string(), cluster: entry })),
  users: z.array(z.object({ name: z.string(), user: entry })),
  contexts: z.array(
    z.object({
      name: z.string(),
      context: z.object({ cluster: z.string(), user: z.string(), namespace: z.string().optional() }),
    }),
  ),
});

export interface Part {
  /** The lab's name for the cluster. */
  readonly name: string;
  /** A kubeconfig, as parsed. */
  readonly config: unknown;
  /** Default: its current context. */
  readonly context?: string;
  /** Its file, where paths in it are relative to that. */
  readonly file?: string;
}

/**
 * @throws UsageError where a part is no kubeconfig, or lacks its context or what that names
 */
export function mergeKubeconfigs(parts: readonly Part[]): object {
  const each = parts.map(partOf);
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": parts[0]?.name ?? "",
    clusters: each.map(({ name, cluster }) => ({ name, cluster })),
    users: each.map(({ name, user }) => ({ name, user })),
    contexts: each.map(({ name, namespace }) => ({ name, context: { cluster: name, user: name, ...namespace } })),
  };
}

function partOf({ name, config, context, file }: Part) {
  const of = file === undefined ? `The kubeconfig of ${name}` : `The kubeconfig ${file} of ${name}`;
  const parsed = shape.safeParse(config);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: "" };
    throw new UsageError(`${of} is none: ${path.length === 0 ? "the whole" : path.join(".")} is wrong (${message}).`);
  }
  const { clusters, users, contexts, ...rest } = parsed.data;
  const wanted = context ?? rest["current-context"];
  const chosen = contexts.find((each) => each.name === wanted)?.context;
  const cluster = clusters.find((each) => each.name === chosen?.cluster)?.cluster;
  const user = users.find((each) => each.name === chosen?.user)?.user;
  if (chosen === undefined || cluster === undefined || user === undefined) {
    const names = contexts.map((each) => each.name).join(", ");
    const told = context === undefined ? "" : " The stack file names it as the cluster's `context`.";
    throw new UsageError(
      `${of} has no context "${wanted ?? ""}" with a cluster and a user, only ${names || "none"}.${told}`,
    );
  }
  const namespace = chosen.namespace === undefined ? {} : { namespace: chosen.namespace };
  return { name, namespace, cluster: absolute(cluster, file), user: absolute(user, file) };
}

/** Keys of paths: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
const paths = new Set(["certificate-authority", "client-certificate", "client-key", "tokenFile"]);

function absolute(entries: z.infer<typeof entry>, file: string | undefined): object {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => {
      const relative = file !== undefined && paths.has(key) && typeof value === "string" && !isAbsolute(value);
      return [key, relative ? resolve(dirname(file), value) : value];
    }),
  );
}

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

/** How to reach an API server, in a kubeconfig's own words. */
export interface ClusterEntry {
  server: string;
  "certificate-authority"?: string;
  /** Base64. */
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
}

/** A command that hands out a token (client.authentication.k8s.io). */
export interface ExecEntry {
  apiVersion: string;
  command: string;
  args?: string[];
  env?: { name: string; value: string }[];
}

/** Who calls the API server. */
export interface UserEntry {
  token?: string;
  tokenFile?: string;
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  exec?: ExecEntry;
}

/** The one context of a kubeconfig that is used. */
export interface ActiveContext {
  cluster: ClusterEntry;
  user: UserEntry;
  /** The context's namespace, "default" when it names none. */
  namespace: string;
}

interface Named {
  name: string;
}

interface Kubeconfig {
  "current-context"?: string;
  clusters?: (Named & { cluster: ClusterEntry })[];
  users?: (Named & { user: UserEntry })[];
  contexts?: (Named & { context: { cluster: string; user: string; namespace?: string } })[];
}

/** Overrides of the provider's own options `context` and `cluster`. */
export interface ContextOverrides {
  context?: string | undefined;
  cluster?: string | undefined;
}

/**
 * Reads a kubeconfig and picks its active context.
 *
 * @param pathOrContents YAML or JSON, or a file's path (`~` is the home directory), as the real provider takes it
 * @throws Error that names the missing part; it never quotes the contents, which hold credentials
 */
export function activeContext(pathOrContents: string, overrides: ContextOverrides = {}): ActiveContext {
  const config = parseConfig(contentsOf(pathOrContents));
  const contextName = overrides.context ?? config["current-context"];
  if (!contextName) throw new Error("the kubeconfig has no current-context; set one, or the provider's `context`");
  const context = named(config.contexts, contextName, "context").context;
  return {
    cluster: named(config.clusters, overrides.cluster ?? context.cluster, "cluster").cluster,
    user: context.user ? named(config.users, context.user, "user").user : {},
    namespace: context.namespace ?? "default",
  };
}

/** A kubeconfig of the active context alone, for a tool that takes a file. JSON, which is YAML. */
export function kubeconfigText(active: ActiveContext): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "active",
    clusters: [{ name: "active", cluster: active.cluster }],
    users: [{ name: "active", user: active.user }],
    contexts: [{ name: "active", context: { cluster: "active", user: "active", namespace: active.namespace } }],
  });
}

function contentsOf(pathOrContents: string): string {
  if (pathOrContents.includes("\n") || pathOrContents.trimStart().startsWith("{")) return pathOrContents;
  const path = pathOrContents.startsWith("~/") ? join(homedir(), pathOrContents.slice(2)) : pathOrContents;
  return existsSync(path) ? readFileSync(path, "utf8") : pathOrContents;
}

function parseConfig(contents: string): Kubeconfig {
  let config: Kubeconfig | null;
  try {
    config = parse(contents) as Kubeconfig | null;
  } catch {
    throw new Error("the kubeconfig is neither YAML nor JSON");
  }
  if (typeof config !== "object" || config === null) throw new Error("the kubeconfig is empty or not a document");
  return config;
}

function named<T extends Named>(entries: T[] | undefined, name: string, what: string): T {
  const entry = entries?.find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`the kubeconfig has no ${what} named "${name}"`);
  return entry;
}

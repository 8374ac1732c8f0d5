/** A kind of object, in an API server's words. */
export interface Kind {
  /** `v1` or `<group>/<version>`. */
  apiVersion: string;
  kind: string;
}

/** The Helm release's type, which is no kind of object. */
export const releaseType = "kubernetes:helm.sh/v3:Release";

/**
 * Reads the kind from a type token such as `kubernetes:apps/v1:Deployment`, `kubernetes:core/v1:Namespace`, or
 * `kubernetes:networking.istio.io/v1:Gateway`, which is how the SDK registers an `apiextensions.CustomResource`.
 *
 * @throws Error for tokens that are no object, and for the built-in `...List` and `...Patch` types
 */
export function kindOf(type: string): Kind {
  const [provider, module, kind] = type.split(":");
  if (provider !== "kubernetes" || !module || !kind) throw new Error(`unrecognized resource type: "${type}"`);
  const apiVersion = module.replace(/^core\//, "");
  if (isBuiltIn(apiVersion) && kind.endsWith("List")) {
    throw new Error(`${type}: list resources cannot be created directly. Use the underlying resource type instead`);
  }
  if (isBuiltIn(apiVersion) && kind.endsWith("Patch")) {
    throw new Error(`${type}: patch resources are not built in the local cloud`);
  }
  return { apiVersion, kind };
}

/** Kubernetes' own API groups (https://kubernetes.io/docs/reference/kubernetes-api/); "" is the core group. */
const builtInGroups = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);

/** Whether the kind belongs to Kubernetes itself, not to a CustomResourceDefinition. */
export function isBuiltIn(apiVersion: string): boolean {
  return builtInGroups.has(groupOf(apiVersion));
}

/** The group of an apiVersion, "" for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** The type token under which the SDK registers objects of a kind. */
export function tokenOf({ apiVersion, kind }: Kind): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

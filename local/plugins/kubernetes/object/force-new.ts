import type { Kind } from "../tokens.ts";

/** Which kinds' data may change in place: the provider's options of these names. */
export interface Mutability {
  enableSecretMutable: boolean;
  enableConfigMapMutable: boolean;
}

/**
 * Paths whose change means a new object, because a server refuses it or the real provider wants it so. `*` is any
 * index. (forceNew of pulumi-kubernetes, provider/pkg/provider/diff.go; kinds that the real provider lists for
 * versions that no server serves any more are left out.)
 */
const byKind: Record<string, string[]> = {
  "apps/v1/DaemonSet": ["spec.selector"],
  "apps/v1/Deployment": ["spec.selector"],
  "apps/v1/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "v1/ConfigMap": ["binaryData", "data"],
  "v1/PersistentVolumeClaim": ["spec"],
  "v1/Pod": ["spec"],
  "v1/ResourceQuota": ["spec.scopes"],
  "v1/Secret": ["type", "stringData", "data"],
  "v1/Service": ["spec.clusterIP"],
};

/** The paths of a kind, split at dots. */
export function forceNewPaths({ apiVersion, kind }: Kind, mutability: Mutability): string[][] {
  const key = `${apiVersion}/${kind}`;
  const identity = ["metadata.name", "metadata.namespace", "kind", "apiVersion"];
  const mutable =
    (key === "v1/ConfigMap" && mutability.enableConfigMapMutable) ||
    (key === "v1/Secret" && mutability.enableSecretMutable);
  const ofKind = (byKind[key] ?? []).filter((path) => !mutable || path === "type");
  return [...identity, ...ofKind].map((path) => path.split("."));
}

/** How much a tenant's namespace may hold, and what its people may do in it. */
import type { Json, TenantPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";

const rbacApi = "rbac.authorization.k8s.io/v1";

export function boundsOf(tenant: TenantPlan): KubernetesObject[] {
  return [
    resourceQuota(tenant),
    ...(Object.keys(tenant.limits).length > 0 ? [limitRange(tenant)] : []),
    role(tenant),
    roleBinding(tenant),
  ];
}

function resourceQuota({ name, quota }: TenantPlan): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "tenant", namespace: name },
    spec: { hard: { ...quota } },
  };
}

function limitRange({ name, limits }: TenantPlan): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "tenant", namespace: name },
    spec: { limits: [{ type: "Container", default: { ...limits } }] },
  };
}

const look = ["get", "list", "watch"];
const work = [...look, "create", "update", "patch", "delete", "deletecollection"];

const rule = (apiGroups: string[], resources: string[], verbs: string[]): Json => ({ apiGroups, resources, verbs });

/**
 * What a team needs to run services and to route between them. Kubernetes' own roles `edit` and `admin` would let it
 * write the policies that keep it apart. Bound to the group of the tenant's access entries
 * (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html).
 */
function role({ name }: TenantPlan): KubernetesObject {
  return {
    apiVersion: rbacApi,
    kind: "Role",
    metadata: { name: "tenant", namespace: name },
    rules: [
      rule([""], ["configmaps", "persistentvolumeclaims", "secrets", "serviceaccounts", "services"], work),
      // Pods come from Deployments and Jobs; one that is sick may be taken away.
      rule([""], ["pods"], [...look, "delete"]),
      rule([""], ["pods/exec", "pods/portforward"], ["create", "get"]),
      rule([""], ["events", "limitranges", "pods/log", "resourcequotas"], look),
      rule(["apps"], ["deployments", "replicasets", "statefulsets"], work),
      rule(["apps"], ["deployments/scale", "statefulsets/scale"], ["get", "update", "patch"]),
      rule(["batch"], ["cronjobs", "jobs"], work),
      rule(["policy"], ["poddisruptionbudgets"], work),
      rule(["networking.istio.io"], ["destinationrules", "serviceentries", "virtualservices"], work),
      rule(["networking.istio.io"], ["sidecars"], look),
      rule(["security.istio.io"], ["authorizationpolicies", "peerauthentications"], look),
      rule(["networking.k8s.io"], ["networkpolicies"], look),
    ],
  };
}

function roleBinding({ name, group }: TenantPlan): KubernetesObject {
  return {
    apiVersion: rbacApi,
    kind: "RoleBinding",
    metadata: { name: "tenant", namespace: name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "tenant" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
  };
}

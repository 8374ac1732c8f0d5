/** What the mesh lets pass between a tenant and others: who is who, who may ask for what, and who is known to whom. */
import type { ISidecar } from "@kubernetes-models/istio/networking.istio.io/v1";
import type { IAuthorizationPolicy, IPeerAuthentication } from "@kubernetes-models/istio/security.istio.io/v1";
import { istioNamespace } from "../topology/names.ts";
import type { CallerPlan, ClusterPlan, LabPlan, TenantPlan } from "../topology/types.ts";
import { networkingApi, securityApi, type KubernetesObject } from "./object.ts";
import { meshOf } from "./plan-queries.ts";

export function trafficOf(lab: LabPlan, cluster: ClusterPlan, tenant: TenantPlan): KubernetesObject[] {
  const { trustDomain } = meshOf(lab, cluster);
  return [strict(tenant), denied(tenant), callers(tenant, trustDomain), scope(tenant)];
}

/** Also where the mesh as a whole is PERMISSIVE: without a certificate nobody knows which tenant calls. */
function strict({ name }: TenantPlan): KubernetesObject {
  return {
    apiVersion: securityApi,
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace: name },
    spec: { mtls: { mode: "STRICT" } } satisfies IPeerAuthentication["spec"],
  };
}

/** Allows nothing, so that what no other policy allows is denied. */
function denied({ name }: TenantPlan): KubernetesObject {
  return {
    apiVersion: securityApi,
    kind: "AuthorizationPolicy",
    metadata: { name: "default-deny", namespace: name },
    spec: {},
  };
}

function callers({ name, callers: others }: TenantPlan, trustDomain: string): KubernetesObject {
  const rule = ({ name: caller, paths }: CallerPlan) => ({
    // Whoever has an identity of that tenant's namespace.
    from: [{ source: { principals: [`${trustDomain}/ns/${caller}/*`] } }],
    ...(paths.length > 0 ? { to: [{ operation: { paths: [...paths] } }] } : {}),
  });
  return {
    apiVersion: securityApi,
    kind: "AuthorizationPolicy",
    metadata: { name: "callers", namespace: name },
    spec: {
      action: "ALLOW",
      rules: [{ name, paths: [] }, ...others].map(rule),
    } satisfies IAuthorizationPolicy["spec"],
  };
}

/** The tenant's proxies hear of nothing else: neither of Services nor of routes in other namespaces. */
function scope({ name, mayCall }: TenantPlan): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "Sidecar",
    metadata: { name: "default", namespace: name },
    spec: {
      egress: [{ hosts: ["./*", `${istioNamespace}/*`, ...mayCall.map((each) => `${each}/*`)] }],
    } satisfies ISidecar["spec"],
  };
}

/**
 * What a tenant may tell the mesh. A VirtualService holds wherever it is exported to, for any host it names, so that
 * without a guard one tenant routes the requests of another
 * (https://istio.io/latest/docs/ops/best-practices/security/). The API server itself judges:
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
import type { Json, TenantPlan } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";

const admissionApi = "admissionregistration.k8s.io/v1";

export function guardsOf(tenant: TenantPlan): KubernetesObject[] {
  const name = `istio-lab-tenant-${tenant.name}`;
  return [policy(name, tenant), binding(name, tenant)];
}

function policy(name: string, tenant: TenantPlan): KubernetesObject {
  return {
    apiVersion: admissionApi,
    kind: "ValidatingAdmissionPolicy",
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          judged("networking.istio.io", "*", ["destinationrules", "serviceentries", "virtualservices"]),
          judged("", "v1", ["services"]),
        ],
      },
      validations: validations(tenant),
    },
  };
}

const judged = (apiGroup: string, apiVersion: string, resources: string[]): Json => ({
  apiGroups: [apiGroup],
  apiVersions: [apiVersion],
  operations: ["CREATE", "UPDATE"],
  resources,
});

function validations({ name }: TenantPlan): Json {
  // A name without a namespace means a Service of the object's own.
  const own = String.raw`'^[a-z0-9-]+(\\.${name}(\\.svc(\\.cluster\\.local)?)?)?$'`;
  const when = (kind: string, expression: string): string => `object.kind != '${kind}' || (${expression})`;
  return [
    {
      expression: `object.kind == 'Service' || (has(object.spec.exportTo) && object.spec.exportTo.size() > 0 && object.spec.exportTo.all(to, to in ['.', '${name}']))`,
      message: `exportTo must be written and hold nothing but "." or "${name}": routes of a tenant are for itself.`,
    },
    {
      expression: when("VirtualService", `has(object.spec.hosts) && object.spec.hosts.all(host, host.matches(${own}))`),
      message: `hosts must be Services of the namespace "${name}".`,
    },
    {
      expression: when(
        "VirtualService",
        `!has(object.spec.gateways) || object.spec.gateways.all(gateway, gateway == 'mesh' || gateway.startsWith('${name}/') || !gateway.contains('/'))`,
      ),
      message: `gateways must be "mesh" or the namespace's own: those of others carry the traffic of others.`,
    },
    {
      expression: when("DestinationRule", `has(object.spec.host) && object.spec.host.matches(${own})`),
      message: `host must be a Service of the namespace "${name}".`,
    },
    {
      expression: when(
        "ServiceEntry",
        String.raw`has(object.spec.hosts) && object.spec.hosts.all(host, host.matches('^[a-z0-9-]+(\\.[a-z0-9-]+)+$') && !host.matches('\\.(svc|local)$'))`,
      ),
      message: "hosts must be full names outside the cluster, without wildcards.",
    },
    {
      expression: when("Service", "!has(object.spec.externalIPs) || object.spec.externalIPs.size() == 0"),
      message: "externalIPs would catch what others send to these addresses.",
    },
  ];
}

function binding(name: string, tenant: TenantPlan): KubernetesObject {
  return {
    apiVersion: admissionApi,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: ["Deny"],
      matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": tenant.name } } },
    },
  };
}

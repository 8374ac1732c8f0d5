/** Quotas and limits of tenants, which Kubernetes would refuse, or by which it would refuse every pod. */
import { closedToOutside, type TenantConfig } from "../tenants.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantity = /^(\d+(\.\d*)?|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;
const wholeNumber = /^\d+$/;

/** What a ResourceQuota counts in quantities: https://kubernetes.io/docs/concepts/policy/resource-quotas/ */
const measured = /^((requests|limits)\.)?(cpu|memory|ephemeral-storage)$|^requests\.storage$/;
/** And in numbers of objects. */
const counted =
  /^(pods|services(\.loadbalancers|\.nodeports)?|configmaps|secrets|persistentvolumeclaims|replicationcontrollers|resourcequotas|count\/[a-z]+(\.[a-z0-9.-]+)?)$/;
/** What a LimitRange can give a container. */
const limited = ["cpu", "memory", "ephemeral-storage"];

function wrongQuota({ quota = {} }: TenantConfig, path: string): Finding[] {
  return Object.entries(quota).flatMap(([key, value]) => {
    const place = `${path}.quota["${key}"]`;
    if (!measured.test(key) && !counted.test(key))
      return [
        {
          path: place,
          message: `A ResourceQuota knows no "${key}". Write requests.cpu, requests.memory, pods, services, count/deployments.apps or another of Kubernetes' names.`,
        },
      ];
    if (key in closedToOutside && wholeNumber.test(value) && Number(value) > 0)
      return [
        {
          path: place,
          message: `A Service that the internet or a node's address leads to goes around all that keeps tenants apart, so no tenant has any of ${key}. Take this away.`,
        },
      ];
    if ((counted.test(key) ? wholeNumber : quantity).test(value)) return [];
    const like = counted.test(key) ? "a whole number such as 10" : "a quantity such as 500m, 2 or 1Gi";
    return [{ path: place, message: `"${value}" is nothing that ${key} can be limited to. Write ${like}, in quotes.` }];
  });
}

function wrongLimits({ limits = {} }: TenantConfig, path: string): Finding[] {
  return Object.entries(limits).flatMap(([key, value]) => {
    const place = `${path}.limits["${key}"]`;
    if (!limited.includes(key))
      return [{ path: place, message: `A container has no limit of "${key}". Write one of: ${limited.join(", ")}.` }];
    if (quantity.test(value)) return [];
    return [{ path: place, message: `"${value}" is no quantity. Write one such as 500m or 256Mi, in quotes.` }];
  });
}

/** With a quota on it, Kubernetes refuses every pod that does not state it. */
function quotaWithoutLimits({ name, quota = {}, limits = {} }: TenantConfig, path: string): Finding[] {
  const needed = Object.keys(quota)
    .map((key) => key.replace(/^(requests|limits)\./, ""))
    .filter((resource) => limited.includes(resource) && !(resource in limits));
  return [...new Set(needed)].map((resource) => ({
    path: `${path}.quota`,
    message: `With a quota on ${resource}, Kubernetes refuses every container of "${name}" that does not state it. Give such containers some: limits.${resource}.`,
  }));
}

type Check = (tenant: TenantConfig, path: string) => readonly Finding[];

const rule = (code: string, check: Check): Rule => ({
  code,
  severity: "error",
  check: ({ config }: RuleContext) =>
    (config.tenants ?? []).flatMap((tenant, index) => check(tenant, `tenants[${index}]`)),
});

export const tenantLimitRules: readonly Rule[] = [
  rule("tenant-quota", wrongQuota),
  rule("tenant-limits", wrongLimits),
  rule("quota-without-limits", quotaWithoutLimits),
];

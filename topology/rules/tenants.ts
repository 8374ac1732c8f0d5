/** Tenants: who lives where, in what bounds, and who may call whom. */
import { at } from "../drafts.ts";
import { hostsForStrangers } from "../exports.ts";
import { serviceTypeOf } from "../gateways.ts";
import { dnsLabel, reservedNamespaces } from "../names.ts";
import { areStrangers, isExternalControlPlane, pairsOf } from "../queries.ts";
import { sampleEntries } from "../revisions.ts";
import { callersOf, podSecurityIn, servicesOf, tenantsIn, type TenantConfig } from "../tenants.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";
import { tenantLimitRules } from "./tenant-limits.ts";

/** Findings of each tenant, with its place. */
const eachTenant =
  (check: (tenant: TenantConfig, path: string, context: RuleContext) => readonly Finding[]): Rule["check"] =>
  (context) =>
    (context.config.tenants ?? []).flatMap((tenant, index) => check(tenant, `tenants[${index}]`, context));

const nameOf = (tenant: TenantConfig): string => tenant.name;

function takenNamespace({ name }: TenantConfig, path: string, { config }: RuleContext): Finding[] {
  const sample = sampleEntries(config).some((each) => each.name === name);
  if (!sample && !reservedNamespaces.includes(name) && !name.startsWith("kube-")) return [];
  return [
    {
      path: `${path}.name`,
      message: `The namespace "${name}" is ${sample ? "that of the sample" : "Kubernetes' or the lab's own"}, and what is done to a tenant's would be done to it. Choose another name.`,
    },
  ];
}

/** How to mend a name that leads to nothing, also where no other would. */
const choice = (names: readonly string[], otherwise: string): string =>
  names.length > 0 ? `Name one of: ${names.join(", ")}.` : otherwise;

/** A name that no tenant has, one that stands twice, and the tenant's own. */
function wrongCallers(tenant: TenantConfig, path: string, { config }: RuleContext): Finding[] {
  const known = (config.tenants ?? []).map(nameOf);
  return callersOf(tenant).flatMap(({ name }, position, all) => {
    const finding = (message: string): Finding[] => [{ path: `${path}.callers[${position}]`, message }];
    if (!known.includes(name)) {
      const others = known.filter((each) => each !== tenant.name && !all.some((caller) => caller.name === each));
      const cure = choice(others, `Describe "${name}" under \`tenants\`, or take this away.`);
      return finding(`The caller "${name}" is no tenant, so nobody would be allowed in by that. ${cure}`);
    }
    if (name === tenant.name)
      return finding(
        `"${name}" names itself. Its workloads may call each other anyway, on every path. Take this away.`,
      );
    return all.findIndex((caller) => caller.name === name) < position
      ? finding(`"${name}" stands here twice, and would be let in by either. Write one entry with all its paths.`)
      : [];
  });
}

/** What `paths` of an AuthorizationPolicy takes: https://istio.io/latest/docs/reference/config/security/authorization-policy/ */
const callerPath = /^\/[^\s?#*]*\*?$/;

function wrongPaths({ callers = [] }: TenantConfig, path: string): Finding[] {
  return callers.flatMap((caller, position) => {
    if (typeof caller === "string" || caller.paths === undefined) return [];
    const place = `${path}.callers[${position}].paths`;
    if (caller.paths.length === 0)
      return [{ path: place, message: "An empty list allows no path. Leave `paths` out to allow every path." }];
    return caller.paths.flatMap((each, index) =>
      callerPath.test(each)
        ? []
        : [
            {
              path: `${place}[${index}]`,
              message: `"${each}" is no path that a request can have, so "${caller.name}" would be shut out. Begin it with /, without ? or #; a * may stand at its end only.`,
            },
          ],
    );
  });
}

function wrongAdmins({ name, admins = [] }: TenantConfig, path: string, { config }: RuleContext): Finding[] {
  return admins.flatMap((arn, index) => {
    const finding = (message: string): Finding[] => [{ path: `${path}.admins[${index}]`, message }];
    if ((config.access?.admins ?? []).includes(arn))
      return finding(
        `"${arn}" is among access.admins, who may do everything in every cluster, and EKS takes one access entry per principal. Take it away in one of the two places.`,
      );
    return admins.indexOf(arn) < index
      ? finding(`"${arn}" is named twice for "${name}". EKS takes one access entry per principal: take one away.`)
      : [];
  });
}

/** Whoever has the node reads what the kubelet mounts for every pod on it, and sends from addresses of its own. */
function privilegedAmongTenants(tenant: TenantConfig, path: string, context: RuleContext): Finding[] {
  return context.clusters
    .filter((cluster) => {
      const sharing = tenantsIn(context, cluster);
      return sharing.length > 1 && sharing.includes(tenant) && podSecurityIn(context, cluster, tenant) === "privileged";
    })
    .map((cluster) => ({
      path: `${path}.podSecurity`,
      message:
        `"${tenant.name}" shares "${cluster.name}" with other tenants, and the level privileged lets its pods take the node: ` +
        "they can read other tenants' Secrets there and go around every NetworkPolicy. Set mesh.cni: true and podSecurity: " +
        "restricted or baseline, or give the tenant a cluster of its own.",
    }));
}

export const tenantRules: readonly Rule[] = [
  {
    code: "tenant-name",
    severity: "error",
    check: ({ config }) =>
      (config.tenants ?? []).flatMap(({ name }, index, all) => {
        const path = `tenants[${index}].name`;
        if (!dnsLabel.test(name) || name.length > 63)
          return [{ path, message: `"${name}" cannot name a namespace. Use lower-case letters, digits and hyphens.` }];
        if (all.findIndex((tenant) => tenant.name === name) < index)
          return [
            { path, message: `Another tenant is named "${name}" too, and they would share a namespace. Rename one.` },
          ];
        return [];
      }),
  },
  { code: "tenant-namespace-taken", severity: "error", check: eachTenant(takenNamespace) },
  {
    code: "tenants-on-external",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter((cluster) => isExternalControlPlane(cluster) && (cluster.written.tenants ?? []).length > 0)
        .map((cluster) => ({
          path: at(cluster, "tenants"),
          message: `"${cluster.name}" is an external control plane and carries no workloads, so no tenant can live there. Name them in a cluster with an istiod of its own; those that another's istiod serves hold none yet.`,
        })),
  },
  {
    code: "unknown-tenant",
    severity: "error",
    check: ({ clusters, config }) => {
      const known = (config.tenants ?? []).map(nameOf);
      return clusters.flatMap((cluster) =>
        (cluster.written.tenants ?? []).flatMap((name, index, all) => {
          const path = `${at(cluster, "tenants")}[${index}]`;
          if (!known.includes(name))
            return [
              {
                path,
                message: `"${name}" is no tenant of this lab. Describe it under \`tenants\`, or take it away.`,
              },
            ];
          return all.indexOf(name) < index
            ? [{ path, message: `"${name}" stands twice in this cluster. It has one namespace there: take one away.` }]
            : [];
        }),
      );
    },
  },
  {
    code: "tenant-nowhere",
    severity: "error",
    check: eachTenant(({ name }, path, context) =>
      context.clusters.some((cluster) => tenantsIn(context, cluster).some((tenant) => tenant.name === name))
        ? []
        : [
            {
              path: `${path}.name`,
              message: `No cluster holds "${name}": each names other tenants. Add it to the \`tenants\` of one, or take it away here.`,
            },
          ],
    ),
  },
  {
    code: "strangers-on-one-network",
    severity: "error",
    check: ({ clusters }) =>
      pairsOf(clusters)
        .filter(([a, b]) => a.mesh === b.mesh && a.network === b.network && areStrangers(a, b))
        .map(([a, b]) => ({
          path: at(b, "network"),
          message: `"${a.name}" and "${b.name}" are dedicated to different tenants and share the network "${b.network}", on which every pod of one reaches every pod of the other. Give each a network of its own.`,
        })),
  },
  {
    code: "stranger-on-node-port",
    severity: "error",
    check: (context) =>
      context.clusters
        .filter((cluster) => cluster.existing && serviceTypeOf(cluster) === "NodePort")
        .flatMap((cluster) => hostsForStrangers(context, cluster).map((host) => ({ cluster, host })))
        .map(({ cluster, host }) => ({
          path: at(cluster, "tenants"),
          message:
            `Other tenants' clusters call "${host}" at port 15443, which a NodePort of "${cluster.name}" is not. Set ` +
            "gateways.service.type: LoadBalancer, or take those callers away.",
        })),
  },
  { code: "unknown-caller", severity: "error", check: eachTenant(wrongCallers) },
  { code: "caller-path", severity: "error", check: eachTenant(wrongPaths) },
  { code: "tenant-admin", severity: "error", check: eachTenant(wrongAdmins) },
  {
    code: "unknown-exported-service",
    severity: "error",
    check: eachTenant((tenant, path) => {
      const services = [...servicesOf(tenant).keys()];
      const cure = choice(
        services,
        `Give "${tenant.name}" a sample with a Service under \`samples\`, or take this away.`,
      );
      return (tenant.exportedServices ?? []).flatMap((service, index) =>
        services.includes(service)
          ? []
          : [
              {
                path: `${path}.exportedServices[${index}]`,
                message: `"${service}" is no Service of the samples of "${tenant.name}", so its port is unknown. ${cure}`,
              },
            ],
      );
    }),
  },
  {
    code: "exported-to-nobody",
    severity: "error",
    check: eachTenant(({ name, callers = [], exportedServices = [] }, path) =>
      callers.length > 0 || exportedServices.length === 0
        ? []
        : [
            {
              path: `${path}.exportedServices`,
              message: `"${name}" exports services and lets nobody call them. Name its \`callers\`, or export nothing.`,
            },
          ],
    ),
  },
  {
    code: "pod-security-without-cni",
    severity: "error",
    check: ({ config, meshes }) => {
      if (meshes.every((mesh) => mesh.cni)) return [];
      return (config.tenants ?? []).flatMap(({ podSecurity, name }, index) =>
        podSecurity === "baseline" || podSecurity === "restricted"
          ? [
              {
                path: `tenants[${index}].podSecurity`,
                message:
                  `The level "${podSecurity}" of "${name}" forbids the NET_ADMIN right that the istio-init container needs, so no pod with a ` +
                  "sidecar would start. Set mesh.cni: true, which does that work on the node. podSecurity: privileged " +
                  "would start them too, but then a tenant's pod can take the node and read other tenants' Secrets on it.",
              },
            ]
          : [],
      );
    },
  },
  { code: "privileged-among-tenants", severity: "warning", check: eachTenant(privilegedAmongTenants) },
  ...tenantLimitRules,
];

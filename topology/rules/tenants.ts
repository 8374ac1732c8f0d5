/** Tenants: who lives where, and who may call whom. */
import { at } from "../drafts.ts";
import { dnsLabel } from "../names.ts";
import { isExternalControlPlane } from "../queries.ts";
import type { Rule } from "./rule.ts";

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
  {
    code: "tenants-on-external",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter((cluster) => isExternalControlPlane(cluster) && (cluster.written.tenants ?? []).length > 0)
        .map((cluster) => ({
          path: at(cluster, "tenants"),
          message: `"${cluster.name}" is an external control plane and carries no workloads, so no tenant can live there. Move them to a cluster that it serves.`,
        })),
  },
  {
    code: "unknown-tenant",
    severity: "error",
    check: ({ clusters, config }) => {
      const known = (config.tenants ?? []).map(({ name }) => name);
      return clusters.flatMap((cluster) =>
        (cluster.written.tenants ?? []).flatMap((name, index) =>
          known.includes(name)
            ? []
            : [
                {
                  path: `${at(cluster, "tenants")}[${index}]`,
                  message: `"${name}" is no tenant of this lab. Describe it under \`tenants\`, or take it away.`,
                },
              ],
        ),
      );
    },
  },
  {
    code: "unknown-caller",
    severity: "error",
    check: ({ config }) => {
      const known = (config.tenants ?? []).map(({ name }) => name);
      return (config.tenants ?? []).flatMap(({ callers = [] }, index) =>
        callers
          .map((caller) => (typeof caller === "string" ? caller : caller.name))
          .flatMap((name, position) =>
            known.includes(name)
              ? []
              : [
                  {
                    path: `tenants[${index}].callers[${position}]`,
                    message: `The caller "${name}" is no tenant, so nobody would be allowed in by that. Name one of: ${known.join(", ")}.`,
                  },
                ],
          ),
      );
    },
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
                  "sidecar would start. Set mesh.cni: true, which does that work on the node, or podSecurity: privileged.",
              },
            ]
          : [],
      );
    },
  },
];

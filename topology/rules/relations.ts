/** References between records: every name must lead somewhere, and the chain ends after one step. */
import { at } from "../drafts.ts";
import { isExternalControlPlane, isPrimary, isRemote } from "../queries.ts";
import type { Rule, RuleContext } from "./rule.ts";

const find = ({ clusters }: RuleContext, name: string) => clusters.find((cluster) => cluster.name === name);
const oneOf = (names: readonly { readonly name: string }[]): string =>
  [...new Set(names.map(({ name }) => name))].join(", ");

export const relationRules: readonly Rule[] = [
  {
    code: "dangling-primary",
    severity: "error",
    check: (context) =>
      context.clusters
        .filter((cluster) => find(context, cluster.primary) === undefined)
        .map((cluster) => ({
          path: at(cluster, "primary"),
          message:
            `"${cluster.name}" names the primary "${cluster.primary}", which is no cluster of this lab, so no istiod ` +
            `would serve it. Name one of: ${oneOf(context.clusters)}.`,
        })),
  },
  {
    code: "chained-primary",
    severity: "error",
    check: (context) =>
      context.clusters.flatMap((cluster) => {
        const primary = find(context, cluster.primary);
        if (primary === undefined || isPrimary(primary) || isPrimary(cluster)) return [];
        return [
          {
            path: at(cluster, "primary"),
            message:
              `"${cluster.name}" names "${primary.name}" as its primary, but that one is a remote of "${primary.primary}" ` +
              `and runs no istiod for others. Name "${primary.primary}", or let "${primary.name}" be its own primary.`,
          },
        ];
      }),
  },
  {
    code: "dangling-config",
    severity: "error",
    check: (context) =>
      context.clusters
        .filter(
          (cluster) => cluster.written.config !== undefined && find(context, cluster.written.config) === undefined,
        )
        .map((cluster) => ({
          path: at(cluster, "config"),
          message:
            `"${cluster.name}" keeps its Istio configuration in "${cluster.config}", which is no cluster of this lab. ` +
            `Name one of: ${oneOf(context.clusters)}.`,
        })),
  },
  {
    code: "misplaced-config",
    severity: "error",
    check: (context) =>
      context.clusters.flatMap((cluster) => {
        const config = find(context, cluster.config);
        const primary = find(context, cluster.primary);
        if (config === undefined || primary === undefined) return [];
        const wrong = isRemote(cluster)
          ? config.name !== primary.config
          : isExternalControlPlane(cluster) && config.primary !== cluster.name;
        if (!wrong) return [];
        const expected = isRemote(cluster)
          ? `An istiod reads one configuration, and that of "${primary.name}" lies in "${primary.config}": leave \`config\` out.`
          : `Only a cluster that "${cluster.name}" serves can hold its configuration: give "${config.name}" the primary "${cluster.name}".`;
        return [
          {
            path: at(cluster, "config"),
            message: `"${cluster.name}" cannot be configured in "${config.name}". ${expected}`,
          },
        ];
      }),
  },
  {
    code: "unknown-mesh",
    severity: "error",
    check: ({ clusters, meshes, config }) =>
      clusters
        .filter(
          (cluster) =>
            !meshes.some((mesh) => mesh.name === cluster.mesh) ||
            ((config.meshes ?? []).length > 1 && cluster.written.mesh === undefined),
        )
        .map((cluster) => ({
          path: at(cluster, "mesh"),
          message: `It is not clear which mesh "${cluster.name}" belongs to. Name one of: ${oneOf(meshes)}.`,
        })),
  },
  {
    code: "primary-in-another-mesh",
    severity: "error",
    check: (context) =>
      context.clusters.flatMap((cluster) => {
        const primary = find(context, cluster.primary);
        if (primary === undefined || primary.mesh === cluster.mesh) return [];
        return [
          {
            path: at(cluster, "primary"),
            message:
              `"${cluster.name}" is of mesh "${cluster.mesh}" and its primary "${primary.name}" of "${primary.mesh}", but an ` +
              "istiod serves one mesh. Put both into one mesh, or give the cluster a primary in its own.",
          },
        ];
      }),
  },
];

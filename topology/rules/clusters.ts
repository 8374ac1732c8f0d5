/** Names of clusters and networks. */
import { at, atSetting, type ClusterDraft } from "../drafts.ts";
import { dnsLabel, maxClusterNameLength, reservedClusterNames } from "../names.ts";
import { isArm } from "../clusters.ts";
import type { Rule, RuleContext } from "./rule.ts";

const each = (context: RuleContext, wrong: (cluster: ClusterDraft) => boolean): ClusterDraft[] =>
  context.clusters.filter(wrong);

export const clusterRules: readonly Rule[] = [
  {
    code: "no-clusters",
    severity: "error",
    check: ({ clusters }) =>
      clusters.length > 0
        ? []
        : [
            {
              path: "clusters",
              message: "A lab without a cluster is nothing to plan. Add a record, or name a `model`.",
            },
          ],
  },
  {
    code: "model-ignored",
    severity: "warning",
    check: ({ config }) =>
      config.model === undefined || config.clusters === undefined
        ? []
        : [
            {
              path: "model",
              message: "`clusters` are written out, so `model` has no effect. Take one of the two away.",
            },
          ],
  },
  {
    code: "duplicate-cluster",
    severity: "error",
    check: (context) =>
      each(context, (cluster) =>
        context.clusters.some((other) => other !== cluster && other.name === cluster.name),
      ).map((cluster) => ({
        path: at(cluster, "name"),
        message: `Another cluster is named "${cluster.name}" too. Istio knows a cluster by its name alone: give each its own.`,
      })),
  },
  {
    code: "cluster-name",
    severity: "error",
    check: (context) =>
      each(context, ({ name }) => !dnsLabel.test(name) || name.length > maxClusterNameLength).map((cluster) => ({
        path: at(cluster, "name"),
        message:
          `"${cluster.name}" cannot name a cluster, because the name becomes part of host names, Secrets and IAM roles. ` +
          `Use at most ${maxClusterNameLength} lower-case letters, digits and hyphens, with no hyphen at either end.`,
      })),
  },
  {
    code: "reserved-cluster-name",
    severity: "error",
    check: (context) =>
      each(context, ({ name }) => reservedClusterNames.includes(name)).map((cluster) => ({
        path: at(cluster, "name"),
        message: `"${cluster.name}" is a name that the lab needs itself. Choose one that is none of: ${reservedClusterNames.join(", ")}.`,
      })),
  },
  {
    code: "network-name",
    severity: "error",
    check: (context) =>
      each(context, ({ network }) => !dnsLabel.test(network) || network.length > 63).map((cluster) => ({
        path: at(cluster, "network"),
        message:
          `"${cluster.network}" cannot name a network, because it becomes the value of the label topology.istio.io/network. ` +
          "Use at most 63 lower-case letters, digits and hyphens, with no hyphen at either end.",
      })),
  },
  {
    code: "mixed-architectures",
    severity: "error",
    check: (context) =>
      each(context, ({ nodes }) => new Set(nodes.instanceTypes.map(isArm)).size > 1).map((cluster) => ({
        path: atSetting(cluster, "nodes", "instanceTypes"),
        message:
          `A node group has one machine image, and ${cluster.nodes.instanceTypes.join(", ")} need two: ` +
          `${cluster.nodes.instanceTypes.filter(isArm).join(", ")} are ARM. Keep instance types of one CPU architecture.`,
      })),
  },
];

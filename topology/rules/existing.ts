/** Clusters that exist already: what the lab must know of them, and what it cannot do to them. */
import { at, atSetting, type ClusterDraft } from "../drafts.ts";
import { nodeAddressOf, serviceTypeOf } from "../gateways.ts";
import { deriveIstiodGateways, deriveRemoteSecrets } from "../queries.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

const isExisting = ({ config }: RuleContext): boolean => config.platform === "existing";

const onNodePorts = (context: RuleContext): ClusterDraft[] =>
  context.clusters.filter((cluster) => cluster.existing && serviceTypeOf(cluster) === "NodePort");

/** Keys that say something about a cluster that the lab does not make. */
function existingKeys({ config, clusters }: RuleContext): string[] {
  return [
    ...(config.kubeconfig === undefined ? [] : ["kubeconfig"]),
    ...(config.gateways?.service === undefined ? [] : ["gateways.service"]),
    ...clusters.flatMap((cluster) => [
      ...(cluster.written.context === undefined ? [] : [at(cluster, "context")]),
      ...(cluster.written.apiServer === undefined ? [] : [at(cluster, "apiServer")]),
      ...(cluster.written.gateways?.service === undefined ? [] : [atSetting(cluster, "gateways", "service")]),
    ]),
  ];
}

/** Keys whose subject only AWS has. What a model's name stands for was not written by the user. */
function awsKeys({ config, clusters, exposure, networkLink }: RuleContext): string[] {
  const keys: readonly (readonly [written: boolean, path: string])[] = [
    [config.nodes !== undefined, "nodes"],
    [config.endpoint !== undefined, "endpoint"],
    [(config.access?.admins ?? []).length > 0, "access.admins"],
    [Object.keys(config.tags ?? {}).length > 0, "tags"],
    [networkLink !== "none", "networkLink"],
    [exposure !== "internet", "eastWest.exposure"],
    [(config.ingress?.global ?? "none") !== "none", "ingress.global"],
  ];
  const ofClusters = clusters
    .filter(({ path }) => path !== "model")
    .flatMap((cluster) =>
      (["zones", "cidr", "serviceCidr", "nodes", "endpoint"] as const)
        .filter((key) => cluster.written[key] !== undefined)
        .map((key) => at(cluster, key)),
    );
  const ofTenants = (config.tenants ?? []).flatMap(({ admins = [] }, index) =>
    admins.length > 0 ? [`tenants[${String(index)}].admins`] : [],
  );
  return [...keys.filter(([written]) => written).map(([, path]) => path), ...ofClusters, ...ofTenants];
}

/** Blocks that a port of a node cannot be closed to: only load balancers know source ranges. */
function rangesOnNodePorts(context: RuleContext): Finding[] {
  if (onNodePorts(context).length === 0) return [];
  const { eastWest, ingress } = context.config;
  const ranges = { "eastWest.sourceRanges": eastWest?.sourceRanges, "ingress.sourceRanges": ingress?.sourceRanges };
  return Object.entries(ranges)
    .filter(([, blocks]) => (blocks ?? []).length > 0)
    .map(([path]) => ({
      path,
      message:
        "A NodePort takes requests from everywhere, so these blocks would keep nobody out. Leave them out, or set " +
        "gateways.service.type: LoadBalancer if the cluster's load balancers know source ranges.",
    }));
}

const isLoopback = (host: string): boolean => /^(localhost|127\.|0\.0\.0\.0$|\[::1?\]$)/.test(host);

export const existingRules: readonly Rule[] = [
  {
    code: "existing-without-context",
    severity: "error",
    check: (context) =>
      !isExisting(context)
        ? []
        : context.clusters
            .filter(({ written }) => written.context === undefined)
            .map((cluster) => ({
              path: at(cluster, "context"),
              message: `"${cluster.name}" exists already, and the lab must know how to reach it. Name its context in the kubeconfig.`,
            })),
  },
  {
    code: "duplicate-context",
    severity: "error",
    check: ({ clusters }) =>
      clusters.flatMap((cluster, index) => {
        const { context } = cluster.written;
        const twin = clusters
          .slice(0, index)
          .find(({ written }) => context !== undefined && written.context === context);
        if (twin === undefined) return [];
        return [
          {
            path: at(cluster, "context"),
            message: `"${twin.name}" and "${cluster.name}" name the same context "${context}", so both would be installed into one cluster. Give each its own.`,
          },
        ];
      }),
  },
  {
    code: "existing-only",
    severity: "error",
    check: (context) =>
      isExisting(context)
        ? []
        : existingKeys(context).map((path) => ({
            path,
            message:
              "The lab makes its clusters on EKS and knows how to reach them, so this would have no effect. Take it " +
              "away, or set platform: existing for clusters that are there already.",
          })),
  },
  {
    code: "aws-only",
    severity: "error",
    check: (context) =>
      !isExisting(context)
        ? []
        : awsKeys(context).map((path) => ({
            path,
            message:
              "The clusters exist already and AWS is not asked for anything, so this would have no effect. Take it " +
              "away, or leave out platform: existing.",
          })),
  },
  {
    code: "kubeconfig-contents",
    severity: "error",
    check: ({ config }) =>
      !/[\n{]/.test(config.kubeconfig ?? "")
        ? []
        : [
            {
              path: "kubeconfig",
              message:
                "These are the contents of a kubeconfig, whose credentials would stand in clear in the stack file. Write " +
                "the path of the file instead.",
            },
          ],
  },
  {
    code: "existing-without-api-server",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter((cluster) => cluster.existing && cluster.written.apiServer === undefined)
        .filter((cluster) => deriveRemoteSecrets(clusters).some(({ from }) => from === cluster.name))
        .map((cluster) => ({
          path: at(cluster, "apiServer"),
          message:
            `Another cluster's istiod reads "${cluster.name}", and an address in your kubeconfig need not be one that it ` +
            "reaches. Write the API server's URL as the other clusters see it; for kind it is in `kind get kubeconfig --internal`.",
        })),
  },
  {
    code: "api-server-loopback",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter(({ written }) => written.apiServer !== undefined && isLoopback(new URL(written.apiServer).hostname))
        .map((cluster) => ({
          path: at(cluster, "apiServer"),
          message:
            `${cluster.written.apiServer} is each machine's own address, so istiod in another cluster would ask itself. Write ` +
            "the API server's URL as the other clusters see it; for kind it is in `kind get kubeconfig --internal`.",
        })),
  },
  {
    code: "shared-node-address",
    severity: "error",
    check: (context) =>
      onNodePorts(context).flatMap((cluster, index, all) => {
        const address = nodeAddressOf(cluster);
        const twin = all.slice(0, index).find((other) => address !== undefined && nodeAddressOf(other) === address);
        if (twin === undefined) return [];
        return [
          {
            path: atSetting(cluster, "gateways", "service"),
            message:
              `"${twin.name}" and "${cluster.name}" would both be reached at ${address}, where a port can lead to one of them ` +
              "only. Give each the address of a node of its own, in gateways.service.address.",
          },
        ];
      }),
  },
  {
    code: "node-port-istiod",
    severity: "error",
    check: (context) =>
      onNodePorts(context)
        .filter(({ name }) => deriveIstiodGateways(context.clusters).includes(name))
        .map((cluster) => ({
          path: atSetting(cluster, "gateways", "service"),
          message:
            `"${cluster.name}" serves other clusters, whose proxies call istiod at port 15012, which is no port that a node can ` +
            "open. Let every cluster be its own primary; among clusters that exist already, remotes behind load balancers are not " +
            "built yet.",
        })),
  },
  {
    code: "class-without-load-balancer",
    severity: "error",
    check: (context) =>
      onNodePorts(context)
        .filter(({ gateways }) => gateways.service.loadBalancerClass !== undefined)
        .map((cluster) => ({
          path: atSetting(cluster, "gateways", "service"),
          message:
            `"${cluster.name}" names a load balancer and asks for none, which Kubernetes refuses. Set ` +
            "gateways.service.type: LoadBalancer, or leave loadBalancerClass out.",
        })),
  },
  { code: "node-port-source-ranges", severity: "error", check: rangesOnNodePorts },
];

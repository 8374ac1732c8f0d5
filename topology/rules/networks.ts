/** Addresses, zones, regions, and what connects clusters. */
import { containsCidr, normalizeCidr, overlapCidr } from "cidr-tools";
import { freeCidr, maxZones, prefixOf, serviceBlocks, servicePrefixes, vpcPrefixes } from "../addressing.ts";
import { at, type ClusterDraft } from "../drafts.ts";
import { areJoined, pairsOf, workloadClusters } from "../queries.ts";
import { partitionOf, regions } from "../regions.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

/** VPCs of the lab that packets travel between as they are; those of clusters that exist already are not the lab's. */
const joined = ({ exposure }: RuleContext, a: ClusterDraft, b: ClusterDraft): boolean =>
  !a.existing && !b.existing && areJoined(a, b, exposure);

/** Blocks that no address of the internet has (RFC 1918, and RFC 6598 for carriers), so that a VPC may take them. */
const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

const isCanonical = (cidr: string): boolean => normalizeCidr(cidr) === cidr;

function vpcOverlaps(context: RuleContext): Finding[] {
  const free = freeCidr(context.clusters.flatMap(({ cidr, serviceCidr }) => [cidr, serviceCidr]));
  return pairsOf(context.clusters)
    .filter(([a, b]) => joined(context, a, b) && overlapCidr(a.cidr, b.cidr))
    .map(([a, b]) => ({
      path: at(b, "cidr"),
      message:
        `The VPCs of "${a.name}" (${a.cidr}) and "${b.name}" (${b.cidr}) overlap, but pods of joined VPCs reach each other ` +
        `by address, so an address must mean one pod only. Give "${b.name}" another block${free === undefined ? "" : `, such as ${free}`}.`,
    }));
}

function serviceOverlaps(context: RuleContext): Finding[] {
  return context.clusters.flatMap((cluster) =>
    context.clusters
      .filter((vpc) => vpc === cluster || joined(context, vpc, cluster))
      .filter((vpc) => overlapCidr(vpc.cidr, cluster.serviceCidr))
      .map((vpc) => ({
        path: at(cluster, "serviceCidr"),
        message:
          `The Services of "${cluster.name}" (${cluster.serviceCidr}) overlap the VPC of "${vpc.name}" (${vpc.cidr}): what a ` +
          "pod sends to such an address would go to a Service instead of the pod or node meant. Choose another block.",
      })),
  );
}

export const networkRules: readonly Rule[] = [
  { code: "cidr-overlap", severity: "error", check: vpcOverlaps },
  { code: "service-cidr-overlap", severity: "error", check: serviceOverlaps },
  {
    code: "cidr-size",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter(({ cidr }) => prefixOf(cidr) < vpcPrefixes.largest || prefixOf(cidr) > vpcPrefixes.smallest)
        .map((cluster) => ({
          path: at(cluster, "cidr"),
          message:
            `${cluster.cidr} does not suit a VPC: AWS allows no block larger than /${vpcPrefixes.largest}, and below ` +
            `/${vpcPrefixes.smallest} a subnet runs out of addresses, since every pod takes one. Choose a prefix between the two.`,
        })),
  },
  {
    code: "cidr-not-private",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter(({ cidr }) => !containsCidr(privateBlocks, cidr))
        .map((cluster) => ({
          path: at(cluster, "cidr"),
          message: `${cluster.cidr} holds addresses of the internet, which pods could then no longer reach. Take a block within ${privateBlocks.join(", ")}.`,
        })),
  },
  {
    code: "service-cidr",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter(({ serviceCidr }) => {
          const prefix = prefixOf(serviceCidr);
          const fits = prefix >= servicePrefixes.largest && prefix <= servicePrefixes.smallest;
          return !fits || !serviceBlocks.some((block) => containsCidr(block, serviceCidr));
        })
        .map((cluster) => ({
          path: at(cluster, "serviceCidr"),
          message: `EKS takes ${cluster.serviceCidr} not for Services. Choose a /${servicePrefixes.largest} to /${servicePrefixes.smallest} within ${serviceBlocks.join(", ")}.`,
        })),
  },
  {
    code: "cidr-host-bits",
    severity: "error",
    check: ({ clusters }) =>
      clusters.flatMap((cluster) =>
        (["cidr", "serviceCidr"] as const)
          .filter((key) => !isCanonical(cluster[key]))
          .map((key) => ({
            path: at(cluster, key),
            message: `${cluster[key]} is an address within a block, which AWS would change behind your back. Write the block: ${normalizeCidr(cluster[key])}.`,
          })),
      ),
  },
  {
    code: "too-few-zones",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter(({ zones }) => zones < 2)
        .map((cluster) => ({
          path: at(cluster, "zones"),
          message: `EKS demands subnets in two availability zones at least, and "${cluster.name}" has ${cluster.zones}. Set zones to 2 or more.`,
        })),
  },
  {
    code: "too-many-zones",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter(({ zones }) => zones > maxZones)
        .map((cluster) => ({
          path: at(cluster, "zones"),
          message: `No region has ${cluster.zones} availability zones for EKS; the largest has ${maxZones}. Set zones to 2 or 3.`,
        })),
  },
  {
    code: "network-without-link",
    severity: "error",
    check: (context) =>
      pairsOf(workloadClusters(context.clusters))
        .filter(([a, b]) => a.mesh === b.mesh && a.network === b.network && a.name !== b.name)
        .filter(() => context.networkLink === "none" && context.config.platform !== "existing")
        .map(([a, b]) => ({
          path: at(b, "network"),
          message:
            `"${a.name}" and "${b.name}" are both on "${a.network}", which promises that their pods reach each other directly, ` +
            "but each has a VPC of its own and nothing joins the two. Set networkLink: peering, or give each its own network.",
        })),
  },
  {
    code: "unknown-region",
    severity: "error",
    check: ({ clusters, config }) =>
      clusters
        .filter(({ region, existing }) => !existing && !regions.includes(region) && config.experimental !== true)
        .map((cluster) => ({
          path: cluster.written.region === undefined && config.region !== undefined ? "region" : at(cluster, "region"),
          message: `"${cluster.region}" is no AWS region known to this lab. Write one such as us-east-1, or set experimental: true for a newer one.`,
        })),
  },
  {
    code: "region-mismatch",
    severity: "error",
    check: ({ clusters }) => {
      const [first, ...others] = clusters;
      return others
        .filter(({ existing }) => !existing)
        .filter(({ region }) => first !== undefined && partitionOf(region) !== partitionOf(first.region))
        .map((cluster) => ({
          path: at(cluster, "region"),
          message:
            `"${cluster.name}" lies in ${cluster.region} and "${first?.name}" in ${first?.region}: these are two AWS partitions, ` +
            "with separate accounts, and one `pulumi up` has credentials for one. Choose regions of one partition.",
        }));
    },
  },
];

/** Who may reach and administer what. */
import { containsCidr, overlapCidr } from "cidr-tools";
import { atSetting, type ClusterDraft } from "../drafts.ts";
import { areCallersKnown, gatewayCallersOf, isWorld, readersOf } from "../callers.ts";
import { areJoined, deriveRemoteSecrets } from "../queries.ts";
import { partitionOf } from "../regions.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

/** An IAM user or role: https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html */
const principalArn = /^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/;

/** Blocks that EKS refuses in publicAccessCidrs, since no packet comes from them over the internet. */
const unroutable = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"];

interface Principal {
  readonly path: string;
  readonly arn: string;
}

function principals({ config }: RuleContext): Principal[] {
  const admins = (config.access?.admins ?? []).map((arn, index) => ({ path: `access.admins[${index}]`, arn }));
  const tenants = (config.tenants ?? []).flatMap((tenant, index) =>
    (tenant.admins ?? []).map((arn, position) => ({ path: `tenants[${index}].admins[${position}]`, arn })),
  );
  return [...admins, ...tenants];
}

/** Pairs of a cluster and one whose istiod reads its API server from another VPC. */
const readers = (context: RuleContext): { read: ClusterDraft; reader: ClusterDraft }[] =>
  context.clusters.flatMap((read) => readersOf(context, read).map((reader) => ({ read, reader })));

/** Clusters that ranges would keep from an east-west gateway: they come from elsewhere, or from nobody knows where. */
function shutOut(context: RuleContext, ranges: readonly string[]): { gateway: ClusterDraft; caller: ClusterDraft }[] {
  const isShutOut = (gateway: ClusterDraft, caller: ClusterDraft): boolean =>
    context.exposure === "peering" ? !containsCidr([...ranges], caller.cidr) : !areCallersKnown(context, gateway);
  return context.clusters.flatMap((gateway) =>
    gatewayCallersOf(context, gateway)
      .filter((caller) => isShutOut(gateway, caller))
      .map((caller) => ({ gateway, caller })),
  );
}

function closedToPeers(context: RuleContext): Finding[] {
  const ranges = context.config.eastWest?.sourceRanges ?? [];
  const [first] = isWorld(ranges) ? [] : shutOut(context, ranges);
  if (first === undefined) return [];
  const { gateway, caller } = first;
  const message =
    context.exposure === "peering"
      ? `With these ranges the east-west gateway of "${gateway.name}" would refuse "${caller.name}", whose pods come over the peering ` +
        `with addresses of ${caller.cidr}. Leave the ranges out, which lets in exactly the VPCs that call, or add that block.`
      : `With these ranges the east-west gateway of "${gateway.name}" would refuse "${caller.name}", which calls from public addresses ` +
        "that nobody knows beforehand. Leave the ranges out (every connection still needs a certificate of the mesh), or set " +
        "nodes.private: true for all who call (sidecars only), so that NAT addresses are known and added.";
  return [{ path: "eastWest.sourceRanges", message }];
}

/** Blocks that stand for others in documents, so that nobody calls from them (RFC 5737). */
const examples = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"];

export const accessRules: readonly Rule[] = [
  {
    code: "malformed-arn",
    severity: "error",
    check: (context) =>
      principals(context)
        .filter(({ arn }) => !principalArn.test(arn))
        .map(({ path, arn }) => ({
          path,
          message:
            `"${arn}" is not the ARN of an IAM user or role, so EKS would refuse the access entry. ` +
            (/:sts:|assumed-role/.test(arn)
              ? "It names a session: write the role itself, arn:aws:iam::<account>:role/<name>."
              : "Write arn:aws:iam::<account of 12 digits>:role/<name> or .../user/<name>."),
        })),
  },
  {
    code: "arn-partition",
    severity: "error",
    check: (context) =>
      principals(context).flatMap(({ path, arn }) => {
        const partition = principalArn.exec(arn)?.[1];
        const region = context.clusters[0]?.region;
        if (partition === undefined || region === undefined || partition === partitionOf(region)) return [];
        const cure =
          partitionOf(region) === "aws"
            ? "Name a principal whose ARN begins with arn:aws:."
            : "Choose a region outside of China and GovCloud, where the lab is not built yet, and a principal of aws.";
        return [
          {
            path,
            message: `"${arn}" is of the partition ${partition}, and ${region} is in ${partitionOf(region)}, where that principal does not exist. ${cure}`,
          },
        ];
      }),
  },
  {
    code: "duplicate-admin",
    severity: "error",
    check: (context) =>
      principals(context)
        .filter(
          ({ path, arn }, index, all) => path.startsWith("access.") && all.findIndex((one) => one.arn === arn) < index,
        )
        .map(({ path, arn }) => ({
          path,
          message: `"${arn}" is named twice, and EKS takes one access entry per principal. Take one away.`,
        })),
  },
  {
    code: "private-endpoint",
    severity: "error",
    check: (context) =>
      readers(context)
        .filter(({ read, reader }) => !read.endpoint.public && !areJoined(read, reader, context.exposure))
        .map(({ read, reader }) => ({
          path: atSetting(read, "endpoint", "public"),
          message:
            `istiod in "${reader.name}" must read the Kubernetes API of "${read.name}", which is private and lies in another ` +
            "VPC that nothing joins. Set endpoint.public: true, or join the VPCs with eastWest.exposure: peering.",
        })),
  },
  {
    code: "public-access-cidrs",
    severity: "error",
    check: (context) =>
      // Also from a joined VPC: there the endpoint's name leads to its public address.
      readers(context)
        .filter(
          ({ read, reader }) =>
            read.endpoint.public && !isWorld(read.endpoint.publicAccessCidrs) && !reader.nodes.private,
        )
        .map(({ read, reader }) => ({
          path: atSetting(read, "endpoint", "publicAccessCidrs"),
          message:
            `istiod in "${reader.name}" must read the Kubernetes API of "${read.name}", but its nodes call from public addresses ` +
            "that nobody knows beforehand, so these blocks would shut it out. Leave publicAccessCidrs out, or set " +
            `nodes.private: true for "${reader.name}", so that its NAT address is known and added.`,
        })),
  },
  {
    code: "private-endpoint-out-of-reach",
    severity: "warning",
    check: ({ clusters }) =>
      clusters
        .filter(({ endpoint, existing }) => !endpoint.public && !existing)
        .map((cluster) => ({
          path: atSetting(cluster, "endpoint", "public"),
          message:
            `The Kubernetes API of "${cluster.name}" answers only inside its VPC and in what is joined to it, for Pulumi and kubectl too, ` +
            "and this VPC is made by the lab itself. Run the first `pulumi up` with endpoint.publicAccessCidrs in its place; set " +
            "this once Pulumi runs where the VPC is reached.",
        })),
  },
  {
    code: "public-access-cidr-example",
    severity: "warning",
    check: ({ clusters }) =>
      clusters.flatMap((cluster) =>
        cluster.endpoint.publicAccessCidrs
          .filter((block) => overlapCidr(examples, block))
          .map((block) => ({
            path: atSetting(cluster, "endpoint", "publicAccessCidrs"),
            message:
              `${block} is a block for examples, which nobody calls from, so \`pulumi up\` would shut itself out and fail. ` +
              "Write the address that you call from (https://checkip.amazonaws.com tells it), as a /32.",
          })),
      ),
  },
  {
    code: "public-access-cidr-private",
    severity: "error",
    check: ({ clusters }) =>
      clusters.flatMap((cluster) =>
        cluster.endpoint.publicAccessCidrs
          .filter((block) => block !== "0.0.0.0/0" && overlapCidr(unroutable, block))
          .map((block) => ({
            path: atSetting(cluster, "endpoint", "publicAccessCidrs"),
            message: `${block} holds private addresses, which the public endpoint never sees and EKS refuses. Write the public addresses you call from.`,
          })),
      ),
  },
  { code: "east-west-source-ranges", severity: "error", check: closedToPeers },
  {
    code: "reader-sees-secrets",
    severity: "warning",
    check: ({ clusters }) => {
      const secrets = deriveRemoteSecrets(clusters);
      if (secrets.length === 0) return [];
      return [
        {
          path: "clusters",
          message:
            `${secrets.length === 1 ? "One remote secret lets" : `${secrets.length} remote secrets let`} an istiod read another cluster with Istio's own reader role, which may list ` +
            "every Secret there: whoever takes one primary can read the Secrets of all. Without that right istiod reports " +
            "the cluster as timed out. Keep real secrets out of a lab.",
        },
      ];
    },
  },
];

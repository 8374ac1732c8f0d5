/** What a lab may cost, and that nothing goes on costing after `pulumi destroy`. */
import type { ResourceGraph, ResourceNode } from "../lab/recorder/graph.ts";
import { eksClusters, nodeGroups } from "./laws/eks.ts";
import { clusterOf, field, inSameCluster, isAws, isKubernetes, meshClusterType } from "./laws/law.ts";
import { pods } from "./laws/pods.ts";
import { list, text } from "./laws/values.ts";
import { allows, rbacRules } from "./laws/rbac.ts";
import type { Policies } from "./policy.ts";

/** More than the biggest stack file of the repository asks for, and little enough to be paid by mistake for a night. */
const most = { nodes: 6, diskGiB: 100, loadBalancers: 4 };
/** Burstable and general purpose, up to four CPUs. */
const instanceTypes = /^(t3a?|t4g|m[5-8][a-z]*)\.(small|medium|large|xlarge)$/;

const isNat = ({ type }: ResourceNode): boolean => type === "aws:ec2/natGateway:NatGateway";
const templates = (graph: ResourceGraph): readonly ResourceNode[] =>
  graph.byType("aws:ec2/launchTemplate:LaunchTemplate");
const disks = ({ inputs }: ResourceNode): readonly unknown[] =>
  list(inputs["blockDeviceMappings"]).map((mapping) => field(mapping, "ebs"));

export const costPolicies: Policies = {
  "cost-no-nat-gateway": {
    what: "No NAT gateway, $0.045 per hour and $0.045 per GB each.",
    source: "https://aws.amazon.com/vpc/pricing/",
    severity: "low",
    law: (graph) => graph.byType("aws:ec2/natGateway:NatGateway").map(({ urn }) => `${urn} is paid by the hour.`),
  },
  "cost-one-nat-gateway-per-cluster": {
    what: "A cluster has one NAT gateway at most.",
    source: "https://aws.amazon.com/vpc/pricing/",
    severity: "medium",
    law: (graph) =>
      graph
        .byType(meshClusterType)
        .filter((cluster) => graph.nodes.filter((node) => isNat(node) && clusterOf(graph, node) === cluster).length > 1)
        .map(({ urn }) => `${urn} has more than one NAT gateway.`),
  },
  "cost-few-nodes": {
    what: `A node group grows to ${String(most.nodes)} nodes at most.`,
    source: "https://aws.amazon.com/ec2/pricing/on-demand/",
    severity: "medium",
    law: (graph) =>
      nodeGroups(graph)
        .filter(({ inputs }) => !(Number(field(inputs, "scalingConfig", "maxSize")) <= most.nodes))
        .map(({ urn }) => `${urn} may grow beyond ${String(most.nodes)} nodes.`),
  },
  "cost-small-nodes": {
    what: "Nodes are burstable or general purpose, up to xlarge.",
    source: "https://aws.amazon.com/ec2/pricing/on-demand/",
    severity: "medium",
    law: (graph) =>
      nodeGroups(graph).flatMap(({ urn, inputs }) =>
        list(inputs["instanceTypes"])
          .filter((type) => !instanceTypes.test(String(type)))
          .map((type) => `${urn} takes ${String(type)}.`),
      ),
  },
  "cost-small-disks": {
    what: `A node's disk is gp3 and ${String(most.diskGiB)} GiB at most.`,
    source: "https://aws.amazon.com/ebs/pricing/",
    severity: "medium",
    law: (graph) =>
      templates(graph)
        .filter((template) =>
          disks(template).some(
            (disk) => field(disk, "volumeType") !== "gp3" || !(Number(field(disk, "volumeSize")) <= most.diskGiB),
          ),
        )
        .map(({ urn }) => `${urn} makes a disk that costs more than it need.`),
  },
  "cost-standard-support": {
    what: "A cluster is upgraded rather than paid for at six times the price.",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html",
    severity: "medium",
    law: (graph) =>
      eksClusters(graph)
        .filter(({ supportType }) => supportType !== "STANDARD")
        .map(({ urn }) => `${urn} slides into extended support.`),
  },
  "cost-few-load-balancers": {
    what: `A cluster has ${String(most.loadBalancers)} load balancers at most.`,
    source: "https://aws.amazon.com/elasticloadbalancing/pricing/",
    severity: "medium",
    law: (graph) =>
      graph
        .byType(meshClusterType)
        .filter((cluster) => graph.subtreeOf(cluster).filter(isBalanced).length > most.loadBalancers)
        .map(({ urn }) => `${urn} has more than ${String(most.loadBalancers)} load balancers.`),
  },
  "cost-requests-are-stated": {
    what: "Every container says what it needs, so that nodes are neither overfull nor too many.",
    source: "https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html",
    severity: "low",
    law: (graph) =>
      pods(graph)
        .filter(({ spec }) =>
          list(field(spec, "containers")).some((container) =>
            ["cpu", "memory"].some((what) => field(container, "resources", "requests", what) === undefined),
          ),
        )
        .map(({ node }) => `${node.urn} does not say what it needs.`),
  },
  "teardown-no-persistent-volumes": {
    what: "Nothing asks for a volume: what Kubernetes makes in EBS or EFS outlives its cluster.",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html",
    severity: "high",
    law: (graph) =>
      graph.nodes
        .filter(
          (node) =>
            /^kubernetes:.*:(PersistentVolume(Claim)?|StorageClass)$/.test(node.type) ||
            (node.type === "kubernetes:apps/v1:StatefulSet" &&
              list(field(node.inputs, "spec", "volumeClaimTemplates")).length > 0) ||
            (node.type === "aws:eks/addon:Addon" && /csi-driver/.test(text(node.inputs["addonName"]))) ||
            /^aws:(ebs|efs)\//.test(node.type),
        )
        .map(({ urn }) => `${urn} makes a volume that outlives its cluster.`),
  },
  "teardown-disks-go-with-their-nodes": {
    what: "A node's disk and its interfaces go with it.",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html",
    severity: "high",
    law: (graph) =>
      templates(graph)
        .filter(
          (template) =>
            disks(template).some((disk) => String(field(disk, "deleteOnTermination")) === "false") ||
            list(template.inputs["networkInterfaces"]).some(
              (each) => String(field(each, "deleteOnTermination")) === "false",
            ),
        )
        .map(({ urn }) => `${urn} leaves a disk or an interface behind.`),
  },
  "teardown-nothing-is-protected": {
    what: "`pulumi destroy` may delete everything: nothing is protected, in Pulumi or in AWS.",
    source: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    severity: "medium",
    law: (graph) =>
      graph.nodes
        .filter(
          ({ inputs, options }) =>
            options.protect === true ||
            ["deletionProtection", "disableApiTermination", "enableDeletionProtection"].some(
              (key) => inputs[key] === true,
            ) ||
            /deletion_protection\.enabled=true/.test(loadBalancerAttributes(inputs)),
        )
        .map(({ urn }) => `${urn} is protected from being deleted.`),
  },
  "teardown-nothing-is-retained": {
    what: "Nothing is left behind on purpose.",
    source: "https://www.pulumi.com/docs/iac/concepts/resources/options/retainondelete/",
    severity: "high",
    inTestsAlone: true,
    law: (graph) =>
      graph.nodes
        .filter(({ options }) => options.retainOnDelete === true)
        .map(({ urn }) => `${urn} stays after destroy.`),
  },
  "teardown-load-balancers-have-time": {
    what: "A load balancer has ten minutes to go.",
    source: "https://www.pulumi.com/docs/iac/concepts/resources/options/customtimeouts/",
    severity: "medium",
    law: (graph) =>
      graph.nodes
        .filter((node) => isBalanced(node) && minutes(node.options.customTimeouts?.delete) < 10)
        .map(({ urn }) => `${urn} has less than ten minutes to be deleted.`),
  },
  "teardown-no-load-balancers-behind-our-back": {
    what: "Whoever may make Services in a namespace gets no load balancers, which destroy would not know of.",
    source: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    severity: "high",
    law: (graph) =>
      rbacRules(graph)
        .filter((rule) => allows(rule, "services", ["create", "update", "patch"]))
        .filter(({ urn }) => !isClosed(graph, graph.get(urn)))
        .map(({ urn }) => `${urn} makes load balancers: its namespace has no quota of services.loadbalancers "0".`),
  },
  "teardown-everything-belongs-to-a-cluster": {
    what: "What is paid for belongs to one cluster, or to the lab itself.",
    source: "https://www.pulumi.com/docs/iac/concepts/resources/components/",
    severity: "medium",
    law: (graph) =>
      graph.nodes
        .filter((node) => isAws(node) || isKubernetes(node))
        .filter(
          (node) =>
            clusterOf(graph, node) === undefined &&
            !graph.ancestorsOf(node).some(({ type }) => type === "istio-lab:lab:Lab"),
        )
        .map(({ urn }) => `${urn} belongs to no cluster and to no lab.`),
  },
  "nodes-metadata-v2": {
    what: "Nodes answer questions for their credentials by IMDSv2 alone.",
    source: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    severity: "high",
    law: (graph) =>
      templates(graph)
        .filter(({ inputs }) => field(inputs, "metadataOptions", "httpTokens") !== "required")
        .map(({ urn }) => `${urn} lets nodes answer IMDSv1.`),
  },
  "nodes-disks-encrypted": {
    what: "Nodes' disks are encrypted.",
    source: "https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html",
    severity: "medium",
    law: (graph) =>
      templates(graph)
        .filter((template) => disks(template).some((disk) => String(field(disk, "encrypted")) !== "true"))
        .map(({ urn }) => `${urn} makes a disk in clear.`),
  },
  "nodes-without-ssh": {
    what: "Nobody logs in to nodes by SSH.",
    source: "https://docs.aws.amazon.com/eks/latest/best-practices/protecting-the-infrastructure.html",
    severity: "medium",
    law: (graph) => [
      ...nodeGroups(graph)
        .filter(({ inputs }) => inputs["remoteAccess"] !== undefined)
        .map(({ urn }) => `${urn} lets SSH in.`),
      ...templates(graph)
        .filter(({ inputs }) => inputs["keyName"] !== undefined)
        .map(({ urn }) => `${urn} gives nodes an SSH key.`),
    ],
  },
};

/** A ClusterRole holds in every namespace, so that no quota closes it. */
function isClosed(graph: ResourceGraph, role: ResourceNode): boolean {
  return inSameCluster(graph, role, "kubernetes:core/v1:ResourceQuota").some(
    ({ inputs }) =>
      field(inputs, "metadata", "namespace") === field(role.inputs, "metadata", "namespace") &&
      field(inputs, "spec", "hard", "services.loadbalancers") === "0",
  );
}

function isBalanced({ type, inputs }: ResourceNode): boolean {
  return type === "kubernetes:core/v1:Service" && field(inputs, "spec", "type") === "LoadBalancer";
}

const attributes = "service.beta.kubernetes.io/aws-load-balancer-attributes";
function loadBalancerAttributes(inputs: ResourceNode["inputs"]): string {
  return text(field(inputs, "metadata", "annotations", attributes));
}

/** The recorder sees what the program wrote (`15m`), the engine tells seconds (`900s`). */
function minutes(duration: string | undefined): number {
  const [, amount, unit] = /^(\d+)(s|m|h)$/.exec(duration ?? "") ?? [];
  return (Number(amount ?? 0) * { s: 1, m: 60, h: 3600 }[(unit ?? "s") as "s" | "m" | "h"]) / 60;
}

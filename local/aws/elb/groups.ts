import { isDeepStrictEqual } from "node:util";
import { within } from "../cidr.ts";
import type { Cloud } from "../cloud.ts";
import { ec2Arn } from "../cloud.ts";
import type { LoadBalancerRequest } from "../controller.ts";
import { AwsError } from "../errors.ts";
import { IngressRule, SecurityGroup } from "../ec2/kinds.ts";
import type { InlineRule, SecurityGroupState } from "../ec2/kinds.ts";
import { NetworkInterface } from "../ec2/network-interface.ts";
import type { Resource, Tags } from "../resource.ts";
import { LoadBalancer, TargetGroup } from "./kinds.ts";
import { shortHash, shortName } from "./names.ts";

const madeBy = "load-balancer-controller";

/**
 * The two groups that the controller puts on a load balancer: a frontend group of its own, which lets clients in, and
 * a backend group shared by the whole cluster, from which the nodes' group lets the load balancers in.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/security_groups/
 */
export function ensureGroups(cloud: Cloud, request: LoadBalancerRequest, vpcId: string): string[] {
  const { cluster, region, service } = request;
  const frontend = ensureGroup(cloud, region, vpcId, {
    name: shortName(service.namespace, service.name, `${cluster}/${service.uid}`),
    description: "[k8s] Managed SecurityGroup for LoadBalancer",
    tags: {
      ...request.tags,
      "elbv2.k8s.aws/cluster": cluster,
      "service.k8s.aws/resource": "ManagedLBSecurityGroup",
      "service.k8s.aws/stack": `${service.namespace}/${service.name}`,
    },
  });
  frontend.state.ingress = ingressOf(request);
  cloud.touch();
  return [frontend.id, backendGroup(cloud, region, cluster, vpcId, request.tags).id];
}

function backendGroup(cloud: Cloud, region: string, cluster: string, vpcId: string, tags: Tags) {
  return ensureGroup(cloud, region, vpcId, {
    name: backendName(cluster),
    description: "[k8s] Shared Backend SecurityGroup for LoadBalancer",
    tags: { ...tags, "elbv2.k8s.aws/cluster": cluster, "elbv2.k8s.aws/resource": "backend-sg" },
  });
}

function backendName(cluster: string): string {
  return `k8s-traffic-${cluster.replaceAll(/[^A-Za-z0-9]/g, "").slice(0, 230)}-${shortHash(cluster)}`;
}

function ingressOf({ listeners, sourceRanges }: LoadBalancerRequest): InlineRule[] {
  const cidrBlocks = sourceRanges.length > 0 ? sourceRanges : ["0.0.0.0/0"];
  return listeners.map(({ protocol, port }) => {
    return { protocol: protocol.toLowerCase(), fromPort: port, toPort: port, cidrBlocks };
  });
}

function ensureGroup(
  cloud: Cloud,
  region: string,
  vpcId: string,
  { name, description, tags }: { name: string; description: string; tags: Tags },
): Resource<SecurityGroupState> {
  const found = cloud.all(SecurityGroup, region).find(({ state }) => state.vpcId === vpcId && state.name === name);
  if (found) return found;
  const id = cloud.newId("sg");
  const arn = ec2Arn(region, `security-group/${id}`);
  const egress = [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }];
  const state = { arn, name, description, vpcId, ingress: [], egress, tags, tagsAll: tags, region };
  return cloud.add(SecurityGroup, { id, region, madeBy, state });
}

/**
 * Make the rules by which the nodes let the cluster's load balancers in equal to what its target groups need: the
 * targets' ports and the health check's. Without any load balancer left the backend group goes too.
 */
export function reconcileNodeRules(cloud: Cloud, region: string, cluster: string): void {
  const balancers = cloud.all(LoadBalancer, region).filter(({ state }) => state.cluster === cluster);
  const backend = cloud.all(SecurityGroup, region).find(({ state, madeBy: maker }) => {
    return maker === madeBy && state.name === backendName(cluster);
  });
  if (!backend) return;
  const wanted = balancers.length > 0 ? wantedRules(cloud, region, cluster, backend) : [];
  const present = cloud.all(IngressRule, region).filter((rule) => {
    return rule.madeBy === madeBy && rule.state.referencedSecurityGroupId === backend.id;
  });
  for (const rule of present) {
    if (!wanted.some((other) => isDeepStrictEqual(other, rule.state))) cloud.remove(rule);
  }
  for (const state of wanted) {
    if (present.some((rule) => isDeepStrictEqual(rule.state, state))) continue;
    cloud.add(IngressRule, { id: cloud.newId("sgr"), region, madeBy, state });
  }
  if (balancers.length === 0) cloud.remove(backend);
}

function wantedRules(cloud: Cloud, region: string, cluster: string, backend: Resource<SecurityGroupState>) {
  const balancers = cloud.all(LoadBalancer, region).filter(({ state }) => state.cluster === cluster);
  const groups = cloud.all(TargetGroup, region).filter(({ state }) => {
    return balancers.some(({ id }) => id === state.loadBalancerArn);
  });
  const rules = groups.flatMap(({ state: { targets, protocol, healthCheck } }) =>
    targets.flatMap(({ ip, port }) => {
      const securityGroupId = nodeGroupOf(cloud, region, cluster, backend.state.vpcId, ip);
      const checked = healthCheck.port === "traffic-port" ? port : healthCheck.port;
      const rule = (ipProtocol: string, at: number) => ({
        securityGroupId,
        ipProtocol,
        fromPort: at,
        toPort: at,
        referencedSecurityGroupId: backend.id,
        description: "elbv2.k8s.aws/targetGroupBinding=shared",
        region,
      });
      return [rule(protocol.toLowerCase(), port), rule("tcp", checked)];
    }),
  );
  return rules.filter((rule, index) => rules.findIndex((other) => isDeepStrictEqual(other, rule)) === index);
}

/** The one group of a target's interface that is tagged for the cluster. */
function nodeGroupOf(cloud: Cloud, region: string, cluster: string, vpcId: string, ip: string): string {
  const eni = interfaceOf(cloud, vpcId, ip);
  const tagged = eni.state.securityGroupIds.filter((id) => {
    return `kubernetes.io/cluster/${cluster}` in cloud.get(SecurityGroup, region, id).state.tagsAll;
  });
  if (tagged.length !== 1 || tagged[0] === undefined) {
    throw new AwsError(
      "FailedReconcile",
      `expected exactly one securityGroup tagged with kubernetes.io/cluster/${cluster} for eni ${eni.id}, got: [${tagged.join(" ")}] (clusterName: ${cluster})`,
    );
  }
  return tagged[0];
}

/** The interface of the node that has an address as its own or as its pod's. */
export function interfaceOf(cloud: Cloud, vpcId: string, ip: string) {
  const found = cloud.all(NetworkInterface).find(({ state }) => {
    return (
      state.vpcId === vpcId &&
      state.kind === "node" &&
      (state.privateIp === ip || (state.podCidr !== undefined && within(ip, [state.podCidr])))
    );
  });
  if (!found) throw new AwsError("InvalidTarget", `The IP address '${ip}' is not within any interface of VPC ${vpcId}`);
  return found;
}

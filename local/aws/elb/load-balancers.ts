import type { Cloud } from "../cloud.ts";
import { ACCOUNT_ID, randomHex } from "../cloud.ts";
import type { LedgerLoadBalancers, LoadBalancerRequest, LoadBalancerRequestListener } from "../controller.ts";
import { AwsError } from "../errors.ts";
import { attachedGateway } from "../ec2/find.ts";
import { SecurityGroup } from "../ec2/kinds.ts";
import { NetworkInterface, addInterface } from "../ec2/network-interface.ts";
import { clusterNamed } from "../eks/records.ts";
import type { Resource, Tags } from "../resource.ts";
import type { LoadBalancerRecord, Target, TargetGroupRecord, TargetHealth } from "../snapshot.ts";
import { discoverSubnets } from "./discovery.ts";
import { ensureGroups, interfaceOf, reconcileNodeRules } from "./groups.ts";
import { LoadBalancer, TargetGroup } from "./kinds.ts";
import { shortHash, shortName } from "./names.ts";
import { TO_DELETE, TO_ENSURE, assertPermitted } from "./permission.ts";

type Key = Parameters<LedgerLoadBalancers["delete"]>[0];

const madeBy = "load-balancer-controller";

/** Network load balancers in the ledger, made and removed for Services. */
export class LoadBalancers implements LedgerLoadBalancers {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  async ensure(request: LoadBalancerRequest): Promise<LoadBalancerRecord> {
    const { region, cluster } = request;
    const { vpcId } = clusterNamed(this.#cloud, region, cluster).state.vpcConfig;
    assertPermitted(this.#cloud, region, cluster, TO_ENSURE);
    const old = this.#find(request);
    if (old && old.state.scheme !== request.scheme) this.#remove(old);
    const balancer = this.#find(request) ?? this.#create(request, vpcId);
    const securityGroupIds = ensureGroups(this.#cloud, request, vpcId);
    const listeners = this.#targetGroups(request, balancer, vpcId);
    const tags = tagsOf(request);
    Object.assign(balancer.state, { securityGroupIds, crossZone: request.crossZone, listeners, tags });
    for (const { networkInterfaceId } of balancer.state.zones) {
      this.#cloud.get(NetworkInterface, region, networkInterfaceId).state.securityGroupIds = securityGroupIds;
    }
    reconcileNodeRules(this.#cloud, region, cluster);
    this.#cloud.touch();
    await this.#cloud.settle();
    return structuredClone(balancer.state);
  }

  async delete(key: Key): Promise<void> {
    const balancer = this.#find(key);
    if (!balancer) return;
    assertPermitted(this.#cloud, key.region, key.cluster, TO_DELETE);
    this.#remove(balancer);
    reconcileNodeRules(this.#cloud, key.region, key.cluster);
    await this.#cloud.settle();
  }

  /** `aws elbv2 delete-load-balancer`: listeners and interfaces go along; target groups and security groups stay. */
  async deleteLoadBalancer(arn: string): Promise<void> {
    const balancer = this.#cloud.all(LoadBalancer).find(({ id }) => id === arn);
    if (!balancer) return;
    const { region, zones } = balancer.state;
    for (const { networkInterfaceId: id } of zones) this.#cloud.remove({ type: NetworkInterface.token, region, id });
    this.#cloud.remove(balancer);
    await this.#cloud.settle();
  }

  /** `aws elbv2 delete-target-group`, refused while a load balancer has it. */
  async deleteTargetGroup(arn: string): Promise<void> {
    const group = this.#cloud.all(TargetGroup).find(({ id }) => id === arn);
    if (!group) return;
    if (this.#cloud.all(LoadBalancer).some(({ id }) => id === group.state.loadBalancerArn)) {
      throw new AwsError("ResourceInUse", `Target group '${arn}' is currently in use by a listener or a rule`);
    }
    this.#cloud.remove(group);
    await this.#cloud.settle();
  }

  async setTargetHealth(
    targetGroupArn: string,
    reports: { ip: string; port: number; health: TargetHealth }[],
  ): Promise<void> {
    const group = this.#cloud.all(TargetGroup).find(({ id }) => id === targetGroupArn);
    let changed = false;
    for (const { ip, port, health } of reports) {
      const target = group?.state.targets.find((candidate) => candidate.ip === ip && candidate.port === port);
      if (!target || target.health === health) continue;
      target.health = health;
      changed = true;
    }
    if (!changed) return;
    this.#cloud.touch();
    await this.#cloud.settle();
  }

  #find({ region, cluster, service }: Key): Resource<LoadBalancerRecord> | undefined {
    return this.#cloud.all(LoadBalancer, region).find(({ state }) => {
      const { namespace, name } = state.service;
      return state.cluster === cluster && namespace === service.namespace && name === service.name;
    });
  }

  #create(request: LoadBalancerRequest, vpcId: string): Resource<LoadBalancerRecord> {
    const { region, cluster, scheme, crossZone } = request;
    const { namespace, name: serviceName, uid } = request.service;
    const name = request.name ?? shortName(namespace, serviceName, `${cluster}/${uid}/${scheme}`);
    assertName(this.#cloud, region, name);
    const subnets = discoverSubnets(this.#cloud, { ...request, vpcId });
    const isPublic = scheme === "internet-facing";
    if (isPublic && !attachedGateway(this.#cloud, vpcId)) {
      throw new AwsError("InvalidSubnet", `VPC ${vpcId} has no internet gateway`);
    }
    const id = shortHash(randomHex(16), 16);
    const arn = `arn:aws:elasticloadbalancing:${region}:${ACCOUNT_ID}:loadbalancer/net/${name}/${id}`;
    const zones = subnets.map((subnet) => {
      const securityGroupIds: string[] = [];
      const eni = addInterface(this.#cloud, {
        ...{ region, subnet, kind: "load-balancer", owner: name, securityGroupIds, publicIp: isPublic, madeBy },
      });
      const { zone, privateIp, publicIp } = eni.state;
      return { zone, subnetId: subnet.id, networkInterfaceId: eni.id, privateIp, ...(publicIp ? { publicIp } : {}) };
    });
    const state: LoadBalancerRecord = {
      ...{ arn, name, region, vpcId, scheme, cluster, crossZone, zones },
      hostname: `${name}-${id}.elb.${region}.amazonaws.com`,
      service: { namespace, name: serviceName },
      securityGroupIds: [],
      listeners: [],
      tags: tagsOf(request),
    };
    return this.#cloud.add(LoadBalancer, { id: arn, region, madeBy, state });
  }

  /** A target group per listener, with the health of targets that stay. */
  #targetGroups(request: LoadBalancerRequest, balancer: Resource<LoadBalancerRecord>, vpcId: string) {
    const { arn, region } = balancer.state;
    const before = this.#groupsOf(balancer);
    const after = request.listeners.map((listener) => {
      const old = before.find(({ state }) => state.protocol === listener.protocol && state.port === listener.port);
      const state = old?.state ?? newTargetGroup(request, listener, arn);
      const targets = listener.targets.map((target): Target => {
        const known = state.targets.find(({ ip, port }) => ip === target.ip && port === target.port);
        const { zone } = interfaceOf(this.#cloud, vpcId, target.ip).state;
        return { ...target, zone, health: known?.health ?? "initial" };
      });
      const { preserveClientIp, deregistrationDelay, healthCheck } = listener;
      return { ...state, preserveClientIp, deregistrationDelay, healthCheck, targets };
    });
    for (const group of before) this.#cloud.remove(group);
    for (const state of after) this.#cloud.add(TargetGroup, { id: state.arn, region, madeBy, state });
    return request.listeners.map(({ protocol, port, idleTimeout }, index) => {
      const listenerArn = `${arn.replace(":loadbalancer/", ":listener/")}/${shortHash(`${arn}${protocol}${port}`, 16)}`;
      return { arn: listenerArn, protocol, port, targetGroupArn: after[index]?.arn ?? "", idleTimeout };
    });
  }

  #groupsOf(balancer: Resource<LoadBalancerRecord>): Resource<TargetGroupRecord>[] {
    return this.#cloud.all(TargetGroup).filter(({ state }) => state.loadBalancerArn === balancer.id);
  }

  /** The load balancer, its target groups, interfaces and frontend group; the backend group is shared. */
  #remove(balancer: Resource<LoadBalancerRecord>): void {
    const { region, zones, securityGroupIds } = balancer.state;
    for (const group of this.#groupsOf(balancer)) this.#cloud.remove(group);
    for (const { networkInterfaceId: id } of zones) this.#cloud.remove({ type: NetworkInterface.token, region, id });
    const [frontend = ""] = securityGroupIds;
    this.#cloud.remove({ type: SecurityGroup.token, region, id: frontend });
    this.#cloud.remove(balancer);
  }
}

function newTargetGroup(
  request: LoadBalancerRequest,
  { protocol, port, preserveClientIp, deregistrationDelay, healthCheck }: LoadBalancerRequestListener,
  loadBalancerArn: string,
): TargetGroupRecord {
  const { region, service, cluster } = request;
  const tags = tagsOf(request);
  const name = shortName(service.namespace, service.name, `${cluster}/${service.uid}/${protocol}/${port}`);
  const arn = `arn:aws:elasticloadbalancing:${region}:${ACCOUNT_ID}:targetgroup/${name}/${randomHex(16)}`;
  const settings = { preserveClientIp, deregistrationDelay, healthCheck, targetType: "ip" as const };
  return { arn, name, region, loadBalancerArn, protocol, port, ...settings, targets: [], tags };
}

/** What the controller puts on all that it makes for a Service. */
function tagsOf({ tags, cluster, service }: LoadBalancerRequest): Tags {
  return {
    ...tags,
    "elbv2.k8s.aws/cluster": cluster,
    "service.k8s.aws/stack": `${service.namespace}/${service.name}`,
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
function assertName(cloud: Cloud, region: string, name: string): void {
  const refuse = (message: string) => new AwsError("ValidationError", message);
  if (name.length > 32) throw refuse(`The load balancer name '${name}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw refuse(
      `The load balancer name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  }
  if (/^-|-$/.test(name)) throw refuse(`The load balancer name '${name}' cannot begin or end with a hyphen('-')`);
  if (name.startsWith("internal-")) throw refuse(`The load balancer name '${name}' cannot begin with 'internal-'`);
  if (cloud.all(LoadBalancer, region).some(({ state }) => state.name === name)) {
    const message = `A load balancer with the same name '${name}' exists, but with different settings`;
    throw new AwsError("DuplicateLoadBalancerName", message);
  }
}

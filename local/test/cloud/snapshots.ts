import type {
  LedgerSnapshot,
  LoadBalancerRecord,
  NatGatewayRecord,
  NetworkInterfaceRecord,
  SecurityGroupRule,
  TargetGroupRecord,
  TargetHealth,
} from "../../aws/runtime.ts";
import { emptySnapshot } from "../../cloud/world.ts";

/** A VPC 10.<n>.0.0/16 with a public subnet per zone, an internet gateway and one group that admits itself. */
export function vpc(number: number, region = "us-east-1"): LedgerSnapshot {
  const id = `vpc-${String(number).padStart(8, "0")}`;
  const rtb = `rtb-${number}`;
  const group = `sg-${number}`;
  const self: SecurityGroupRule["peer"] = { kind: "security-group", id: group };
  const zones = ["a", "b"].map((letter) => `${region}${letter}`);
  return {
    ...structuredClone(emptySnapshot),
    vpcs: [
      {
        id,
        region,
        cidr: `10.${number}.0.0/16`,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        resolverIp: `10.${number}.0.2`,
      },
    ],
    subnets: zones.map((zone, index) => ({
      id: `subnet-${number}${index}`,
      region,
      vpcId: id,
      cidr: `10.${number}.${index}.0/24`,
      zone,
      gatewayIp: `10.${number}.${index}.1`,
      mapPublicIpOnLaunch: true,
      routeTableId: rtb,
      tags: {},
    })),
    internetGateways: [{ id: `igw-${number}`, region, vpcId: id }],
    routeTables: [
      {
        id: rtb,
        region,
        vpcId: id,
        main: true,
        subnetIds: zones.map((_, index) => `subnet-${number}${index}`),
        routes: [
          { destinationCidr: `10.${number}.0.0/16`, target: { kind: "local" }, state: "active" },
          { destinationCidr: "0.0.0.0/0", target: { kind: "internet-gateway", id: `igw-${number}` }, state: "active" },
        ],
      },
    ],
    securityGroups: [
      {
        id: group,
        region,
        vpcId: id,
        name: "self",
        rules: [
          { direction: "ingress", protocol: "-1", peer: self },
          { direction: "egress", protocol: "-1", peer: { kind: "cidr", cidr: "0.0.0.0/0" } },
        ],
      },
    ],
  };
}

/** An instance with a public address in zone a (0) or b (1) of the VPC, `host` being its last number. */
export function instance(snapshot: LedgerSnapshot, zoneIndex: number, host: number): NetworkInterfaceRecord {
  const subnet = snapshot.subnets[zoneIndex];
  const home = snapshot.vpcs[0];
  const group = snapshot.securityGroups[0];
  if (!subnet || !home || !group) throw new Error("instance: the snapshot needs a VPC from vpc()");
  const prefix = subnet.cidr.replace(/\.0\/24$/, "");
  const eni: NetworkInterfaceRecord = {
    id: `eni-${prefix.replaceAll(".", "")}${String(host).padStart(6, "0")}`,
    region: home.region,
    vpcId: home.id,
    subnetId: subnet.id,
    zone: subnet.zone,
    kind: "node",
    owner: `ip-${prefix.replaceAll(".", "-")}-${host}.${home.region}.compute.internal`,
    privateIp: `${prefix}.${host}`,
    publicIp: `198.18.${home.cidr.split(".")[1]}.${zoneIndex * 100 + host}`,
    podCidr: `${prefix}.${Math.min(host * 16, 240)}/28`,
    securityGroupIds: [group.id],
  };
  snapshot.networkInterfaces.push(eni);
  return eni;
}

/** An internet-facing NLB on port 80 with a group of its own, open to the world, and a rule for it in the VPC's group. */
export function balancer(
  snapshot: LedgerSnapshot,
  targets: { eni: NetworkInterfaceRecord; port: number; health: TargetHealth }[],
): { lb: LoadBalancerRecord; group: TargetGroupRecord } {
  const home = snapshot.vpcs[0];
  if (!home) throw new Error("balancer: the snapshot needs a VPC from vpc()");
  const number = home.cidr.split(".")[1];
  const sg = `sg-lb-${number}`;
  const any: SecurityGroupRule["peer"] = { kind: "cidr", cidr: "0.0.0.0/0" };
  snapshot.securityGroups.push({
    id: sg,
    region: home.region,
    vpcId: home.id,
    name: "balancer",
    rules: [
      { direction: "ingress", protocol: "tcp", fromPort: 80, toPort: 80, peer: any },
      { direction: "egress", protocol: "-1", peer: any },
    ],
  });
  snapshot.securityGroups[0]?.rules.push({
    direction: "ingress",
    protocol: "tcp",
    fromPort: 8080,
    toPort: 8080,
    peer: { kind: "security-group", id: sg },
  });
  const zones = snapshot.subnets.map((subnet, index) => ({
    zone: subnet.zone,
    subnetId: subnet.id,
    networkInterfaceId: `eni-lb${number}${index}`,
    privateIp: subnet.cidr.replace(/\.0\/24$/, ".250"),
    publicIp: `198.18.${number}.${200 + index}`,
  }));
  for (const zone of zones) {
    snapshot.networkInterfaces.push({
      id: zone.networkInterfaceId,
      region: home.region,
      vpcId: home.id,
      subnetId: zone.subnetId,
      zone: zone.zone,
      kind: "load-balancer",
      owner: "k8s-demo-web",
      privateIp: zone.privateIp,
      publicIp: zone.publicIp,
      securityGroupIds: [sg],
    });
  }
  const lb: LoadBalancerRecord = {
    arn: `arn:lb/${number}`,
    name: `k8s-demo-web-${number}`,
    region: home.region,
    vpcId: home.id,
    hostname: `k8s-demo-web-${number}.elb.${home.region}.amazonaws.com`,
    scheme: "internet-facing",
    cluster: "demo",
    service: { namespace: "demo", name: "web" },
    crossZone: true,
    securityGroupIds: [sg],
    zones,
    listeners: [
      {
        arn: `arn:listener/${number}`,
        protocol: "TCP",
        port: 80,
        targetGroupArn: `arn:tg/${number}`,
        idleTimeout: 350,
      },
    ],
    tags: {},
  };
  const group: TargetGroupRecord = {
    arn: `arn:tg/${number}`,
    name: "k8s-demo-web",
    region: home.region,
    loadBalancerArn: lb.arn,
    protocol: "TCP",
    port: 8080,
    targetType: "ip",
    preserveClientIp: false,
    deregistrationDelay: 15,
    healthCheck: {
      protocol: "TCP",
      port: "traffic-port",
      interval: 1,
      timeout: 1,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    },
    targets: targets.map(({ eni, port, health }) => ({ ip: eni.privateIp, port, zone: eni.zone, health })),
    tags: {},
  };
  snapshot.loadBalancers.push(lb);
  snapshot.targetGroups.push(group);
  return { lb, group };
}

/** A NAT gateway in zone a (0) or b (1) of the VPC, which no route leads to yet. */
export function natGateway(snapshot: LedgerSnapshot, zoneIndex: number): NatGatewayRecord {
  const subnet = snapshot.subnets[zoneIndex];
  if (!subnet) throw new Error("natGateway: the snapshot needs a VPC from vpc()");
  const number = subnet.cidr.split(".")[1];
  const nat: NatGatewayRecord = {
    id: `nat-${number}`,
    region: subnet.region,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    connectivityType: "public",
    networkInterfaceId: `eni-nat${number}`,
    privateIp: subnet.cidr.replace(/\.0\/24$/, ".9"),
    publicIp: `198.18.${number}.99`,
  };
  snapshot.natGateways.push(nat);
  return nat;
}

/** The same ledger with a network ACL that denies some subnets of one VPC some blocks. */
export function deny(snapshot: LedgerSnapshot, subnetIds: string[], blocks: string[]): LedgerSnapshot {
  const copy = structuredClone(snapshot);
  const home = copy.subnets.find(({ id }) => id === subnetIds[0]) ?? copy.subnets[0];
  if (!home) throw new Error("deny: the snapshot needs a VPC from vpc()");
  copy.networkAclDenials.push({ id: "cut", region: home.region, vpcId: home.vpcId, subnetIds, blocks });
  return copy;
}

/** One ledger that holds what several hold. */
export function merge(...parts: LedgerSnapshot[]): LedgerSnapshot {
  const all = structuredClone(emptySnapshot);
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      if (Array.isArray(value)) (all[key as "vpcs"] as unknown[]).push(...(value as unknown[]));
    }
  }
  return structuredClone(all);
}

/** The VPCs of two snapshots from vpc(), joined by an accepted peering with routes in their tables, in one snapshot. */
export function peered(a: LedgerSnapshot, b: LedgerSnapshot): LedgerSnapshot {
  const both = merge(a, b);
  const [requester, accepter] = [a, b].map(({ vpcs: [home] }) => {
    if (!home) throw new Error("peered: the snapshots need VPCs from vpc()");
    return { vpcId: home.id, region: home.region, cidr: home.cidr };
  });
  if (!requester || !accepter) throw new Error("peered: two VPCs");
  const id = `pcx-${requester.vpcId.slice(-1)}${accepter.vpcId.slice(-1)}`;
  both.peerings.push({ id, requester, accepter, status: "active" });
  for (const [here, there] of [
    [requester, accepter],
    [accepter, requester],
  ] as const) {
    for (const table of both.routeTables.filter(({ vpcId }) => vpcId === here.vpcId)) {
      table.routes.splice(1, 0, { destinationCidr: there.cidr, target: { kind: "peering", id }, state: "active" });
    }
  }
  return both;
}

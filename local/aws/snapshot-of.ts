import { cidr, formatIp } from "./cidr.ts";
import type { Cloud } from "./cloud.ts";
import { ACCOUNT_ID } from "./cloud.ts";
import { dnsRecords } from "./dns-records.ts";
import { mainRouteTableId, routeTableOf, subnetsOf } from "./ec2/find.ts";
import { Eip, InternetGateway, NatGateway, Peering, RouteTable, SecurityGroup, Subnet, Vpc } from "./ec2/kinds.ts";
import { NetworkAclDenial } from "./ec2/network-acl.ts";
import { NetworkInterface } from "./ec2/network-interface.ts";
import { routesOf } from "./ec2/routes.ts";
import { rulesOf } from "./ec2/rules.ts";
import { Cluster } from "./eks/kinds.ts";
import { clusterRecord } from "./eks/records.ts";
import { LoadBalancer, TargetGroup } from "./elb/kinds.ts";
import { canonicalNames, endpointChecks } from "./route53/answers.ts";
import type { LedgerSnapshot, PeeringRecord } from "./snapshot.ts";

/** The cloud as those see it who make it real: everything resolved. Deep-copied, so nobody can change the ledger by it. */
export function snapshotOf(cloud: Cloud): LedgerSnapshot {
  const snapshot: LedgerSnapshot = {
    revision: cloud.revision,
    accountId: ACCOUNT_ID,
    ...networks(cloud),
    ...gateways(cloud),
    securityGroups: cloud.all(SecurityGroup).map((group) => ({
      id: group.id,
      region: group.region,
      vpcId: group.state.vpcId,
      name: group.state.name,
      rules: rulesOf(cloud, group),
    })),
    networkInterfaces: cloud.all(NetworkInterface).map(({ id, region, state }) => ({ id, region, ...state })),
    peerings: peerings(cloud),
    networkAclDenials: cloud.all(NetworkAclDenial).map(({ id, region, state }) => ({ id, region, ...state })),
    clusters: cloud.all(Cluster).map((cluster) => clusterRecord(cloud, cluster)),
    loadBalancers: cloud.all(LoadBalancer).map(({ state }) => state),
    targetGroups: cloud.all(TargetGroup).map(({ state }) => state),
    dns: dnsRecords(cloud),
    canonicalNames: canonicalNames(cloud),
    endpointChecks: endpointChecks(cloud),
  };
  return structuredClone(snapshot);
}

function networks(cloud: Cloud): Pick<LedgerSnapshot, "vpcs" | "subnets" | "routeTables"> {
  return {
    vpcs: cloud.all(Vpc).map(({ id, region, state }) => ({
      id,
      region,
      cidr: state.cidrBlock,
      enableDnsSupport: state.enableDnsSupport,
      enableDnsHostnames: state.enableDnsHostnames,
      resolverIp: formatIp(cidr(state.cidrBlock).base + 2),
    })),
    subnets: cloud.all(Subnet).map((subnet) => ({
      id: subnet.id,
      region: subnet.region,
      vpcId: subnet.state.vpcId,
      cidr: subnet.state.cidrBlock,
      zone: subnet.state.availabilityZone,
      gatewayIp: formatIp(cidr(subnet.state.cidrBlock).base + 1),
      mapPublicIpOnLaunch: subnet.state.mapPublicIpOnLaunch,
      routeTableId: routeTableOf(cloud, subnet).id,
      tags: subnet.state.tagsAll,
    })),
    routeTables: cloud.all(RouteTable).map((table) => {
      const { vpcId } = table.state;
      const ruled = subnetsOf(cloud, vpcId).filter((subnet) => routeTableOf(cloud, subnet).id === table.id);
      return {
        id: table.id,
        region: table.region,
        vpcId,
        main: mainRouteTableId(cloud, cloud.get(Vpc, table.region, vpcId)) === table.id,
        subnetIds: ruled.map(({ id }) => id),
        routes: routesOf(cloud, table),
      };
    }),
  };
}

function gateways(cloud: Cloud): Pick<LedgerSnapshot, "internetGateways" | "natGateways" | "elasticIps"> {
  return {
    internetGateways: cloud.all(InternetGateway).map(({ id, region, state: { vpcId } }) => {
      return { id, region, ...(vpcId ? { vpcId } : {}) };
    }),
    natGateways: cloud.all(NatGateway).map(({ id, region, state }) => ({
      id,
      region,
      vpcId: cloud.get(Subnet, region, state.subnetId).state.vpcId,
      subnetId: state.subnetId,
      connectivityType: state.connectivityType,
      networkInterfaceId: state.networkInterfaceId,
      privateIp: state.privateIp,
      ...(state.publicIp ? { publicIp: state.publicIp } : {}),
    })),
    elasticIps: cloud.all(Eip).map(({ id, region, state: { publicIp, networkInterface } }) => {
      const attached = networkInterface ? { networkInterfaceId: networkInterface } : {};
      return { allocationId: id, region, publicIp, ...attached };
    }),
  };
}

/** A peering lives as long as both of its VPCs. */
function peerings(cloud: Cloud): PeeringRecord[] {
  return cloud.all(Peering).flatMap(({ id, region, state }) => {
    const mine = cloud.find(Vpc, region, state.vpcId);
    const theirs = cloud.find(Vpc, state.peerRegion, state.peerVpcId);
    if (!mine || !theirs) return [];
    const end = (vpc: typeof mine) => ({ vpcId: vpc.id, region: vpc.region, cidr: vpc.state.cidrBlock });
    return [{ id, requester: end(mine), accepter: end(theirs), status: state.acceptStatus }];
  });
}

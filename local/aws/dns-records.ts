import type { Cloud } from "./cloud.ts";
import { Vpc } from "./ec2/kinds.ts";
import { NetworkInterface } from "./ec2/network-interface.ts";
import { Cluster, ControlPlane } from "./eks/kinds.ts";
import type { ClusterState } from "./eks/kinds.ts";
import { LoadBalancer, TargetGroup } from "./elb/kinds.ts";
import type { Resource } from "./resource.ts";
import type { DnsRecord, LoadBalancerRecord } from "./snapshot.ts";

/** Seconds; what load balancers' and cluster endpoints' names have on AWS. */
const TTL = 60;

/** Every name that AWS's resolvers answer: cluster endpoints, load balancers, nodes. */
export function dnsRecords(cloud: Cloud): DnsRecord[] {
  return [
    ...cloud.all(Cluster).flatMap((cluster) => endpointRecords(cloud, cluster)),
    ...cloud.all(LoadBalancer).map(({ state }) => loadBalancerRecord(cloud, state)),
    ...nodeRecords(cloud),
  ].filter(({ addresses }) => addresses.length > 0);
}

/**
 * Inside the cluster's own VPC a private endpoint is the control plane's interfaces; everybody else gets the public
 * address, or, without a public endpoint, the private ones, which lead nowhere from outside.
 * https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 */
function endpointRecords(cloud: Cloud, { id, region, state }: Resource<ClusterState>): DnsRecord[] {
  const plane = cloud.get(ControlPlane, region, id).state;
  const name = plane.endpointHost.toLowerCase();
  const { endpointPrivateAccess, endpointPublicAccess, vpcId } = state.vpcConfig;
  const inside = plane.networkInterfaceIds.map((eni) => cloud.get(NetworkInterface, region, eni).state.privateIp);
  return [
    { name, addresses: endpointPublicAccess ? [plane.publicIp] : inside, ttl: TTL },
    ...(endpointPrivateAccess ? [{ name, vpcId, addresses: inside, ttl: TTL }] : []),
  ];
}

/**
 * One address for each zone that is healthy, which needs a healthy target in every target group: in that zone, or with
 * cross-zone balancing in any. When no zone is, all are answered (fail open).
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
 */
function loadBalancerRecord(cloud: Cloud, balancer: LoadBalancerRecord): DnsRecord {
  const groups = cloud.all(TargetGroup).filter(({ state }) => state.loadBalancerArn === balancer.arn);
  const healthy = balancer.zones.filter(({ zone }) =>
    groups.every(({ state }) =>
      state.targets.some((target) => target.health === "healthy" && (balancer.crossZone || target.zone === zone)),
    ),
  );
  const answered = healthy.length > 0 ? healthy : balancer.zones;
  const addresses = answered.map(({ privateIp, publicIp }) => publicIp ?? privateIp);
  return { name: balancer.hostname.toLowerCase(), addresses, ttl: TTL };
}

/** ip-10-0-0-4.ec2.internal and the like, known to the VPC's resolver only. */
function nodeRecords(cloud: Cloud): DnsRecord[] {
  return cloud.all(NetworkInterface).flatMap(({ state, region }) => {
    if (state.kind !== "node" || !cloud.get(Vpc, region, state.vpcId).state.enableDnsSupport) return [];
    return [{ name: state.owner, vpcId: state.vpcId, addresses: [state.privateIp], ttl: TTL }];
  });
}

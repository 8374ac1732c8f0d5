/**
 * What the ledger says about the cloud at one moment, in AWS's words but already resolved: associations are followed,
 * implied facts (the main route table, effective routes, the addresses behind a name) are spelled out. Whoever builds
 * networks, clusters and DNS answers from it needs nothing else, so reachability comes from the ledger alone.
 *
 * Everything is plain JSON. CIDRs and addresses are IPv4 in dotted form; every record names its region.
 */
export interface LedgerSnapshot {
  /** Grows by one with every change of the ledger. */
  revision: number;
  accountId: string;
  vpcs: VpcRecord[];
  subnets: SubnetRecord[];
  internetGateways: InternetGatewayRecord[];
  natGateways: NatGatewayRecord[];
  elasticIps: ElasticIpRecord[];
  routeTables: RouteTableRecord[];
  securityGroups: SecurityGroupRecord[];
  networkInterfaces: NetworkInterfaceRecord[];
  peerings: PeeringRecord[];
  networkAclDenials: NetworkAclDenialRecord[];
  clusters: ClusterRecord[];
  loadBalancers: LoadBalancerRecord[];
  targetGroups: TargetGroupRecord[];
  dns: DnsRecord[];
  canonicalNames: CanonicalNameRecord[];
  endpointChecks: EndpointCheckRecord[];
}

export interface VpcRecord {
  id: string;
  region: string;
  cidr: string;
  /** Without it the resolver at VPC base + 2 does not answer at all. */
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
  /** AmazonProvidedDNS: base of the VPC's block plus two. */
  resolverIp: string;
}

export interface SubnetRecord {
  id: string;
  region: string;
  vpcId: string;
  cidr: string;
  zone: string;
  /** base + 1: the implied router. */
  gatewayIp: string;
  mapPublicIpOnLaunch: boolean;
  /** The table that rules here: the associated one, else the VPC's main table. */
  routeTableId: string;
  tags: Record<string, string>;
}

export interface InternetGatewayRecord {
  id: string;
  region: string;
  /** Absent while detached. */
  vpcId?: string;
}

export interface NatGatewayRecord {
  id: string;
  region: string;
  vpcId: string;
  subnetId: string;
  connectivityType: "public" | "private";
  networkInterfaceId: string;
  privateIp: string;
  /** Absent when connectivityType is "private". */
  publicIp?: string;
}

export interface ElasticIpRecord {
  allocationId: string;
  region: string;
  publicIp: string;
  networkInterfaceId?: string;
}

export interface RouteTableRecord {
  id: string;
  region: string;
  vpcId: string;
  main: boolean;
  /** Subnets ruled by this table, explicitly associated or (main table) not. */
  subnetIds: string[];
  /** The implied local route included, most specific first. */
  routes: RouteRecord[];
}

export interface RouteRecord {
  destinationCidr: string;
  target: { kind: "local" } | { kind: "internet-gateway" | "nat-gateway" | "peering"; id: string };
  /** A blackhole drops traffic: its target is gone, detached or not accepted. */
  state: "active" | "blackhole";
}

export interface SecurityGroupRecord {
  id: string;
  region: string;
  vpcId: string;
  name: string;
  rules: SecurityGroupRule[];
}

export interface SecurityGroupRule {
  direction: "ingress" | "egress";
  /** "-1" is every protocol; else "tcp", "udp" or "icmp". */
  protocol: string;
  /** Inclusive; both absent for every port (and for protocol "-1"). */
  fromPort?: number;
  toPort?: number;
  /** Who: exactly one of an address block or the members of another group. */
  peer: { kind: "cidr"; cidr: string } | { kind: "security-group"; id: string };
}

export interface NetworkInterfaceRecord {
  id: string;
  region: string;
  vpcId: string;
  subnetId: string;
  zone: string;
  kind: "control-plane" | "node" | "load-balancer" | "nat-gateway";
  /** The cluster's, load balancer's or NAT gateway's name or id; for a node its private DNS name. */
  owner: string;
  privateIp: string;
  /** Mapped 1:1 to privateIp by the internet gateway. */
  publicIp?: string;
  /** A node's slice of its subnet, from which its pods get their addresses. */
  podCidr?: string;
  securityGroupIds: string[];
}

export interface PeeringRecord {
  id: string;
  requester: { vpcId: string; region: string; cidr: string };
  accepter: { vpcId: string; region: string; cidr: string };
  status: "pending-acceptance" | "active";
}

/**
 * What a network ACL denies the subnets that have it, statelessly and in both directions. Faults put it there: the
 * VPC's own ACL, which all other subnets have, allows everything.
 */
export interface NetworkAclDenialRecord {
  id: string;
  region: string;
  vpcId: string;
  subnetIds: string[];
  /** IPv4 blocks on the other side. */
  blocks: string[];
}

export interface ClusterRecord {
  name: string;
  region: string;
  arn: string;
  /** Kubernetes minor version, such as "1.36". */
  version: string;
  status: "CREATING" | "ACTIVE" | "FAILED" | "DELETING";
  vpcId: string;
  vpcCidr: string;
  subnets: { id: string; cidr: string; zone: string }[];
  serviceCidr: string;
  /** Without scheme: <ID>.gr7.<region>.eks.amazonaws.com */
  endpointHost: string;
  endpointPublicAccess: boolean;
  endpointPrivateAccess: boolean;
  publicAccessCidrs: string[];
  /** Where the public endpoint listens (port 443), filtered by publicAccessCidrs; unused without public access. */
  publicIp: string;
  /** What the API server's calls to public addresses come from. Not published by AWS, so nobody may rely on it. */
  egressIp: string;
  /** The group that EKS makes and puts on control plane and managed nodes. */
  clusterSecurityGroupId: string;
  /** All groups of the control plane's interfaces, clusterSecurityGroupId included. */
  securityGroupIds: string[];
  networkInterfaceIds: string[];
  creatorArn: string;
  /** PEM, base64-encoded; absent until the control plane has started. */
  certificateAuthority?: string;
  /** EKS's default: CoreDNS, kube-proxy and the VPC CNI come with the cluster, until an add-on takes them over. */
  bootstrapSelfManagedAddons: boolean;
  access: AccessEntry[];
  podIdentities: PodIdentity[];
  nodeGroups: NodeGroupRecord[];
  addons: AddonRecord[];
  /** Of the vpc-cni add-on: which pod traffic keeps the pod's address when it leaves the VPC. */
  snat: { external: boolean; excludeCidrs: string[] };
}

/** Who may talk to the API server. https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html */
export interface AccessEntry {
  principalArn: string;
  username: string;
  /** Kubernetes groups given to the entry. */
  groups: string[];
  policies: {
    /** Such as arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy */
    policyArn: string;
    scope: { type: "cluster" } | { type: "namespace"; namespaces: string[] };
  }[];
}

export interface PodIdentity {
  associationId: string;
  namespace: string;
  serviceAccount: string;
  roleArn: string;
}

export interface NodeGroupRecord {
  name: string;
  clusterName: string;
  region: string;
  arn: string;
  version: string;
  status: "CREATING" | "ACTIVE" | "CREATE_FAILED" | "DELETING";
  labels: Record<string, string>;
  taints: { key: string; value?: string; effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute" }[];
  securityGroupIds: string[];
  nodes: NodeRecord[];
}

export interface NodeRecord {
  /** The instance's private DNS name, which is the Kubernetes node name too. */
  name: string;
  instanceId: string;
  instanceType: string;
  subnetId: string;
  zone: string;
  networkInterfaceId: string;
  privateIp: string;
  /** Aligned, inside the subnet, free of other addresses. */
  podCidr: string;
  publicIp?: string;
}

export interface AddonRecord {
  name: string;
  clusterName: string;
  region: string;
  version: string;
  /** Parsed configurationValues. */
  configuration: Record<string, unknown>;
}

export interface LoadBalancerRecord {
  arn: string;
  name: string;
  region: string;
  vpcId: string;
  hostname: string;
  scheme: "internet-facing" | "internal";
  /** Whose Service it serves. */
  cluster: string;
  service: { namespace: string; name: string };
  crossZone: boolean;
  securityGroupIds: string[];
  zones: { zone: string; subnetId: string; networkInterfaceId: string; privateIp: string; publicIp?: string }[];
  listeners: { arn: string; protocol: "TCP" | "UDP"; port: number; targetGroupArn: string; idleTimeout: number }[];
  tags: Record<string, string>;
}

export interface TargetGroupRecord {
  arn: string;
  name: string;
  region: string;
  loadBalancerArn: string;
  protocol: "TCP" | "UDP";
  port: number;
  targetType: "ip";
  preserveClientIp: boolean;
  /** Seconds. */
  deregistrationDelay: number;
  healthCheck: HealthCheck;
  targets: Target[];
  tags: Record<string, string>;
}

export interface HealthCheck {
  protocol: "TCP" | "HTTP" | "HTTPS";
  port: number | "traffic-port";
  /** HTTP and HTTPS only. */
  path?: string;
  /** Seconds. */
  interval: number;
  timeout: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
}

export interface Target {
  ip: string;
  port: number;
  /** The zone of the subnet that holds the address. */
  zone: string;
  health: TargetHealth;
}

export type TargetHealth = "initial" | "healthy" | "unhealthy" | "draining";

/** One name in one view. The private view of a VPC hides the public one for the same name. */
export interface DnsRecord {
  /** In lower case, without a final dot. */
  name: string;
  /** Absent: the public view, which every VPC sees too unless it has its own record of that name. */
  vpcId?: string;
  addresses: string[];
  /** Seconds. */
  ttl: number;
}

/** A public name that stands for others. Every answer gives one of them, chosen by weight; nothing unhealthy is here. */
export interface CanonicalNameRecord {
  /** In lower case, without a final dot. */
  name: string;
  /** Seconds. */
  ttl: number;
  targets: { host: string; weight: number }[];
}

/** A Route 53 health check, over HTTP and from the internet. */
export interface EndpointCheckRecord {
  id: string;
  host: string;
  port: number;
  path: string;
  /** Seconds. */
  interval: number;
  /** Results in a row that change the health. */
  failureThreshold: number;
  health: "healthy" | "unhealthy";
}

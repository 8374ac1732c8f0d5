/** What AWS has, as far as an audit looks at it. */

/** In the order in which it can be removed: each may hold on to what stands below it. */
export const kinds = [
  "EKS node group",
  "EKS cluster",
  "load balancer",
  "target group",
  "instance",
  "NAT gateway",
  "network interface",
  "Elastic IP",
  "volume",
  "launch template",
  "VPC peering",
  "security group",
  "internet gateway",
  "subnet",
  "route table",
  "network ACL",
  "VPC",
  "log group",
  "IAM role",
  "IAM policy",
  "health check",
  "other",
] as const;
export type Kind = (typeof kinds)[number];

export interface Resource {
  readonly kind: Kind;
  /** By which AWS's command removes it: an id, a name or an ARN. */
  readonly id: string;
  /** Empty for what has no region. */
  readonly region: string;
  /** Where the id says nothing to people. */
  readonly name?: string;
  /** Of the VPC that it is in. */
  readonly vpcId?: string;
  /** Of the EKS cluster that it is, or belongs to. */
  readonly cluster?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What could not be asked, so that nobody takes silence for absence. */
export interface Unasked {
  readonly what: string;
  readonly why: string;
}

export interface Inventory {
  readonly resources: readonly Resource[];
  readonly unasked: readonly Unasked[];
}

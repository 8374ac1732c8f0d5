import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Cluster, CoreData } from "./components.ts";

/** The arguments of eks.ManagedNodeGroup. Those of aws.eks.NodeGroup that are not named here pass through as they are. */
export interface ManagedNodeGroupArgs {
  cluster: pulumi.Input<Cluster | CoreData>;
  clusterName?: pulumi.Input<string>;
  nodeRole?: pulumi.Input<aws.iam.Role>;
  nodeRoleArn?: pulumi.Input<string>;
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  instanceTypes?: pulumi.Input<pulumi.Input<string>[]>;
  operatingSystem?: pulumi.Input<string>;
  amiType?: pulumi.Input<string>;
  amiId?: pulumi.Input<string>;
  gpu?: pulumi.Input<boolean>;
  diskSize?: pulumi.Input<number>;
  scalingConfig?: pulumi.Input<Partial<aws.types.input.eks.NodeGroupScalingConfig>>;
  ignoreScalingChanges?: boolean;
  enableIMDSv2?: boolean;
  launchTemplate?: pulumi.Input<aws.types.input.eks.NodeGroupLaunchTemplate>;
  taints?: pulumi.Input<pulumi.Input<aws.types.input.eks.NodeGroupTaint>[]>;
  version?: pulumi.Input<string>;
  releaseVersion?: pulumi.Input<string>;
  userData?: pulumi.Input<string>;
  kubeletExtraArgs?: string;
  bootstrapExtraArgs?: string;
  bottlerocketSettings?: unknown;
  nodeadmExtraOptions?: unknown;
  enableEfaSupport?: boolean;
  placementGroupAvailabilityZone?: pulumi.Input<string>;
  [passedThrough: string]: unknown;
}

/** AWS regions where EKS runs (https://docs.aws.amazon.com/general/latest/gr/eks.html, as of late 2025). */
export const regions: readonly string[] = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...[
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
  ],
  ...["af-south-1", "il-central-1", "me-central-1", "me-south-1"],
  ...["us-gov-east-1", "us-gov-west-1", "cn-north-1", "cn-northwest-1"],
];

/** The AWS partition of a region, as it stands in ARNs: accounts and credentials are valid in one. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return "aws";
}

/**
 * Zones whose control planes EKS cannot reach, by id, because the name of a zone differs per account.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export const zonesWithoutEks: readonly string[] = ["use1-az3", "usw1-az2", "cac1-az3"];

import { AwsError } from "./errors.ts";

/** An availability zone: its name differs from account to account, its id does not. */
export interface Zone {
  name: string;
  id: string;
}

/**
 * Zone ids by region, in the order of the zone names a, b, c... of this account. Names that a region does not have
 * are left out by "". Which name stands for which id is our account's draw, and an unkind one: us-east-1a is the zone
 * in which EKS cannot place a control plane, so a program that takes the first two zones fails here as it may on AWS.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
const ZONE_IDS: Record<string, readonly string[]> = {
  "us-east-1": ["use1-az3", "use1-az6", "use1-az1", "use1-az2", "use1-az4", "use1-az5"],
  "us-east-2": ["use2-az1", "use2-az2", "use2-az3"],
  "us-west-1": ["usw1-az2", "", "usw1-az1", "usw1-az3"],
  "us-west-2": ["usw2-az2", "usw2-az1", "usw2-az3", "usw2-az4"],
  "ca-central-1": ["cac1-az3", "cac1-az1", "", "cac1-az4", "cac1-az2"],
  "sa-east-1": ["sae1-az1", "sae1-az2", "sae1-az3"],
  "eu-west-1": ["euw1-az3", "euw1-az1", "euw1-az2"],
  "eu-west-2": ["euw2-az2", "euw2-az3", "euw2-az1"],
  "eu-west-3": ["euw3-az1", "euw3-az2", "euw3-az3"],
  "eu-central-1": ["euc1-az2", "euc1-az3", "euc1-az1"],
  "eu-north-1": ["eun1-az1", "eun1-az2", "eun1-az3"],
  "ap-south-1": ["aps1-az1", "aps1-az3", "aps1-az2"],
  "ap-northeast-1": ["apne1-az4", "", "apne1-az1", "apne1-az2"],
  "ap-northeast-2": ["apne2-az1", "apne2-az2", "apne2-az3", "apne2-az4"],
  "ap-northeast-3": ["apne3-az3", "apne3-az1", "apne3-az2"],
  "ap-southeast-1": ["apse1-az2", "apse1-az1", "apse1-az3"],
  "ap-southeast-2": ["apse2-az1", "apse2-az3", "apse2-az2"],
};

/** Where EKS cannot place control planes. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export const ZONES_WITHOUT_EKS: readonly string[] = ["use1-az3", "usw1-az2", "cac1-az3"];

/** The zones of a region. Throws AwsError for a region that this account does not know. */
export function zonesOf(region: string): Zone[] {
  const ids = ZONE_IDS[region];
  if (!ids)
    throw new AwsError("InvalidRegion", `The region '${region}' does not exist or is not enabled for this account`);
  return ids.flatMap((id, index) => (id ? [{ name: `${region}${"abcdef"[index] ?? ""}`, id }] : []));
}

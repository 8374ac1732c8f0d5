/**
 * What the doctor asks of an AWS account, in one region. **Never run on AWS**: tests compare the requests with what the
 * pages below say.
 *
 * Whoever runs it needs: sts:GetCallerIdentity (which nobody can be denied), servicequotas:GetServiceQuota,
 * servicequotas:GetAWSDefaultServiceQuota, eks:DescribeClusterVersions, and ec2:Describe* of instances, instance types,
 * VPCs, addresses and zones.
 */
import {
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Tag,
} from "@aws-sdk/client-ec2";
import { DescribeClusterVersionsCommand, EKSClient } from "@aws-sdk/client-eks";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { stackTag } from "../../topology/names.ts";

export interface Clients {
  readonly ec2: Pick<EC2Client, "send">;
  readonly eks: Pick<EKSClient, "send">;
  readonly quotas: Pick<ServiceQuotasClient, "send">;
  readonly sts: Pick<STSClient, "send">;
}

/** With the region's endpoints, and the credentials that the environment offers. */
export const clientsOf = (region: string): Clients => ({
  ec2: new EC2Client({ region }),
  eks: new EKSClient({ region }),
  quotas: new ServiceQuotasClient({ region }),
  sts: new STSClient({ region }),
});

/** https://docs.aws.amazon.com/general/latest/gr/vpc-service.html and .../ec2-service.html list the codes. */
export const quotaCodes = {
  vpcs: { ServiceCode: "vpc", QuotaCode: "L-F678F1CE", says: "VPCs per region" },
  addresses: { ServiceCode: "ec2", QuotaCode: "L-0263D0A3", says: "Elastic IPs" },
  onDemand: { ServiceCode: "ec2", QuotaCode: "L-1216C47A", says: "vCPUs of running on-demand standard instances" },
  spot: { ServiceCode: "ec2", QuotaCode: "L-34B43A08", says: "vCPUs of spot standard instances" },
} as const;
export type QuotaName = keyof typeof quotaCodes;

/** How much of a quota is used, without what the stack itself has. */
export type Usage = Readonly<Record<QuotaName, number>>;

export interface EksVersion {
  /** `STANDARD_SUPPORT`, `EXTENDED_SUPPORT` or `UNSUPPORTED`. */
  readonly status: string;
  /** `2027-08-02`; absent where AWS does not say. */
  readonly standardEnds?: string;
}

export interface Account {
  /** The ARN of whoever calls. */
  caller(): Promise<string>;
  quota(name: QuotaName): Promise<number>;
  usage(): Promise<Usage>;
  /** vCPUs by instance type; a type that the region does not have is absent. */
  vcpus(types: readonly string[]): Promise<Readonly<Record<string, number>>>;
  zones(): Promise<readonly { readonly name: string; readonly id: string }[]>;
  /** Undefined where EKS does not have it. */
  eksVersion(version: string): Promise<EksVersion | undefined>;
}

/** @param stack whose own resources do not count as used, by the tag that the lab gives them */
export function accountIn({ ec2, eks, quotas, sts }: Clients, stack: string): Account {
  const isOwn = (tags: readonly Tag[] | undefined) =>
    tags?.some(({ Key, Value }) => Key === stackTag && Value === stack) ?? false;
  return {
    caller: async () => (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? "",
    quota: async (name) => {
      const { ServiceCode, QuotaCode } = quotaCodes[name];
      return quotaOf(quotas, { ServiceCode, QuotaCode });
    },
    usage: async () => {
      const [vpcs, addresses, instances] = await Promise.all([
        ec2.send(new DescribeVpcsCommand({})),
        ec2.send(new DescribeAddressesCommand({})),
        runningInstances(ec2),
      ]);
      const others = instances.filter(({ Tags, InstanceType = "" }) => !isOwn(Tags) && isStandard(InstanceType));
      const vcpus = (spot: boolean) =>
        others
          .filter(({ InstanceLifecycle }) => (InstanceLifecycle === "spot") === spot)
          .reduce(
            (sum, { CpuOptions: { CoreCount = 0, ThreadsPerCore = 1 } = {} }) => sum + CoreCount * ThreadsPerCore,
            0,
          );
      return {
        vpcs: (vpcs.Vpcs ?? []).filter(({ Tags }) => !isOwn(Tags)).length,
        addresses: (addresses.Addresses ?? []).filter(({ Tags }) => !isOwn(Tags)).length,
        onDemand: vcpus(false),
        spot: vcpus(true),
      };
    },
    vcpus: async (types) => {
      // A filter, because naming a type that the region lacks would be refused.
      const Filters = [{ Name: "instance-type", Values: [...types] }];
      const { InstanceTypes = [] } = await ec2.send(new DescribeInstanceTypesCommand({ Filters }));
      return Object.fromEntries(
        InstanceTypes.map(({ InstanceType = "", VCpuInfo }) => [InstanceType, VCpuInfo?.DefaultVCpus ?? 0]),
      );
    },
    zones: async () => {
      const Filters = [
        { Name: "opt-in-status", Values: ["opt-in-not-required"] },
        { Name: "state", Values: ["available"] },
      ];
      const { AvailabilityZones = [] } = await ec2.send(new DescribeAvailabilityZonesCommand({ Filters }));
      return AvailabilityZones.map(({ ZoneName: name = "", ZoneId: id = "" }) => ({ name, id }));
    },
    eksVersion: async (version) => {
      const { clusterVersions = [] } = await eks.send(
        new DescribeClusterVersionsCommand({ clusterVersions: [version] }),
      );
      const found = clusterVersions.find(({ clusterVersion }) => clusterVersion === version);
      if (found === undefined) return undefined;
      const { versionStatus = "", endOfStandardSupportDate: ends } = found;
      return {
        status: versionStatus,
        ...(ends === undefined ? {} : { standardEnds: ends.toISOString().slice(0, 10) }),
      };
    },
  };
}

/** An account that never asked for more has only the default. */
async function quotaOf(
  client: Clients["quotas"],
  code: { readonly ServiceCode: string; readonly QuotaCode: string },
): Promise<number> {
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand(code));
    if (Quota?.Value !== undefined) return Quota.Value;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "NoSuchResourceException") throw error;
  }
  const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(code));
  if (Quota?.Value === undefined) throw new Error(`AWS does not say how much ${code.QuotaCode} is.`);
  return Quota.Value;
}

async function runningInstances(ec2: Clients["ec2"]) {
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  const found = [];
  let NextToken: string | undefined;
  do {
    const answer = await ec2.send(new DescribeInstancesCommand({ Filters, NextToken, MaxResults: 1000 }));
    found.push(...(answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
    ({ NextToken } = answer);
  } while (NextToken !== undefined);
  return found;
}

/** Of the families A, C, D, H, I, M, R, T and Z, which share a quota; `mac` and `inf` do not belong to them. */
const isStandard = (type: string): boolean => /^[acdhimrtz]\d/.test(type);

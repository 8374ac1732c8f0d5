/**
 * Networks of EKS clusters, cut by network ACLs. **Never run on AWS**: tests compare the requests with the SDK's types
 * and with what the pages below say, and no more than that is known of it.
 *
 * It does what AWS's Fault Injection Service does as `aws:network:disrupt-connectivity`: the subnets get a copy of
 * their ACL that denies something before it allows the rest, and get their own back afterwards. So neither the ACL nor
 * other subnets that have it are touched, and all of a copy's rules take effect at once.
 * https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSFaultInjectionSimulatorNetworkAccess.html
 *
 * Whoever runs it needs, beside Describe for subnets and ACLs: ec2:CreateNetworkAcl, ec2:CreateTags,
 * ec2:CreateNetworkAclEntry, ec2:ReplaceNetworkAclAssociation, ec2:DeleteNetworkAcl.
 */
import { randomUUID } from "node:crypto";
import { DescribeNetworkAclsCommand, DescribeSubnetsCommand, EC2Client, type NetworkAcl } from "@aws-sdk/client-ec2";
import { labIdTag } from "../../../topology/names.ts";
import type { LabOutputs } from "../../../topology/outputs.ts";
import {
  type Copy,
  cutOff,
  cutTag,
  type Ec2,
  filter,
  giveBack,
  known,
  type PreparedCut,
  preparedCut,
  tagOf,
} from "./network-acl-copies.ts";
import { type Denying, denyingRules } from "./network-acl-rules.ts";
import type { Cut, Json, Platform } from "./platform.ts";
import { blocksToCut, eksClusterOf, subnetsToCut } from "./target.ts";

export interface EksOptions extends Pick<LabOutputs, "clusters" | "labId"> {
  /** Default: with the region's endpoint, and the credentials that the environment offers. */
  readonly client?: (region: string) => Ec2;
}

export function eks({ clusters, labId, client = (region) => new EC2Client({ region }) }: EksOptions): Platform {
  return {
    name: "EKS",
    async prepare(cut): Promise<Json> {
      const { region } = eksClusterOf(clusters, cut);
      const blocks = blocksToCut(cut);
      const ec2 = client(region);
      const subnets = subnetsToCut(cut, await subnetsOf(ec2, labId, cut));
      const acls = await aclsOf(ec2, subnets);
      refuseSecond(cut, acls);
      const copies = acls.map((acl) => copyOf(acl, subnets, { blocks, says: cut.says }));
      const tags = { [labIdTag]: labId, Name: `${cut.cluster}: ${cut.says}`.slice(0, 255) };
      const prepared: PreparedCut = { id: randomUUID(), region, vpc: subnets[0]?.vpc ?? "", tags, copies };
      return prepared;
    },
    async cut(prepared) {
      const plan = preparedCut.parse(prepared);
      await cutOff(client(plan.region), plan);
    },
    async mend(prepared) {
      const { id, region } = preparedCut.parse(prepared);
      await giveBack(client(region), id);
    },
  };
}

interface Subnet {
  readonly id: string;
  readonly zone: string;
  readonly vpc: string;
}

/**
 * All of the cluster's VPC, private ones included. Their names end in one letter for the zone, so that no cluster's
 * name can be taken for the beginning of another's.
 */
async function subnetsOf(ec2: Ec2, labId: string, { cluster }: Cut): Promise<Subnet[]> {
  const names = ["public", "private"].map((tier) => `${cluster}-network-${tier}-?`);
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [filter(`tag:${labIdTag}`, [labId]), filter("tag:Name", names)] }),
  );
  return Subnets.map(({ SubnetId: id, AvailabilityZone: zone, VpcId: vpc }) => ({
    id: known(id, "SubnetId"),
    zone: known(zone, "AvailabilityZone"),
    vpc: known(vpc, "VpcId"),
  }));
}

async function aclsOf(ec2: Ec2, subnets: readonly Subnet[]): Promise<NetworkAcl[]> {
  const ids = subnets.map(({ id }) => id);
  const command = new DescribeNetworkAclsCommand({ Filters: [filter("association.subnet-id", ids)] });
  return (await ec2.send(command)).NetworkAcls ?? [];
}

function copyOf(acl: NetworkAcl, subnets: readonly Subnet[], denying: Denying): Copy {
  const ids = new Set(subnets.map(({ id }) => id));
  const associated = (acl.Associations ?? []).flatMap(({ SubnetId: id, NetworkAclAssociationId: association }) =>
    id !== undefined && ids.has(id) ? [{ id, association: known(association, "NetworkAclAssociationId") }] : [],
  );
  const of = known(acl.NetworkAclId, "NetworkAclId");
  return { of, rules: denyingRules(acl, denying), subnets: associated };
}

function refuseSecond({ says }: Cut, acls: readonly NetworkAcl[]): void {
  const other = acls.find((acl) => tagOf(acl, cutTag) !== undefined);
  if (other === undefined) return;
  const what = `${other.NetworkAclId ?? ""} (${tagOf(other, "Name") ?? ""})`;
  throw new Error(`"${says}" cannot be done: subnets of it are cut already, by network ACL ${what}. Mend that first.`);
}

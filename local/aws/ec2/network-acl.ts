import { parseCidr } from "../cidr.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { kind } from "../resource.ts";
import type { Resource } from "../resource.ts";
import type { NetworkAclDenialRecord } from "../snapshot.ts";
import { subnetById } from "./find.ts";

export type NetworkAclDenialState = Omit<NetworkAclDenialRecord, "id" | "region">;

/**
 * A network ACL that denies some subnets some blocks and allows the rest. It is no resource that a program could make:
 * an experiment puts it there as a fault.
 */
export const NetworkAclDenial = kind<NetworkAclDenialState>("fault:ec2/networkAclDenial:NetworkAclDenial");

/**
 * An ACL takes 20 rules in each direction: the one that denies whatever no other rule matches is counted, and so is the
 * one of the VPC's own ACL that allows everything. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const MAX_BLOCKS = 18;

export interface DenyRequest {
  /** The caller's own, for taking it back: one in all regions. */
  id: string;
  region: string;
  /** Of one VPC. */
  subnetIds: string[];
  /** IPv4. */
  blocks: string[];
}

/** Puts network ACLs in front of subnets and takes them away again. Both are idempotent. */
export class NetworkAcls {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /**
   * Resolves when the subnets and the blocks have lost each other, in both directions.
   * @throws AwsError for what does not exist, is malformed or too much, and for a subnet that has such an ACL already
   */
  async deny({ id, region, subnetIds, blocks }: DenyRequest): Promise<void> {
    for (const [name, value] of Object.entries({ id, region })) if (typeof value !== "string" || !value) missing(name);
    for (const [name, list] of Object.entries({ subnetIds, blocks })) if (!isListOfText(list)) missing(name);
    const known = this.#cloud.all(NetworkAclDenial).find((denial) => denial.id === id);
    if (known) checkSame(known, { id, region, subnetIds, blocks });
    else this.#add({ id, region, subnetIds, blocks });
    // Also for what is known: the call that made it may have failed to make it real.
    await this.#cloud.settle();
  }

  /** Resolves when they have each other again; nothing happens when nothing was denied under that id. */
  async allow({ id }: { id: string }): Promise<void> {
    for (const denial of this.#cloud.all(NetworkAclDenial)) if (denial.id === id) this.#cloud.remove(denial);
    await this.#cloud.settle();
  }

  #add({ id, region, subnetIds, blocks }: DenyRequest): void {
    const subnets = [...new Set(subnetIds)].map((subnetId) => subnetById(this.#cloud, region, subnetId));
    const vpcs = new Set(subnets.map(({ state }) => state.vpcId));
    if (vpcs.size > 1) throw invalid(`Subnets of ${[...vpcs].join(" and ")} cannot have one network ACL.`);
    for (const block of blocks) {
      if (!parseCidr(block)) throw invalid(`Value (${block}) for parameter cidrBlock is invalid.`);
    }
    const wanted = [...new Set(blocks)];
    if (wanted.length > MAX_BLOCKS) {
      const message = `${wanted.length} blocks are more than the ${MAX_BLOCKS} rules that a network ACL has room for.`;
      throw new AwsError("NetworkAclEntryLimitExceeded", message);
    }
    for (const subnet of subnets) {
      const other = denialOf(this.#cloud, subnet);
      if (other) throw invalid(`Subnet '${subnet.id}' has the network ACL of '${other.id}', and cannot have another.`);
    }
    const [vpcId = ""] = vpcs;
    const state = { vpcId, subnetIds: subnets.map((subnet) => subnet.id), blocks: wanted };
    this.#cloud.add(NetworkAclDenial, { id, region, madeBy: "fault", state });
  }
}

/** A subnet that is deleted is associated with nothing any more; an ACL without subnets was for them alone. */
export function forgetSubnet(cloud: Cloud, subnet: { region: string; id: string }): void {
  const denial = denialOf(cloud, subnet);
  if (!denial) return;
  denial.state.subnetIds = denial.state.subnetIds.filter((id) => id !== subnet.id);
  cloud.touch();
  if (denial.state.subnetIds.length === 0) cloud.remove(denial);
}

function denialOf(
  cloud: Cloud,
  { region, id }: { region: string; id: string },
): Resource<NetworkAclDenialState> | undefined {
  return cloud.all(NetworkAclDenial, region).find(({ state }) => state.subnetIds.includes(id));
}

function checkSame({ region, state }: Resource<NetworkAclDenialState>, asked: DenyRequest): void {
  const words = (subnetIds: string[], blocks: string[]): string =>
    JSON.stringify([[...new Set(subnetIds)].sort(), [...new Set(blocks)].sort()]);
  if (region === asked.region && words(state.subnetIds, state.blocks) === words(asked.subnetIds, asked.blocks)) return;
  const message = `'${asked.id}' denies other blocks or other subnets already: allow it first, or choose another id.`;
  throw new AwsError("IdempotentParameterMismatch", message);
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
}

function missing(parameter: string): never {
  throw new AwsError("MissingParameter", `The request must contain the parameter ${parameter}`);
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

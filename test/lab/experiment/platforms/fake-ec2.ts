import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclCommand,
  DescribeNetworkAclsCommand,
  DescribeSubnetsCommand,
  type Filter,
  type NetworkAcl,
  type NetworkAclAssociation,
  type NetworkAclEntry,
  ReplaceNetworkAclAssociationCommand,
  type Subnet,
  type Tag,
} from "@aws-sdk/client-ec2";
import { containsCidr } from "cidr-tools";
import type { Ec2 } from "../../../../lab/experiment/platforms/network-acl-copies.ts";

/** A refusal by AWS, as the SDK throws it: the code is the error's name. */
class Refusal extends Error {
  constructor(code: string) {
    super(code);
    this.name = code;
  }
}

interface Acl extends NetworkAcl {
  NetworkAclId: string;
  VpcId: string | undefined;
  Associations: NetworkAclAssociation[];
  Entries: NetworkAclEntry[];
  Tags: Tag[];
}

const fallback = (Egress: boolean): NetworkAclEntry => ({
  ...{ CidrBlock: "0.0.0.0/0", Egress, Protocol: "-1", RuleAction: "deny", RuleNumber: 32_767 },
});
export const allowAll = (Egress: boolean): NetworkAclEntry => ({
  ...{ CidrBlock: "0.0.0.0/0", Egress, Protocol: "-1", RuleAction: "allow", RuleNumber: 100 },
});

/** As much of one region's EC2 as network ACLs need, with AWS's refusals; it answers copies, as a network does. */
export class FakeEc2 {
  readonly sent: { readonly constructor: { readonly name: string }; readonly input: object }[] = [];
  /** The process is gone after so many further requests, all of which AWS has carried out. */
  diesAfter = Infinity;
  /** Milliseconds until a subnet has another ACL, where AWS does not refuse it, which it does at once. */
  latency = 0;
  readonly #subnets: Subnet[] = [];
  readonly #acls = new Map<string, Acl>();
  readonly #tokens = new Map<string, string>();
  #made = 0;

  get client(): Ec2 {
    return { send: (command: never) => this.#send(command) };
  }

  /** An ACL with AWS's own last rules and those given. */
  acl(entries: readonly NetworkAclEntry[], Tags: Tag[] = [], VpcId: string | undefined = "vpc-1"): string {
    const NetworkAclId = `acl-${String(++this.#made)}`;
    const Entries = [...entries, fallback(false), fallback(true)];
    this.#acls.set(NetworkAclId, { NetworkAclId, VpcId, Associations: [], Entries, Tags });
    return NetworkAclId;
  }

  subnet(SubnetId: string, zone: string, NetworkAclId: string, tags: Readonly<Record<string, string>>): void {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    this.#subnets.push({ SubnetId, AvailabilityZone: zone, VpcId: this.#acl(NetworkAclId).VpcId, Tags });
    this.#associate(SubnetId, NetworkAclId);
  }

  /** Which ACL each subnet has, and the rules of all ACLs: what has to be the same afterwards. */
  state(): unknown {
    const acls = [...this.#acls.values()].map(({ Associations, ...acl }) => {
      return { ...acl, subnets: Associations.map(({ SubnetId }) => SubnetId).sort() };
    });
    return structuredClone(acls);
  }

  /** Whether a packet may cross the subnet's boundary: the lowest rule that matches decides. */
  lets(subnet: string, direction: "in" | "out", address: string, protocol = "6"): boolean {
    const acl = [...this.#acls.values()].find(({ Associations }) =>
      Associations.some((one) => one.SubnetId === subnet),
    );
    const rules = (acl?.Entries ?? [])
      .filter(({ Egress }) => Egress === (direction === "out"))
      .sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
    const rule = rules.find(
      ({ CidrBlock, Protocol }) =>
        CidrBlock !== undefined && containsCidr(CidrBlock, address) && ["-1", protocol].includes(Protocol ?? ""),
    );
    assert.ok(rule, `a rule for ${address} in ${subnet}`);
    return rule.RuleAction === "allow";
  }

  async #send(command: { readonly input: object }): Promise<unknown> {
    await Promise.resolve();
    if (this.diesAfter-- <= 0) throw new Error("the process is gone");
    this.sent.push(command);
    if (this.latency > 0 && this.#takesTime(command)) await sleep(this.latency);
    return structuredClone(this.#answer(command));
  }

  #answer(command: object): unknown {
    if (command instanceof DescribeSubnetsCommand) {
      const Subnets = this.#subnets.filter((subnet) =>
        fits(command.input.Filters, (name) => tagValues(name, subnet.Tags)),
      );
      return { Subnets };
    }
    if (command instanceof DescribeNetworkAclsCommand) {
      const NetworkAcls = [...this.#acls.values()].filter(({ Associations, Tags }) =>
        fits(command.input.Filters, (name) =>
          name === "association.subnet-id" ? Associations.map(({ SubnetId }) => SubnetId ?? "") : tagValues(name, Tags),
        ),
      );
      return { NetworkAcls };
    }
    if (command instanceof CreateNetworkAclCommand) return this.#create(command);
    if (command instanceof CreateNetworkAclEntryCommand) return this.#addEntry(command);
    if (command instanceof ReplaceNetworkAclAssociationCommand) return this.#replace(command);
    if (command instanceof DeleteNetworkAclCommand) return this.#delete(command);
    return assert.fail(`${command.constructor.name} is none of the requests that it may send`);
  }

  #takesTime(command: object): boolean {
    if (!(command instanceof ReplaceNetworkAclAssociationCommand)) return false;
    const known = [...this.#acls.values()].flatMap(({ Associations }) => Associations);
    return known.some((each) => each.NetworkAclAssociationId === command.input.AssociationId);
  }

  #create({ input: { ClientToken = "", VpcId, TagSpecifications } }: CreateNetworkAclCommand): unknown {
    assert.ok(ClientToken.length > 0 && ClientToken.length <= 64, `token "${ClientToken}"`);
    const before = this.#tokens.get(ClientToken);
    const [tags] = TagSpecifications ?? [];
    assert.equal(tags?.ResourceType, "network-acl");
    const id = before ?? this.acl([], tags.Tags ?? [], VpcId);
    this.#tokens.set(ClientToken, id);
    return { NetworkAcl: this.#acl(id) };
  }

  #addEntry({ input: { NetworkAclId, ...entry } }: CreateNetworkAclEntryCommand): unknown {
    const { Entries } = this.#acl(NetworkAclId);
    const { RuleNumber = 0, Egress } = entry;
    assert.ok(RuleNumber >= 1 && RuleNumber <= 32_766, `rule number ${String(RuleNumber)}`);
    const beside = Entries.filter((each) => each.Egress === Egress);
    if (beside.some((each) => each.RuleNumber === RuleNumber)) throw new Refusal("NetworkAclEntryAlreadyExists");
    const family = beside.filter((each) => (each.CidrBlock === undefined) === (entry.CidrBlock === undefined));
    if (family.length >= 20) throw new Refusal("NetworkAclEntryLimitExceeded");
    Entries.push(entry);
    return {};
  }

  #replace({ input: { AssociationId, NetworkAclId } }: ReplaceNetworkAclAssociationCommand): unknown {
    const wanted = this.#acl(NetworkAclId);
    for (const acl of this.#acls.values()) {
      const old = acl.Associations.find(({ NetworkAclAssociationId }) => NetworkAclAssociationId === AssociationId);
      if (old === undefined) continue;
      assert.equal(acl.VpcId, wanted.VpcId);
      acl.Associations = acl.Associations.filter((each) => each !== old);
      return { NewAssociationId: this.#associate(old.SubnetId ?? "", wanted.NetworkAclId) };
    }
    throw new Refusal("InvalidAssociationID.NotFound");
  }

  #delete({ input: { NetworkAclId } }: DeleteNetworkAclCommand): unknown {
    const { Associations, NetworkAclId: id } = this.#acl(NetworkAclId);
    if (Associations.length > 0) throw new Refusal("DependencyViolation");
    this.#acls.delete(id);
    return {};
  }

  #associate(SubnetId: string, NetworkAclId: string): string {
    const NetworkAclAssociationId = `aclassoc-${String(++this.#made)}`;
    this.#acl(NetworkAclId).Associations.push({ NetworkAclAssociationId, NetworkAclId, SubnetId });
    return NetworkAclAssociationId;
  }

  #acl(id = ""): Acl {
    const found = this.#acls.get(id);
    if (found === undefined) throw new Refusal("InvalidNetworkAclID.NotFound");
    return found;
  }
}

function tagValues(filter: string, tags: readonly Tag[] = []): string[] {
  const [, key] = /^tag:(.+)$/.exec(filter) ?? assert.fail(`filter ${filter}`);
  return tags.flatMap(({ Key, Value }) => (Key === key ? [Value ?? ""] : []));
}

/** All filters have to fit, each by one of its values, in which `?` is a letter and `*` any number of them. */
function fits(filters: readonly Filter[] = [], valuesOf: (name: string) => string[]): boolean {
  return filters.every(({ Name = "", Values = [] }) =>
    valuesOf(Name).some((value) => Values.some((pattern) => wildcard(pattern).test(value))),
  );
}

export function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

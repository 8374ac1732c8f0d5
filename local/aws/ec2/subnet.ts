import { cidr, contains, overlaps } from "../cidr.ts";
import { ACCOUNT_ID, ec2Arn } from "../cloud.ts";
import { AwsError, dependencyViolation } from "../errors.ts";
import { zonesOf } from "../regions.ts";
import type { Zone } from "../regions.ts";
import type { ResourceType } from "../resource.ts";
import { checkNetworkBlock } from "./cidr-check.ts";
import { subnetsOf, vpcById } from "./find.ts";
import { RouteTableAssociation, Subnet } from "./kinds.ts";
import type { SubnetState } from "./kinds.ts";
import { forgetSubnet } from "./network-acl.ts";
import { interfacesIn } from "./network-interface.ts";

type SubnetInputs = Omit<SubnetState, "arn" | "availabilityZone" | "availabilityZoneId"> & {
  availabilityZone?: string;
  availabilityZoneId?: string;
};

export const subnet: ResourceType<SubnetInputs, SubnetState> = {
  kind: Subnet,
  replaceOn: ["availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId", "region"],
  computed: ["availabilityZone", "availabilityZoneId"],
  defaults: {
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    enableResourceNameDnsAaaaRecordOnLaunch: false,
    enableResourceNameDnsARecordOnLaunch: false,
    ipv6Native: false,
    mapPublicIpOnLaunch: false,
  },
  check(inputs, refuse) {
    checkNetworkBlock(inputs, refuse);
    if (inputs["cidrBlock"] === undefined) refuse("cidrBlock", "one of `cidr_block,ipv6_native` must be specified");
    if (inputs["availabilityZone"] !== undefined && inputs["availabilityZoneId"] !== undefined) {
      refuse("availabilityZone", `"availability_zone": conflicts with availability_zone_id`);
    }
  },
  create(cloud, inputs, { region }) {
    const vpc = vpcById(cloud, region, inputs.vpcId);
    const block = cidr(inputs.cidrBlock);
    if (!contains(cidr(vpc.state.cidrBlock), block)) {
      throw new AwsError("InvalidSubnet.Range", `The CIDR '${inputs.cidrBlock}' is invalid.`);
    }
    if (subnetsOf(cloud, vpc.id).some(({ state }) => overlaps(cidr(state.cidrBlock), block))) {
      const message = `The CIDR '${inputs.cidrBlock}' conflicts with another subnet`;
      throw new AwsError("InvalidSubnet.Conflict", message);
    }
    const zone = chooseZone(region, inputs);
    const id = cloud.newId("subnet");
    const state = {
      ...inputs,
      arn: ec2Arn(region, `subnet/${id}`),
      availabilityZone: zone.name,
      availabilityZoneId: zone.id,
      ownerId: ACCOUNT_ID,
      privateDnsHostnameTypeOnLaunch: "ip-name",
    };
    return cloud.add(Subnet, { id, region, state });
  },
  delete(cloud, subnet) {
    const { id, region } = subnet;
    if (interfacesIn(cloud, id).length > 0) throw dependencyViolation("subnet", id);
    for (const association of cloud.all(RouteTableAssociation, region)) {
      if (association.state.subnetId === id) cloud.remove(association);
    }
    forgetSubnet(cloud, subnet);
  },
};

function chooseZone(region: string, inputs: SubnetInputs): Zone {
  const zones = zonesOf(region);
  const { availabilityZone: name, availabilityZoneId: id } = inputs;
  const zone = zones.find((candidate) => (name ? candidate.name === name : id ? candidate.id === id : true));
  if (zone) return zone;
  const parameter = name ? "availabilityZone" : "availabilityZoneId";
  const choices = zones.map((candidate) => (name ? candidate.name : candidate.id)).join(", ");
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${name ?? id ?? ""}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${choices}.`,
  );
}

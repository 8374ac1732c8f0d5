import type { Cloud } from "../cloud.ts";
import { ec2Arn } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import type { ResourceType } from "../resource.ts";
import { allocationById, attachedGateway, subnetById } from "./find.ts";
import { Eip, NatGateway } from "./kinds.ts";
import type { EipState, NatGatewayState } from "./kinds.ts";
import { NetworkInterface, addInterface, freePublicAddress } from "./network-interface.ts";

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const ADDRESSES_PER_REGION = 5;

export const eip: ResourceType<Partial<EipState> & Pick<EipState, "tagsAll" | "region">, EipState> = {
  kind: Eip,
  replaceOn: ["domain", "address", "publicIpv4Pool", "networkBorderGroup", "region"],
  computed: ["domain", "networkBorderGroup", "publicIpv4Pool"],
  setByOthers: ["networkInterface", "associationId"],
  check(inputs, refuse) {
    for (const name of ["instance", "networkInterface", "vpc"]) {
      if (inputs[name] !== undefined)
        refuse(name, `the local cloud attaches addresses to NAT gateways only, not by "${name}"`);
    }
  },
  create(cloud, inputs, { region }) {
    if (cloud.all(Eip, region).length >= ADDRESSES_PER_REGION) {
      throw new AwsError("AddressLimitExceeded", "The maximum number of addresses has been reached.");
    }
    const id = cloud.newId("eipalloc");
    const publicIp = freePublicAddress(cloud);
    const state: EipState & Record<string, unknown> = {
      domain: "vpc",
      networkBorderGroup: region,
      publicIpv4Pool: "amazon",
      ...inputs,
      arn: ec2Arn(region, `elastic-ip/${id}`),
      allocationId: id,
      publicIp,
      publicDns: `ec2-${publicIp.replaceAll(".", "-")}.${region}.compute.amazonaws.com`,
    };
    return cloud.add(Eip, { id, region, state });
  },
  delete(_cloud, { state }) {
    if (state.networkInterface) throw new AwsError("InvalidIPAddress.InUse", `Address ${state.publicIp} is in use.`);
  },
};

type NatInputs = Omit<NatGatewayState, "networkInterfaceId" | "publicIp" | "privateIp">;

export const natGateway: ResourceType<NatInputs, NatGatewayState> = {
  kind: NatGateway,
  replaceOn: ["allocationId", "connectivityType", "privateIp", "subnetId", "vpcId", "availabilityMode", "region"],
  computed: ["privateIp", "availabilityMode", "vpcId"],
  defaults: { connectivityType: "public" },
  words: { connectivityType: ["public", "private"] },
  check(inputs, refuse) {
    if (inputs["subnetId"] === undefined) refuse("subnetId", `"subnet_id" is required for zonal NAT gateways`);
    if (inputs["connectivityType"] === "public" && inputs["allocationId"] === undefined) {
      refuse("allocationId", `"allocation_id" is required when "connectivity_type" is "public"`);
    }
  },
  create(cloud, inputs, { region }) {
    const subnet = subnetById(cloud, region, inputs.subnetId);
    const address = inputs.allocationId ? freeAllocation(cloud, region, inputs.allocationId) : undefined;
    if (address && !attachedGateway(cloud, subnet.state.vpcId)) {
      const message = `Network ${subnet.state.vpcId} has no Internet gateway attached`;
      throw new AwsError("Gateway.NotAttached", message);
    }
    const id = cloud.newId("nat");
    const securityGroupIds: string[] = [];
    const eni = addInterface(cloud, {
      region,
      subnet,
      kind: "nat-gateway",
      owner: id,
      securityGroupIds,
      madeBy: "vpc",
    });
    if (address) {
      eni.state.publicIp = address.state.publicIp;
      Object.assign(address.state, { networkInterface: eni.id, associationId: cloud.newId("eipassoc") });
    }
    const { privateIp } = eni.state;
    const mapped = address && { publicIp: address.state.publicIp, associationId: address.state.associationId };
    const state = { ...inputs, networkInterfaceId: eni.id, privateIp, availabilityMode: "zonal", ...mapped };
    return cloud.add(NatGateway, { id, region, state });
  },
  delete(cloud, { state, region }) {
    cloud.remove({ type: NetworkInterface.token, region, id: state.networkInterfaceId });
    const address = state.allocationId ? cloud.find(Eip, region, state.allocationId) : undefined;
    delete address?.state.networkInterface;
    delete address?.state.associationId;
  },
};

function freeAllocation(cloud: Cloud, region: string, allocationId: string) {
  const address = allocationById(cloud, region, allocationId);
  if (address.state.networkInterface) {
    const message = `Elastic IP address [${allocationId}] is already associated`;
    throw new AwsError("Resource.AlreadyAssociated", message);
  }
  return address;
}

import type { Cloud } from "../cloud.ts";
import { ACCOUNT_ID, ec2Arn } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { kind } from "../resource.ts";
import type { Resource, ResourceType } from "../resource.ts";
import { attachedGateway, internetGatewayById, vpcById } from "./find.ts";
import { InternetGateway } from "./kinds.ts";
import type { InternetGatewayState } from "./kinds.ts";
import { NetworkInterface } from "./network-interface.ts";

export const internetGateway: ResourceType<Omit<InternetGatewayState, "arn">, InternetGatewayState> = {
  kind: InternetGateway,
  replaceOn: ["region"],
  computed: ["vpcId"],
  create(cloud, inputs, { region }) {
    if (inputs.vpcId) assertAttachable(cloud, region, inputs.vpcId);
    const id = cloud.newId("igw");
    const arn = ec2Arn(region, `internet-gateway/${id}`);
    return cloud.add(InternetGateway, {
      id,
      region,
      state: { ...inputs, arn, ownerId: ACCOUNT_ID } as InternetGatewayState,
    });
  },
  update(cloud, gateway, inputs, { region }) {
    if (!inputs.vpcId || inputs.vpcId === gateway.state.vpcId) return;
    assertDetachable(cloud, gateway);
    assertAttachable(cloud, region, inputs.vpcId);
  },
  /** The real provider detaches before it deletes. */
  delete(cloud, gateway) {
    assertDetachable(cloud, gateway);
  },
};

interface AttachmentState {
  internetGatewayId: string;
  vpcId: string;
  region: string;
}
const Attachment = kind<AttachmentState>("aws:ec2/internetGatewayAttachment:InternetGatewayAttachment");

export const internetGatewayAttachment: ResourceType<AttachmentState, AttachmentState> = {
  kind: Attachment,
  replaceOn: ["internetGatewayId", "vpcId", "region"],
  create(cloud, inputs, { region }) {
    const gateway = internetGatewayById(cloud, region, inputs.internetGatewayId);
    if (gateway.state.vpcId) {
      const message = `resource ${gateway.id} is already attached to network ${gateway.state.vpcId}`;
      throw new AwsError("Resource.AlreadyAssociated", message);
    }
    assertAttachable(cloud, region, inputs.vpcId);
    gateway.state.vpcId = inputs.vpcId;
    return cloud.add(Attachment, { id: `${gateway.id}:${inputs.vpcId}`, region, state: inputs });
  },
  delete(cloud, { state, region }) {
    const gateway = cloud.find(InternetGateway, region, state.internetGatewayId);
    if (!gateway) return;
    assertDetachable(cloud, gateway);
    delete gateway.state.vpcId;
  },
};

function assertAttachable(cloud: Cloud, region: string, vpcId: string): void {
  vpcById(cloud, region, vpcId);
  if (attachedGateway(cloud, vpcId)) {
    const message = `Network ${vpcId} already has an internet gateway attached`;
    throw new AwsError("InvalidParameterValue", message);
  }
}

function assertDetachable(cloud: Cloud, { state }: Resource<InternetGatewayState>): void {
  const mapped = cloud.all(NetworkInterface).some((eni) => eni.state.vpcId === state.vpcId && eni.state.publicIp);
  if (!state.vpcId || !mapped) return;
  throw new AwsError(
    "DependencyViolation",
    `Network ${state.vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
  );
}

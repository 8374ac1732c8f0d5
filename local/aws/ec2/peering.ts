import { cidr, overlaps } from "../cidr.ts";
import { ACCOUNT_ID } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { kind } from "../resource.ts";
import type { ResourceType } from "../resource.ts";
import { peeringById, vpcById } from "./find.ts";
import { Peering, Vpc } from "./kinds.ts";
import type { PeeringState } from "./kinds.ts";

type PeeringInputs = Omit<PeeringState, "acceptStatus" | "peerRegion"> & { peerRegion?: string; autoAccept?: boolean };

export const peering: ResourceType<PeeringInputs, PeeringState> = {
  kind: Peering,
  replaceOn: ["vpcId", "peerVpcId", "peerOwnerId", "peerRegion", "region"],
  computed: ["peerOwnerId", "peerRegion", "accepter", "requester"],
  setByOthers: ["acceptStatus"],
  check(inputs, refuse) {
    if (inputs["peerRegion"] !== undefined && inputs["autoAccept"] === true) {
      refuse(
        "autoAccept",
        `"peer_region" cannot be set whilst "auto_accept" is "true" when creating an EC2 VPC Peering Connection`,
      );
    }
  },
  create(cloud, inputs, { region }) {
    const peerRegion = inputs.peerRegion ?? region;
    const mine = vpcById(cloud, region, inputs.vpcId);
    const theirs = cloud.find(Vpc, peerRegion, inputs.peerVpcId);
    if (!theirs || theirs === mine || overlaps(cidr(mine.state.cidrBlock), cidr(theirs.state.cidrBlock))) {
      // AWS accepts the call and reports this as the reason of the state "failed", on which the real provider gives up.
      const why = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range";
      throw new AwsError(
        "UnexpectedState",
        `unexpected state 'failed', wanted target 'active, pending-acceptance'. last error: ${why}`,
      );
    }
    const acceptStatus = inputs.autoAccept ? "active" : "pending-acceptance";
    const state = { ...inputs, peerRegion, peerOwnerId: ACCOUNT_ID, acceptStatus } as PeeringState;
    return cloud.add(Peering, { id: cloud.newId("pcx"), region, state });
  },
  /** Setting autoAccept later accepts a peering inside the region. */
  update(_cloud, { state, region }, inputs) {
    if (inputs.autoAccept && state.peerRegion === region) state.acceptStatus = "active";
  },
};

interface AccepterState {
  vpcPeeringConnectionId: string;
  autoAccept?: boolean;
  region: string;
}
const Accepter = kind<AccepterState>("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter");

export const peeringAccepter: ResourceType<AccepterState, AccepterState> = {
  kind: Accepter,
  replaceOn: ["vpcPeeringConnectionId", "region"],
  create(cloud, inputs, { region }) {
    const { id, region: requesterRegion, state } = peeringById(cloud, region, inputs.vpcPeeringConnectionId);
    if (region !== state.peerRegion) {
      const message = `Cannot accept VPC peering connection ${id} in region ${region}: its accepter is in ${state.peerRegion}`;
      throw new AwsError("OperationNotPermitted", message);
    }
    if (inputs.autoAccept) state.acceptStatus = "active";
    const computed = {
      acceptStatus: state.acceptStatus,
      vpcId: state.peerVpcId,
      peerVpcId: state.vpcId,
      peerRegion: requesterRegion,
      peerOwnerId: ACCOUNT_ID,
    };
    return cloud.add(Accepter, { id, region, state: { ...inputs, ...computed } });
  },
  update(cloud, { region }, inputs) {
    if (inputs.autoAccept) peeringById(cloud, region, inputs.vpcPeeringConnectionId).state.acceptStatus = "active";
  },
};

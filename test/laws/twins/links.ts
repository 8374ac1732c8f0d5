import type * as laws from "../../../policy/laws/links.ts";
import { withInputs } from "../mistakes.ts";
import { cluster, group, without, type Twins } from "./twin.ts";

const oneNetwork = "stacks/multi-primary-one-network.yaml";

const accepter = {
  stack: oneNetwork,
  name: "east-west-link",
  type: "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
};

export const twins: Twins<typeof laws> = {
  peeringsAreAccepted: [
    { ...accepter, change: withInputs({ autoAccept: false }), about: /east-west-link is not accepted/ },
    {
      ...accepter,
      change: (_, graph) => ({ provider: graph.named("lab-us-east-1").urn }),
      about: /east-west-link is not accepted/,
    },
  ],
  everyRouteTableKnowsThePeers: [
    {
      stack: oneNetwork,
      name: "east-west-link-west-public",
      change: withInputs({ destinationCidrBlock: "10.30.0.0/16" }),
      about: /west-network-public has no route to 10\.10\.0\.0/,
    },
  ],
  podsShowTheirAddressesToPeers: [{ ...cluster, stack: oneNetwork, change: withInputs({ vpcCniOptions: {} }) }],
  linksOutliveNodes: [
    { ...group, stack: oneNetwork, change: without("east-west-link-east-public"), about: /may outlive .*link-east/ },
    { ...group, stack: oneNetwork, change: without("east-west-link-west-public"), about: /may outlive .*link-west/ },
  ],
  oneNetworkAdmitsItsPods: [
    {
      stack: oneNetwork,
      name: "east-from-west",
      change: withInputs({ cidrIpv4: "10.30.0.0/16" }),
      about: /does not admit pods of west/,
    },
    {
      stack: oneNetwork,
      name: "east-from-west",
      change: withInputs({ ipProtocol: "tcp", fromPort: 443, toPort: 443 }),
      about: /does not admit pods of west/,
    },
  ],
};

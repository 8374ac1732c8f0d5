import type * as laws from "../../../policy/laws/private.ts";
import { withInputs } from "../mistakes.ts";
import { cluster, service, type Twins } from "./twin.ts";

const closed = "stacks/private.yaml";

export const twins: Twins<typeof laws> = {
  privateNodesReachOut: [
    {
      stack: closed,
      name: "east-network-nat",
      type: "aws:ec2/route:Route",
      change: () => ({ propertyDeps: {} }),
      about: /no lasting way out of east-network-private-a/,
    },
  ],
  readersReachTheApi: [
    { ...cluster, stack: closed, change: () => ({ propertyDeps: {} }) },
    { ...cluster, stack: closed, change: withInputs({ endpointPublicAccess: false }) },
  ],
  internalGatewaysAreReached: [
    { ...service, stack: closed, change: withInputs({ spec: { loadBalancerSourceRanges: ["10.30.0.0/16"] } }) },
    {
      stack: closed,
      name: "east-west-link",
      type: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
      change: () => ({ propertyDeps: {} }),
      about: /east-east-west is not reached from west/,
    },
  ],
};

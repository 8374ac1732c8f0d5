import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dependencies } from "./in-cluster.ts";
import type { Network } from "./network.ts";
import type { Tags } from "./tags.ts";

/** One side of a link. */
export interface LinkEnd {
  /** Whose network it is. */
  readonly cluster: string;
  readonly region: string;
  readonly network: Network;
  /** The provider of that region. */
  readonly provider: aws.Provider;
}

export interface NetworkLinkArgs {
  readonly requester: LinkEnd;
  readonly accepter: LinkEnd;
  readonly tags: Tags;
}

/**
 * A way between two VPCs by which pods of one reach addresses of the other as they are: what makes a
 * [single network](https://istio.io/latest/docs/ops/deployment/deployment-models/#single-network) of several clusters,
 * or leads to east-west gateways that are not on the internet.
 *
 * Creates: a VPC peering, its acceptance in the other region, a route in every route table of both sides.
 * Cost: nothing per hour; between two regions of the United States $0.02 per GB, $0.01 for some.
 * Defaults: none.
 * Leaves out: what security groups admit and which addresses pods show, which each cluster says of itself; names of
 * instances across the peering; transit gateways. One link joins two VPCs and no third one: peering is not transitive.
 */
export class NetworkLink extends pulumi.ComponentResource {
  /** Names of its two clusters. */
  readonly joins: readonly string[];
  /** What both sides need before packets travel, and as long as anybody sends some. */
  readonly connected: Dependencies;

  constructor(name: string, { requester, accepter, tags }: NetworkLinkArgs, opts: pulumi.ComponentResourceOptions) {
    super("istio-lab:aws:NetworkLink", name, {}, opts);
    const named = { ...tags, Name: name };
    const peering = new aws.ec2.VpcPeeringConnection(
      name,
      {
        vpcId: requester.network.vpcId,
        peerVpcId: accepter.network.vpcId,
        peerRegion: accepter.region,
        tags: named,
      },
      { parent: this, provider: requester.provider },
    );
    // Another region's VPC cannot be accepted for: its own region has to.
    const acceptance = new aws.ec2.VpcPeeringConnectionAccepter(
      name,
      { vpcPeeringConnectionId: peering.id, autoAccept: true, tags: named },
      { parent: this, provider: accepter.provider },
    );
    const routes = (from: LinkEnd, to: LinkEnd): aws.ec2.Route[] =>
      from.network.routeTables.map(
        ({ key, id }) =>
          new aws.ec2.Route(
            `${name}-${from.cluster}-${key}`,
            { routeTableId: id, destinationCidrBlock: to.network.cidr, vpcPeeringConnectionId: peering.id },
            { parent: this, provider: from.provider, dependsOn: [acceptance] },
          ),
      );
    this.joins = [requester.cluster, accepter.cluster];
    this.connected = [...routes(requester, accepter), ...routes(accepter, requester)];
    this.registerOutputs({});
  }
}

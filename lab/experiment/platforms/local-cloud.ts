import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { LabOutputs } from "../../../topology/outputs.ts";
import { callLocalCloud } from "../../stack/local-cloud.ts";
import type { Cut, Json, Platform } from "./platform.ts";
import { blocksToCut, eksClusterOf, subnetsToCut } from "./target.ts";

export interface LocalCloudOptions {
  readonly clusters: LabOutputs["clusters"];
  /** Where the local cloud's daemon listens. */
  readonly socket: string;
}

/** The body of `POST /network-acls/deny`. */
const preparedCut = z.object({
  id: z.string(),
  region: z.string(),
  subnetIds: z.array(z.string()),
  blocks: z.array(z.string()),
});

/** As much of `GET /ledger` as is read here. */
const ledgerShape = z.object({
  clusters: z.array(z.object({ name: z.string(), region: z.string(), vpcId: z.string() })),
  subnets: z.array(z.object({ id: z.string(), vpcId: z.string(), zone: z.string() })),
  networkAclDenials: z.array(z.object({ id: z.string(), subnetIds: z.array(z.string()) })),
});

/** The local cloud, whose daemon puts network ACLs in front of subnets when it is told to. */
export function localCloud({ clusters, socket }: LocalCloudOptions): Platform {
  return {
    name: "local cloud",
    oneClock: true,
    async prepare(cut): Promise<Json> {
      const { eksName, region } = eksClusterOf(clusters, cut);
      const blocks = blocksToCut(cut);
      const ledger = ledgerShape.parse(await callLocalCloud(socket, "GET", "/ledger"));
      const cluster = ledger.clusters.find((each) => each.name === eksName && each.region === region);
      if (cluster === undefined) {
        throw new Error(
          `The local cloud at ${socket} has no cluster ${eksName} in ${region}, which the stack says is "${cut.cluster}". ` +
            "Is it the cloud in which the stack is up? ISTIO_LAB_RUN says which one is asked.",
        );
      }
      // Those of the whole VPC: a cluster's own list leaves out the private ones, in which its nodes may be.
      const subnets = subnetsToCut(
        cut,
        ledger.subnets.filter(({ vpcId }) => vpcId === cluster.vpcId),
      );
      const subnetIds = subnets.map(({ id }) => id);
      refuseSecond(cut, subnetIds, ledger);
      return { id: `${cut.cluster}-${randomUUID()}`, region, subnetIds, blocks };
    },
    async cut(prepared) {
      await callLocalCloud(socket, "POST", "/network-acls/deny", preparedCut.parse(prepared));
    },
    async mend(prepared) {
      const { id } = preparedCut.parse(prepared);
      await callLocalCloud(socket, "POST", "/network-acls/allow", { id });
    },
  };
}

function refuseSecond(
  { says }: Cut,
  subnetIds: readonly string[],
  { networkAclDenials }: z.infer<typeof ledgerShape>,
): void {
  const other = networkAclDenials.find((denial) => denial.subnetIds.some((id) => subnetIds.includes(id)));
  if (other === undefined) return;
  throw new Error(`"${says}" cannot be done: subnets of it are cut already, by ${other.id}. Mend that first.`);
}

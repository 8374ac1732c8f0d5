/** Node groups of the local cloud, whose ledger is told as Pulumi's provider tells it. */
import * as z from "zod";
import { callLocalCloud } from "../stack/local-cloud.ts";
import type { NodeGroups } from "./node-groups.ts";

const type = "aws:eks/nodeGroup:NodeGroup";

const listed = z.array(z.object({ type: z.string(), id: z.string(), region: z.string(), state: z.unknown() }));
const state = z.object({
  clusterName: z.string(),
  nodeGroupName: z.string(),
  status: z.string(),
  scalingConfig: z.object({ minSize: z.number(), desiredSize: z.number(), maxSize: z.number() }),
});
const held = z.object({ inputs: z.record(z.string(), z.unknown()) });

/** @param socket where the daemon listens */
export function ledgerNodeGroups(socket: string): NodeGroups {
  return {
    async of({ cluster, eksName, region }) {
      const all = listed.parse(await callLocalCloud(socket, "GET", "/resources"));
      return all
        .filter((each) => each.type === type && each.region === region)
        .map((each) => state.parse(each.state))
        .filter(({ clusterName }) => clusterName === eksName)
        .map(
          ({ nodeGroupName: name, status, scalingConfig: { minSize: min, desiredSize: desired, maxSize: max } }) => ({
            ...{ cluster, eksName, region, name, status },
            scaling: { min, desired, max },
          }),
        );
    },
    async scale({ eksName, name, region }, { min, desired, max }) {
      const id = `${eksName}:${name}`;
      const { inputs } = held.parse(await callLocalCloud(socket, "POST", "/aws/read", { type, id, region }));
      const scalingConfig = { minSize: min, desiredSize: desired, maxSize: max };
      await callLocalCloud(socket, "POST", "/aws/update", { type, id, region, inputs: { ...inputs, scalingConfig } });
    },
  };
}

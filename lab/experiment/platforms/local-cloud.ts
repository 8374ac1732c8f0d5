import { randomUUID } from "node:crypto";
import { request } from "node:http";
import * as z from "zod";
import type { LabOutputs } from "../../../topology/outputs.ts";
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
      const ledger = ledgerShape.parse(await call(socket, "GET", "/ledger"));
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
      await call(socket, "POST", "/network-acls/deny", preparedCut.parse(prepared));
    },
    async mend(prepared) {
      const { id } = preparedCut.parse(prepared);
      await call(socket, "POST", "/network-acls/allow", { id });
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

/** Asks the daemon, and answers its JSON. */
function call(socketPath: string, method: "GET" | "POST", path: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, path, method, headers: { "content-type": "application/json" }, agent: false };
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`The local cloud refuses ${method} ${path}: ${refusal(text)}`));
      });
    });
    asked.on("error", ({ message }) => {
      const help = "`npm run local -- status` says what runs";
      reject(new Error(`The local cloud does not answer at ${socketPath} (${message}): ${help}.`));
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** AWS's code and words, which the daemon answers as JSON. */
function refusal(text: string): string {
  try {
    const { code, message } = z.object({ code: z.string(), message: z.string() }).parse(JSON.parse(text));
    return `${code}: ${message}`;
  } catch {
    return text;
  }
}

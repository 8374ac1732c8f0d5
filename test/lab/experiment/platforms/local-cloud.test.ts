import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localCloud } from "../../../../lab/experiment/platforms/local-cloud.ts";
import type { Cut, Json } from "../../../../lab/experiment/platforms/platform.ts";
import type { ClusterRecord, LedgerSnapshot } from "../../../../local/aws/snapshot.ts";
import { eksOutputs } from "./outputs.ts";

/** As much of `GET /ledger` as the daemon is asked for, in its own types. */
interface Ledger extends Pick<LedgerSnapshot, "subnets" | "networkAclDenials"> {
  clusters: Pick<ClusterRecord, "name" | "region" | "vpcId">[];
}

interface Asked {
  readonly route: string;
  readonly body: unknown;
}

const cut: Cut = { cluster: "east", blocks: ["198.19.0.7/32"], says: "partition" };

describe("cutting networks of the local cloud", () => {
  let folder: string;
  let socket: string;
  let server: Server;
  let asked: Asked[];
  let ledger: Ledger;
  let refusal: object | string | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "lab-"));
    socket = join(folder, "cloud.sock");
    asked = [];
    refusal = undefined;
    const subnet = (id: string, vpcId: string, zone: string) => ({
      ...{ id, region: zone.slice(0, -1), vpcId, zone, cidr: "10.0.0.0/20", gatewayIp: "10.0.0.1" },
      ...{ mapPublicIpOnLaunch: true, routeTableId: "rtb-1", tags: {} },
    });
    ledger = {
      clusters: [
        { name: "east-eks-1a2b3c4", region: "us-west-2", vpcId: "vpc-other" },
        { name: "east-eks-1a2b3c4", region: "us-east-1", vpcId: "vpc-east" },
      ],
      subnets: [
        ...[subnet("subnet-b", "vpc-east", "us-east-1b"), subnet("subnet-c", "vpc-east", "us-east-1c")],
        ...[subnet("subnet-private-b", "vpc-east", "us-east-1b"), subnet("subnet-other", "vpc-other", "us-west-2a")],
      ],
      networkAclDenials: [],
    };
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const route = `${request.method ?? ""} ${request.url ?? ""}`;
        asked.push({ route, body: text === "" ? undefined : JSON.parse(text) });
        const refused = refusal !== undefined && request.method === "POST";
        const answer = refused ? refusal : route === "GET /ledger" ? ledger : null;
        response.writeHead(refused ? 400 : 200).end(typeof answer === "string" ? answer : JSON.stringify(answer));
      });
    }).listen(socket);
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const platform = () => localCloud({ clusters: eksOutputs().clusters, socket });
  /** As another process finds it in the journal. */
  const journaled = (prepared: Json): Json => JSON.parse(JSON.stringify(prepared)) as Json;

  it("prepares with a look at the ledger alone", async () => {
    const prepared = (await platform().prepare(cut)) as { id: string };
    assert.match(prepared.id, /^east-[0-9a-f-]{36}$/);
    assert.deepEqual(prepared, {
      id: prepared.id,
      region: "us-east-1",
      subnetIds: ["subnet-b", "subnet-c", "subnet-private-b"],
      blocks: ["198.19.0.7/32"],
    });
    assert.deepEqual(asked, [{ route: "GET /ledger", body: undefined }]);
    assert.notEqual(((await platform().prepare(cut)) as { id: string }).id, prepared.id);
  });

  it("takes the subnets of the zones that are named", async () => {
    const { subnetIds } = (await platform().prepare({ ...cut, zones: ["us-east-1b"] })) as { subnetIds: string[] };
    assert.deepEqual(subnetIds, ["subnet-b", "subnet-private-b"]);
    await assert.rejects(platform().prepare({ ...cut, zones: ["us-west-2a"] }), /none in us-west-2a/);
  });

  it("denies what was prepared, and allows it again by its id, from the journal", async () => {
    const prepared = await platform().prepare(cut);
    asked = [];
    await platform().cut(journaled(prepared));
    await platform().mend(journaled(prepared));
    assert.deepEqual(asked, [
      { route: "POST /network-acls/deny", body: prepared },
      { route: "POST /network-acls/allow", body: { id: (prepared as { id: string }).id } },
    ]);
  });

  it("refuses a second cut of a subnet before it changes anything", async () => {
    const other = {
      id: "east-1",
      region: "us-east-1",
      vpcId: "vpc-east",
      subnetIds: ["subnet-c"],
      blocks: ["10.0.0.0/8"],
    };
    ledger.networkAclDenials = [other];
    await assert.rejects(platform().prepare(cut), {
      message: '"partition" cannot be done: subnets of it are cut already, by east-1. Mend that first.',
    });
    await platform().prepare({ ...cut, zones: ["us-east-1b"] });
  });

  it("says which cloud it asked for a cluster that is not there", async () => {
    ledger.clusters.pop();
    await assert.rejects(platform().prepare(cut), /cloud\.sock has no cluster east-eks-1a2b3c4 in us-east-1/);
  });

  it("says why the cloud refuses, in AWS's words, and that nobody answers", async () => {
    const prepared = await platform().prepare(cut);
    refusal = { code: "InvalidSubnetID.NotFound", message: "The subnet ID 'subnet-b' does not exist" };
    await assert.rejects(platform().cut(prepared), {
      message:
        "The local cloud refuses POST /network-acls/deny: InvalidSubnetID.NotFound: The subnet ID 'subnet-b' does not exist",
    });
    refusal = "not JSON";
    await assert.rejects(platform().mend(prepared), /refuses POST \/network-acls\/allow: not JSON$/);
    server.close();
    rmSync(socket, { force: true });
    await assert.rejects(
      platform().cut(prepared),
      /does not answer at .*cloud\.sock \(.*ENOENT.*npm run local -- status/,
    );
  });

  it("takes nothing for prepared that it did not prepare", async () => {
    await assert.rejects(platform().cut({ id: "east-1" }));
    await assert.rejects(platform().mend(null));
    assert.deepEqual(asked, []);
  });
});

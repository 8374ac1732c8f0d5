import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import dns from "node:dns/promises";
import { once } from "node:events";
import { cutFrom } from "../../../../lab/experiment/faults/cut.ts";
import { kindOf } from "../../../../lab/experiment/faults/kinds.ts";
import type { Cut } from "../../../../lab/experiment/platforms/platform.ts";
import { fakeLab } from "../fake-lab.ts";

const addresses: Readonly<Record<string, readonly string[]>> = {
  "api.west.test": ["192.0.2.9", "192.0.2.3"],
  "gateway.west.test": ["192.0.2.3", "192.0.2.4"],
};

/** Answers a query of A records: https://www.rfc-editor.org/rfc/rfc1035#section-4 */
function answerTo(query: Buffer): Buffer {
  const end = query.indexOf(0, 12);
  const labels: string[] = [];
  for (let at = 12; at < end; at += 1 + (query[at] ?? 0))
    labels.push(query.toString("latin1", at + 1, at + 1 + (query[at] ?? 0)));
  // Whoever asks may vary the letters' case: https://www.ietf.org/archive/id/draft-vixie-dnsext-dns0x20-00.txt
  const found = addresses[labels.join(".").toLowerCase()] ?? [];
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, found.length, 0, 0, 0, 0]);
  const answers = found.map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]),
  );
  return Buffer.concat([header, query.subarray(12, end + 5), ...answers]);
}

/** A lab whose outputs say this of the other cluster, and what it is asked to cut. */
function labWith(west: object) {
  const asked: Cut[] = [];
  const lab = fakeLab({
    prepare: (cut) => {
      asked.push(cut);
      return Promise.resolve({ says: cut.says });
    },
  });
  return { lab: { ...lab, outputs: { ...lab.outputs, clusters: { west } } } as unknown as typeof lab, asked };
}

describe("a cluster that does not reach another", () => {
  const fault = cutFrom("east", "west", ["api-server", "east-west"]);
  const usual = dns.getServers();
  let server: Socket;

  before(async () => {
    server = createSocket("udp4", (query, { port, address }) => {
      server.send(answerTo(query), port, address);
    });
    server.bind(0, "127.0.0.1");
    await once(server, "listening");
    dns.setServers([`127.0.0.1:${String(server.address().port)}`]);
  });
  after(() => {
    dns.setServers(usual);
    server.close();
  });

  it("loses every address of the other's API server and gateway, each once, and gets them back", async () => {
    const { lab, asked } = labWith({ apiServer: "https://api.west.test:6443", eastWestHostname: "gateway.west.test" });
    const found = await kindOf(fault).prepare(lab, fault);
    const blocks = ["192.0.2.3/32", "192.0.2.4/32", "192.0.2.9/32"];
    assert.deepEqual(asked, [
      { cluster: "east", blocks, says: "east does not reach api-server and east-west of west" },
    ]);
    await kindOf(fault).inject(lab, fault, found, () => undefined);
    assert.deepEqual([...lab.cuts], [found]);
    await kindOf(fault).remove(lab, fault, found);
    assert.equal(lab.cuts.size, 0);
  });

  it("is not cut off where the lab does not say what is to be lost", async () => {
    const { lab, asked } = labWith({ apiServer: "https://api.west.test:6443" });
    await assert.rejects(kindOf(fault).prepare(lab, fault), /outputs name no east-west of west/);
    assert.deepEqual(asked, []);
  });
});

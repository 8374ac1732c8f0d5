import "./own-world.ts";
import assert from "node:assert/strict";
import { decode, encode } from "dns-packet";
import type { DecodedPacket } from "dns-packet";
import type { DnsRecord } from "../../aws/runtime.ts";
import { answer, viewOf } from "../../cloud/dns.ts";
import { emptySnapshot } from "../../cloud/world.ts";

const host = "ABC.gr7.us-east-1.eks.amazonaws.com";
const dns: DnsRecord[] = [
  { name: host, vpcId: "vpc-1", addresses: ["10.1.0.10", "10.1.1.10"], ttl: 60 },
  { name: host, addresses: ["198.18.1.1"], ttl: 60 },
  { name: "ip-10-1-0-5.us-east-1.compute.internal", vpcId: "vpc-1", addresses: ["10.1.0.5"], ttl: 60 },
];
const snapshot = { ...emptySnapshot, dns };

/** The answer as it goes over the wire. */
function ask(name: string, vpcId?: string, type: "A" | "AAAA" = "A"): DecodedPacket {
  const query = decode(encode({ type: "query", id: 7, questions: [{ type, name }] }));
  return decode(encode(answer(viewOf(snapshot, vpcId), query)));
}

function addresses(packet: DecodedPacket): unknown[] {
  return (packet.answers ?? []).map((record) => ("data" in record ? record.data : undefined));
}

describe("DNS", () => {
  it("answers by view: a VPC's own record hides the public one", () => {
    assert.deepEqual(addresses(ask(host, "vpc-1")), ["10.1.0.10", "10.1.1.10"]);
    assert.deepEqual(addresses(ask(host, "vpc-2")), ["198.18.1.1"]);
    assert.deepEqual(addresses(ask(host)), ["198.18.1.1"]);
  });

  it("knows no private name outside the VPC, and says so", () => {
    const name = "ip-10-1-0-5.us-east-1.compute.internal";
    assert.deepEqual(addresses(ask(name, "vpc-1")), ["10.1.0.5"]);
    assert.equal((ask(name) as { rcode?: string }).rcode, "NXDOMAIN");
  });

  it("ignores case, keeps the record's TTL and the query's id", () => {
    const packet = ask(host.toLowerCase());
    assert.equal(packet.id, 7);
    assert.equal((packet.answers?.[0] as { ttl?: number }).ttl, 60);
  });

  it("has no IPv6 address for a known name, which is not an unknown name", () => {
    const packet = ask(host, undefined, "AAAA");
    assert.deepEqual([packet.answers?.length, (packet as { rcode?: string }).rcode], [0, "NOERROR"]);
  });
});

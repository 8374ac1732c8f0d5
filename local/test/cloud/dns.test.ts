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
const canonicalNames = [
  {
    name: "www.lab.example",
    ttl: 10,
    targets: [
      { host: host.toLowerCase(), weight: 100 },
      { host: "gone.elb.amazonaws.com", weight: 100 },
    ],
  },
];
const snapshot = { ...emptySnapshot, dns, canonicalNames };

/** The answer as it goes over the wire. */
function ask(name: string, vpcId?: string, type: "A" | "AAAA" | "CNAME" = "A", draw = 0): DecodedPacket {
  const query = decode(encode({ type: "query", id: 7, questions: [{ type, name }] }));
  return decode(encode(answer(viewOf(snapshot, vpcId), query, () => draw)));
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

  it("follows a canonical name in the same view, each with its own TTL", () => {
    const packet = ask("WWW.lab.example");
    assert.deepEqual(
      packet.answers?.map((record) => [record.type, record.name, (record as { ttl: number }).ttl]),
      [
        ["CNAME", "WWW.lab.example", 10],
        ["A", host.toLowerCase(), 60],
      ],
    );
    assert.deepEqual(addresses(packet), [host.toLowerCase(), "198.18.1.1"]);
    assert.deepEqual(addresses(ask("www.lab.example", "vpc-1")).slice(1), ["10.1.0.10", "10.1.1.10"]);
    assert.deepEqual(addresses(ask("www.lab.example", undefined, "CNAME")), [host.toLowerCase()]);
  });

  it("chooses one target for each answer, by weight, and says so when that one has no address", () => {
    assert.deepEqual(addresses(ask("www.lab.example", undefined, "A", 0.49))[0], host.toLowerCase());
    const gone = ask("www.lab.example", undefined, "A", 0.51);
    assert.deepEqual(addresses(gone), ["gone.elb.amazonaws.com"]);
    assert.equal((gone as { rcode?: string }).rcode, "NXDOMAIN");
  });
});

import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { AUTHORITATIVE_ANSWER, RECURSION_AVAILABLE, decode, encode, streamEncode } from "dns-packet";
import type { Answer, DecodedPacket } from "dns-packet";
import type { CanonicalNameRecord, DnsRecord, LedgerSnapshot } from "../aws/runtime.ts";
import { resolverPort, vpcSlots } from "./network/addresses.ts";

const nameError = 3;

/** Names of one view in lower case: those with addresses, and those that stand for others. */
interface View {
  addresses: Map<string, DnsRecord>;
  canonicalNames: Map<string, CanonicalNameRecord>;
}

/**
 * What a VPC's resolver (or, without vpcId, the public DNS) knows. A VPC's own record hides the public one of the same
 * name, as a private hosted zone does.
 */
export function viewOf(snapshot: LedgerSnapshot, vpcId?: string): View {
  const visible = snapshot.dns.filter((record) => record.vpcId === undefined || record.vpcId === vpcId);
  // Own records come last and win.
  visible.sort((a, b) => Number(a.vpcId !== undefined) - Number(b.vpcId !== undefined));
  return {
    addresses: new Map(visible.map((record) => [record.name.toLowerCase(), record])),
    canonicalNames: new Map(snapshot.canonicalNames.map((record) => [record.name, record])),
  };
}

/**
 * The answer to one query: A records, with a CNAME before them where the name stands for another; nothing for other
 * types of a known name, NXDOMAIN for an unknown name.
 */
export function answer(view: View, query: DecodedPacket, draw = Math.random): Parameters<typeof encode>[0] {
  const question = query.questions?.[0];
  const name = question?.name ?? "";
  const canonical = view.canonicalNames.get(name.toLowerCase());
  const target = canonical && chosen(canonical, draw());
  const record = view.addresses.get((target ?? name).toLowerCase());
  const alias: Answer[] =
    canonical && target !== undefined ? [{ type: "CNAME", name, ttl: canonical.ttl, data: target }] : [];
  const addresses: Answer[] = (question?.type === "A" ? (record?.addresses ?? []) : []).map((data) => {
    return { type: "A", name: target ?? name, ttl: record?.ttl ?? 0, data };
  });
  const known = record !== undefined || (question?.type === "CNAME" && canonical !== undefined);
  return {
    type: "response",
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | ((query.flags ?? 0) & 0x0100) | (known ? 0 : nameError),
    questions: query.questions ?? [],
    answers: [...alias, ...addresses],
  };
}

/** One target, by weight; `draw` lies between 0 and 1. Where all weigh nothing, all weigh the same. */
function chosen({ targets }: CanonicalNameRecord, draw: number): string | undefined {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  const weightOf = (weight: number): number => (total === 0 ? 1 / targets.length : weight / total);
  let rest = draw;
  return (targets.find(({ weight }) => (rest -= weightOf(weight)) < 0) ?? targets.at(-1))?.host;
}

/** A DNS server with a port per view: 53 for the internet, one per VPC for its AmazonProvidedDNS. */
export class DnsServer {
  #snapshot: LedgerSnapshot;
  readonly #address: string;
  readonly #open = new Map<number, { udp: Socket; tcp: Server }>();

  constructor(address: string, snapshot: LedgerSnapshot) {
    this.#address = address;
    this.#snapshot = snapshot;
  }

  /** Answers from this snapshot on; opens and closes ports as VPCs come and go. */
  async update(snapshot: LedgerSnapshot): Promise<void> {
    this.#snapshot = snapshot;
    const slots = vpcSlots(snapshot.vpcs.map(({ id }) => id));
    const ports = new Map<number, string | undefined>([[53, undefined]]);
    for (const [vpcId, slot] of slots) ports.set(resolverPort(slot), vpcId);
    for (const [port, sockets] of this.#open) {
      if (ports.has(port)) continue;
      close(sockets);
      this.#open.delete(port);
    }
    for (const [port, vpcId] of ports) {
      if (!this.#open.has(port)) this.#open.set(port, await this.#listen(port, vpcId));
    }
  }

  async #listen(port: number, vpcId: string | undefined): Promise<{ udp: Socket; tcp: Server }> {
    const respond = (message: Buffer): Parameters<typeof encode>[0] =>
      answer(viewOf(this.#snapshot, vpcId), decode(message));
    const udp = createSocket("udp4");
    udp.on("message", (message, from) => {
      try {
        udp.send(encode(respond(message)), from.port, from.address);
      } catch {
        // Not DNS: no answer.
      }
    });
    const tcp = createServer((socket) => {
      let received = Buffer.alloc(0);
      socket.on("error", () => socket.destroy());
      socket.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
        try {
          socket.end(streamEncode(respond(received.subarray(2))));
        } catch {
          socket.destroy();
        }
      });
    });
    await new Promise<void>((resolve, reject) => {
      udp.once("error", reject);
      udp.bind(port, this.#address, resolve);
    });
    await new Promise<void>((resolve, reject) => {
      tcp.once("error", reject);
      tcp.listen(port, this.#address, resolve);
    });
    return { udp, tcp };
  }

  close(): void {
    for (const sockets of this.#open.values()) close(sockets);
    this.#open.clear();
  }
}

function close({ udp, tcp }: { udp: Socket; tcp: Server }): void {
  udp.close();
  tcp.close();
}

import assert from "node:assert/strict";
import { contains } from "../../cloud/network/addresses.ts";

/** A packet at one hook, with what the kernel knows about it there. */
export interface Packet {
  saddr: string;
  daddr: string;
  iifname?: string;
  oifname?: string;
  l4proto?: string;
  sport?: number;
  dport?: number;
  /** The connection's two tuples, as far as asked for. */
  original?: { saddr?: string; daddr?: string };
  reply?: { saddr?: string; daddr?: string };
}

/** The lines of one chain of a table, without its hook; undefined when there is no such chain. */
export function rulesOf(table: readonly string[], name: string): string[] | undefined {
  const start = table.indexOf(`chain ${name} {`);
  if (start === -1) return undefined;
  const lines = table.slice(start + 1, table.indexOf("}", start)).map((line) => line.trim());
  return lines.filter((line) => !line.startsWith("type "));
}

/** What the first matching rule says: as much of nftables as chains without jumps and sets need. */
export function verdict(rules: readonly string[], packet: Packet): "drop" | "pass" {
  for (const rule of rules) {
    const words = rule.match(/\{[^}]*\}|"[^"]*"|\S+/g) ?? [];
    const last = words.pop();
    assert.ok(last === "drop" || last === "return", `"${rule}" ends in a verdict`);
    if (matches(words, packet)) return last === "drop" ? "drop" : "pass";
  }
  return "pass";
}

function matches(words: string[], packet: Packet): boolean {
  for (let at = 0; at < words.length;) {
    const keys = ["ct", "ip", "meta", "th"].includes(words[at] ?? "") ? (words[at] === "ct" ? 4 : 2) : 1;
    const key = words.slice(at, at + keys).join(" ");
    at += keys;
    const negated = words[at] === "!=";
    if (negated) at++;
    if (within(valueOf(key, packet), words[at++] ?? "") === negated) return false;
  }
  return true;
}

function valueOf(key: string, packet: Packet): string | undefined {
  const values: Record<string, string | number | undefined> = {
    "ip saddr": packet.saddr,
    "ip daddr": packet.daddr,
    iifname: packet.iifname,
    oifname: packet.oifname,
    "meta l4proto": packet.l4proto ?? "tcp",
    "th sport": packet.sport,
    "th dport": packet.dport,
    "ct original ip saddr": packet.original?.saddr,
    "ct original ip daddr": packet.original?.daddr,
    "ct reply ip saddr": packet.reply?.saddr,
    "ct reply ip daddr": packet.reply?.daddr,
  };
  assert.ok(key in values, `"${key}" is known to this test`);
  return values[key]?.toString();
}

/** Whether a value is, or lies in, `a` or one of `{ a, b }`. What is not there is nothing, and so in nothing. */
function within(value: string | undefined, text: string): boolean {
  if (value === undefined) return false;
  const items = text
    .replace(/[{}"]/g, "")
    .split(",")
    .map((item) => item.trim());
  return items.some((item) => (item.includes("/") ? contains(item, value) : item === value));
}

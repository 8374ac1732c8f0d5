import { existsSync, readdirSync } from "node:fs";
import { run, succeeds } from "../exec.ts";
import { prefix } from "../names.ts";
import { stopMachine } from "../machines.ts";
import type { LinkPlan, NamespacePlan, NetworkPlan } from "./plan.ts";

/** Marks the routes that are ours among those of the kernel, of CNI plugins and of others. */
const routeProtocol = "77";

const sysctls = [
  "net.ipv4.ip_forward=1",
  "net.ipv4.conf.all.rp_filter=0",
  "net.ipv4.conf.default.rp_filter=0",
  "net.ipv4.conf.all.send_redirects=0",
  "net.ipv4.conf.default.send_redirects=0",
  "net.ipv4.conf.all.arp_announce=2",
  "net.ipv6.conf.default.disable_ipv6=1",
];

/** Namespaces of the cloud that exist now. */
export function namespaceNames(): string[] {
  return existsSync("/run/netns") ? readdirSync("/run/netns").filter((name) => name.startsWith(prefix)) : [];
}

/** Makes the kernel equal to the plan, one plan after another; what is right already is left alone. */
export class NetworkApplier {
  /** nftables scripts that are in force: reading them back would not give the same text. */
  readonly #tables = new Map<string, string>();
  /** What was asked for last, per namespace: most changes of the ledger touch one VPC or none. */
  readonly #applied = new Map<string, string>();
  #turn: Promise<unknown> = Promise.resolve();
  readonly #runDir: string;

  constructor(runDir: string) {
    this.#runDir = runDir;
  }

  apply(plan: NetworkPlan): Promise<void> {
    const done = this.#turn.then(() => this.#apply(plan));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #apply(plan: NetworkPlan): Promise<void> {
    const wanted = new Map(Object.keys(plan.namespaces).map((name) => [name, wordsFor(plan, name)]));
    const present = namespaceNames();
    for (const name of present.filter((existing) => !wanted.has(existing))) {
      await stopMachine(this.#runDir, name);
      await removeNamespace(name);
      this.#tables.delete(name);
      this.#applied.delete(name);
    }
    // Beside what the plan changes: namespaces that have vanished, and the other ends of their links.
    const lost = plan.links.flatMap(({ left, right }) => {
      const ends = [left.namespace, right.namespace];
      return ends.every((name) => present.includes(name)) ? [] : ends;
    });
    const changed = [...wanted.keys()].filter(
      (name) => lost.includes(name) || !present.includes(name) || this.#applied.get(name) !== wanted.get(name),
    );
    for (const name of changed) {
      this.#applied.delete(name);
      await ensureNamespace(name);
    }
    const interfaces = new Map<string, Map<string, string[]>>();
    for (const name of changed) interfaces.set(name, await readInterfaces(name));
    await this.#links(plan, interfaces);
    for (const name of changed) {
      const namespace = plan.namespaces[name] ?? { addresses: [], routes: [], table: [] };
      // The filter comes first: an interface never carries packets unfiltered.
      await this.#table(name, namespace.table);
      await applyAddresses(name, namespace, interfaces.get(name) ?? new Map<string, string[]>());
      this.#applied.set(name, wanted.get(name) ?? "");
    }
  }

  async #links({ links }: NetworkPlan, interfaces: Map<string, Map<string, string[]>>): Promise<void> {
    const wanted = new Set(links.flatMap(({ left, right }) => [key(left), key(right)]));
    for (const [namespace, present] of interfaces) {
      for (const name of present.keys()) {
        if (!/^(e|p|v)[0-9a-f]{8}$/.test(name) || wanted.has(key({ namespace, interface: name }))) continue;
        // The other end may have gone with its namespace already.
        await succeeds(["ip", "-n", namespace, "link", "del", name]);
        present.delete(name);
      }
    }
    for (const link of links) {
      // Both ends of a link exist or none does, so an end in a namespace that was not read needs no look.
      const read = [link.left, link.right].filter(({ namespace }) => interfaces.has(namespace));
      const there = read.filter((end) => interfaces.get(end.namespace)?.has(end.interface));
      if (there.length === read.length) continue;
      for (const end of there) await succeeds(["ip", "-n", end.namespace, "link", "del", end.interface]);
      await makeLink(link);
      for (const end of read) interfaces.get(end.namespace)?.set(end.interface, []);
    }
  }

  async #table(namespace: string, lines: string[]): Promise<void> {
    const body = lines.map((line) => `  ${line}`).join("\n");
    const script = `table ip il\ndelete table ip il\ntable ip il {\n${body}\n}\n`;
    if (this.#tables.get(namespace) === script) return;
    await run(["nsenter", `--net=/run/netns/${namespace}`, "nft", "-f", "-"], { input: script });
    this.#tables.set(namespace, script);
  }
}

/** All that the plan says about one namespace. */
function wordsFor(plan: NetworkPlan, name: string): string {
  const links = plan.links.filter(({ left, right }) => left.namespace === name || right.namespace === name);
  return JSON.stringify([plan.namespaces[name], links]);
}

function key(end: { namespace: string; interface: string }): string {
  return `${end.namespace} ${end.interface}`;
}

async function ensureNamespace(name: string): Promise<void> {
  if (existsSync(`/run/netns/${name}`)) return;
  await run(["ip", "netns", "add", name]);
  await run(["nsenter", `--net=/run/netns/${name}`, "sysctl", "-qw", ...sysctls]);
  await run(["ip", "-n", name, "link", "set", "lo", "up"]);
}

/** Removes a namespace with all its interfaces; processes in it have to be gone. */
export async function removeNamespace(name: string): Promise<void> {
  if (existsSync(`/run/netns/${name}`)) await run(["ip", "netns", "del", name]);
}

async function makeLink({ left, right }: LinkPlan): Promise<void> {
  const peer = ["peer", "name", right.interface, "netns", right.namespace];
  await run(["ip", "link", "add", left.interface, "netns", left.namespace, "type", "veth", ...peer]);
}

/** IPv4 addresses by interface. */
async function readInterfaces(namespace: string): Promise<Map<string, string[]>> {
  const text = await run(["ip", "-n", namespace, "-j", "addr", "show"]);
  const links = JSON.parse(text) as {
    ifname: string;
    addr_info: { family: string; local: string; prefixlen: number }[];
  }[];
  return new Map(
    links.map(({ ifname, addr_info }) => [
      ifname,
      addr_info.filter(({ family }) => family === "inet").map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    ]),
  );
}

async function applyAddresses(namespace: string, wanted: NamespacePlan, present: Map<string, string[]>): Promise<void> {
  const ours = [...new Set(["lo", ...wanted.addresses.map((address) => address.interface)])];
  const batch: string[] = [];
  for (const name of ours) {
    const want = wanted.addresses.filter((address) => address.interface === name).map(({ cidr }) => cidr);
    const have = present.get(name) ?? [];
    const stale = have.filter((cidr) => !want.includes(cidr) && !cidr.startsWith("127."));
    batch.push(...stale.map((cidr) => `address del ${cidr} dev ${name}`));
    batch.push(...want.filter((cidr) => !have.includes(cidr)).map((cidr) => `address add ${cidr} dev ${name}`));
    if (name !== "lo") batch.push(`link set ${name} up`);
  }
  batch.push(...wanted.routes.map((route) => `route replace ${route} proto ${routeProtocol}`));
  batch.push(...(await staleRoutes(namespace, wanted.routes)));
  await run(["ip", "-n", namespace, "-batch", "-"], { input: `${batch.join("\n")}\n` });
}

async function staleRoutes(namespace: string, wanted: readonly string[]): Promise<string[]> {
  const text = await run(["ip", "-n", namespace, "-j", "route", "show", "proto", routeProtocol]);
  const present = JSON.parse(text || "[]") as { type?: string; dst: string }[];
  const destinations = new Set(wanted.map(destination));
  return present
    .filter(({ dst }) => !destinations.has(dst))
    .map(({ dst, type }) => `route del ${type ? `${type} ` : ""}${dst} proto ${routeProtocol}`);
}

/** The destination as `ip route` prints it: without a type word and without /32. */
function destination(route: string): string {
  const words = route.split(" ");
  const first = words[0] === "unreachable" ? words[1] : words[0];
  return (first ?? "").replace(/\/32$/, "");
}

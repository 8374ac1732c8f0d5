import type { KubeObject } from "../cluster/kube-client.ts";

/** What is read of a Pod, a Namespace and a NetworkPolicy. */
export interface Pod extends KubeObject {
  spec: { nodeName?: string; hostNetwork?: boolean };
  status?: { podIP?: string; phase?: string };
}

export interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; values?: string[] }[];
}

export interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface PolicyPort {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}

export interface NetworkPolicy extends KubeObject {
  spec: {
    podSelector?: Selector;
    policyTypes?: string[];
    ingress?: { from?: Peer[]; ports?: PolicyPort[] }[];
    egress?: { to?: Peer[]; ports?: PolicyPort[] }[];
  };
}

export interface Inventory {
  pods: Pod[];
  namespaces: KubeObject[];
  policies: NetworkPolicy[];
}

/** The table in each node's namespace. */
export const table = "network_policy";

/**
 * The nftables script that a node enforces: https://kubernetes.io/docs/concepts/services-networking/network-policies/.
 * kube-proxy has replaced Services' addresses by pods' when a packet is forwarded. What the node itself sends, such as
 * kubelet's probes, is never filtered.
 */
export function nodeScript(node: string, inventory: Inventory): string {
  const chains: string[] = [];
  const jumps: string[] = [];
  for (const pod of inventory.pods.filter((each) => each.spec.nodeName === node && isFilterable(each))) {
    for (const direction of ["ingress", "egress"] as const) {
      const policies = inventory.policies.filter((policy) => selects(policy, direction, pod));
      if (policies.length === 0) continue;
      const ip = pod.status?.podIP ?? "";
      const chain = `${direction}_${ip.replaceAll(".", "_")}`;
      const allowed = policies.flatMap((policy) => allowances(policy, direction, inventory));
      chains.push(`chain ${chain} {\n${[...new Set(allowed), "drop"].map((line) => `  ${line}`).join("\n")}\n}`);
      jumps.push(`  ip ${direction === "ingress" ? "daddr" : "saddr"} ${ip} jump ${chain}`);
    }
  }
  const forward = ["type filter hook forward priority 10; policy accept;", "ct state established,related accept"];
  return [
    // Declared first, so that deleting it never fails: the whole file is one transaction.
    `table inet ${table}`,
    `delete table inet ${table}`,
    `table inet ${table} {`,
    ...chains,
    `chain forward {\n${forward.map((line) => `  ${line}`).join("\n")}\n${jumps.join("\n")}\n}`,
    "}",
    "",
  ].join("\n");
}

const isFilterable = ({ spec, status }: Pod): boolean =>
  spec.hostNetwork !== true && status?.podIP !== undefined && !["Succeeded", "Failed"].includes(status.phase ?? "");

function selects({ metadata, spec }: NetworkPolicy, direction: "ingress" | "egress", pod: Pod): boolean {
  const types = spec.policyTypes ?? ["Ingress", ...(spec.egress === undefined ? [] : ["Egress"])];
  const wanted = direction === "ingress" ? "Ingress" : "Egress";
  return (
    types.includes(wanted) &&
    pod.metadata.namespace === metadata.namespace &&
    matches(spec.podSelector ?? {}, pod.metadata.labels)
  );
}

/** Lines that let a packet go on to the next question. */
function allowances(policy: NetworkPolicy, direction: "ingress" | "egress", inventory: Inventory): string[] {
  const side = direction === "ingress" ? "saddr" : "daddr";
  const rules =
    direction === "ingress"
      ? (policy.spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
      : (policy.spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
  return rules.flatMap(({ peers, ports }) => {
    const addresses = peers === undefined || peers.length === 0 ? [""] : addressWords(peers, policy, side, inventory);
    return addresses.flatMap((words) =>
      portWords(ports).map((port) => [words, port, "return"].filter(Boolean).join(" ")),
    );
  });
}

function addressWords(peers: Peer[], policy: NetworkPolicy, side: string, inventory: Inventory): string[] {
  const blocks = peers.flatMap(({ ipBlock }) =>
    ipBlock === undefined
      ? []
      : [`ip ${side} ${ipBlock.cidr}${(ipBlock.except ?? []).map((block) => ` ip ${side} != ${block}`).join("")}`],
  );
  const namespaces = new Map(inventory.namespaces.map(({ metadata }) => [metadata.name, metadata.labels]));
  const isPeer = (pod: Pod, { namespaceSelector, podSelector }: Peer): boolean =>
    (namespaceSelector === undefined
      ? pod.metadata.namespace === policy.metadata.namespace
      : matches(namespaceSelector, namespaces.get(pod.metadata.namespace ?? ""))) &&
    matches(podSelector ?? {}, pod.metadata.labels);
  const selectors = peers.filter(({ ipBlock }) => ipBlock === undefined);
  const found = inventory.pods
    .filter((pod) => isFilterable(pod) && selectors.some((peer) => isPeer(pod, peer)))
    .map(({ status }) => status?.podIP ?? "")
    .sort();
  return [...blocks, ...(found.length > 0 ? [`ip ${side} { ${[...new Set(found)].join(", ")} }`] : [])];
}

/** A port by its name is not looked up here, and so lets nothing pass. */
function portWords(ports: PolicyPort[] | undefined): string[] {
  if (ports === undefined || ports.length === 0) return [""];
  return ports
    .filter(({ port }) => typeof port !== "string")
    .map(({ protocol = "TCP", port, endPort }) => {
      const name = protocol.toLowerCase();
      if (port === undefined) return `meta l4proto ${name}`;
      return `${name} dport ${String(port)}${endPort === undefined ? "" : `-${String(endPort)}`}`;
    });
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Record<string, string> = {}): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      return operator === "In" ? value !== undefined && values.includes(value) : !values.includes(value ?? "");
    })
  );
}

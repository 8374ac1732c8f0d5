/** What the kernel has to look like: pure data, derived from the ledger, carried out by apply.ts. */
export interface NetworkPlan {
  namespaces: Record<string, NamespacePlan>;
  links: LinkPlan[];
}

export interface NamespacePlan {
  /** One interface and one address with its prefix length. */
  addresses: { interface: string; cidr: string }[];
  /** Arguments of `ip route replace`. */
  routes: string[];
  /** The body of nftables table `ip il`: sets, maps and chains. */
  table: string[];
}

/** A point-to-point link: a veth pair. */
export interface LinkPlan {
  left: LinkEnd;
  right: LinkEnd;
}

export interface LinkEnd {
  namespace: string;
  interface: string;
}

/** One nftables chain; `hook` is absent for chains that others jump to. */
export function chain(name: string, rules: readonly string[], hook?: string): string[] {
  return [`chain ${name} {`, ...(hook ? [`  ${hook}`] : []), ...rules.map((rule) => `  ${rule}`), "}"];
}

/** A named set or map; nftables takes no empty `elements`. */
export function collection(kind: "set" | "map", name: string, type: string, elements: readonly string[]): string[] {
  const unique = [...new Set(elements)];
  const flags = type.startsWith("ipv4_addr") ? ["  flags interval"] : [];
  const list = unique.length > 0 ? [`  elements = { ${unique.join(", ")} }`] : [];
  return [`${kind} ${name} {`, `  type ${type}`, ...flags, ...list, "}"];
}

/** `{ a, b }`, as nftables writes an anonymous set. */
export function anyOf(elements: readonly string[]): string {
  return `{ ${[...new Set(elements)].join(", ")} }`;
}

/** A chain name out of an AWS id: letters, digits and underscores. */
export function identifier(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, "_");
}

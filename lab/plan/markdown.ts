/** The topology as Markdown: a Mermaid drawing, which many viewers of Markdown show, and tables. */
import type { LabPlan } from "../../topology/types.ts";
import { tenantColumns, tenantRows } from "./tenants.ts";
import { describe } from "./picture/layout.ts";
import { eastWest, eastWestLinks, importLinks, secretLinks } from "./picture/links.ts";

/** The text of `topology.md`. */
export function topologyMarkdown(lab: LabPlan, stack: string): string {
  return [
    `# Topology of the stack ${stack}`,
    "",
    `${describe(lab)}.`,
    "",
    "```mermaid",
    ...mermaidLines(lab),
    "```",
    "",
    "## Clusters",
    "",
    ...markdownTable(
      ["cluster", "roles", "network", "region", "VPC", "istiod", "gateways", "samples"],
      lab.clusters.map((cluster) => [
        cluster.name,
        cluster.roles.join(", "),
        cluster.network,
        cluster.existing === undefined ? cluster.region : `context ${cluster.existing.context}`,
        cluster.existing === undefined ? cluster.vpc.cidr : "none",
        cluster.controlPlane === undefined || cluster.primary !== cluster.name
          ? `from ${cluster.primary}`
          : String(cluster.controlPlane.replicas),
        cluster.gateways.map((gateway) => `${gateway.kind} (${gateway.replicas})`).join(", "),
        cluster.samples.map((sample) => [sample.name, ...sample.versions].join(" ")).join(", "),
      ]),
    ),
    ...section("Tenants", tenantColumns, tenantRows(lab)),
    ...section("Remote secrets", ["API that is read", "cluster that holds the secret", "type"], secretRows(lab)),
    ...section(
      "East-west traffic",
      ["between", "and"],
      eastWestLinks(lab).map((link) => [link.a, link.b]),
    ),
    ...section(
      "VPC peering",
      ["between", "and"],
      lab.networkLinks.map(({ a, b }) => [a, b]),
    ),
    ...section(
      "Global ingress",
      ["host", "hosted zone", "clusters that answer, while healthy"],
      globalIngressRows(lab),
    ),
    ...section(
      "Services of other meshes",
      ["mesh that calls", "host", "mesh that has it", "identity"],
      importRows(lab),
    ),
    ...section(
      "Services of other tenants' clusters",
      ["cluster that calls", "host", "cluster that has it", "tenants that call"],
      tenantImportRows(lab),
    ),
    ...section("Open to the world", ["cluster", "what", "ports", "to", "for"], openRows(lab)),
    "",
  ].join("\n");
}

function secretRows(lab: LabPlan): string[][] {
  return lab.remoteSecrets.map((secret) => [secret.from, secret.to, secret.type]);
}

function importRows(lab: LabPlan): string[][] {
  return lab.meshes.flatMap(({ imports }) => imports.map(({ to, host, from, identity }) => [to, host, from, identity]));
}

function globalIngressRows({ globalIngress }: LabPlan): string[][] {
  return globalIngress ? [[globalIngress.host, globalIngress.hostedZone, globalIngress.clusters.join(", ")]] : [];
}

function tenantImportRows(lab: LabPlan): string[][] {
  return lab.clusters.flatMap(({ name, imports }) =>
    imports.map(({ host, gateways, exportTo = [] }) => [name, host, gateways.join(", "), exportTo.join(", ")]),
  );
}

function openRows(lab: LabPlan): string[][] {
  return lab.open.map((open) => [open.cluster, open.what, open.ports.join(", "), open.sources.join(", "), open.why]);
}

/** The topology as a drawing, the lines of a fenced block of Mermaid. */
export function mermaidLines(lab: LabPlan): string[] {
  const ids = new Map(lab.clusters.map((cluster, index) => [cluster.name, `c${index + 1}`]));
  const id = (name: string): string => ids.get(name) ?? name;
  const networks = [...Map.groupBy(lab.clusters, (cluster) => cluster.network)];
  const frames = networks.flatMap(([network, clusters], index) => [
    `  subgraph n${index + 1}["${label(network)}"]`,
    ...clusters.map((cluster) => {
      const place = cluster.existing === undefined ? cluster.region : label(`context ${cluster.existing.context}`);
      const lines = [`<b>${label(cluster.name)}</b>`, cluster.roles.join(", "), place];
      return `    ${id(cluster.name)}["${lines.join("<br/>")}"]`;
    }),
    "  end",
  ]);
  const secrets = secretLinks(lab).map((link) => {
    const both = link.toA && link.toB;
    const [from, to] = link.toB ? [link.a, link.b] : [link.b, link.a];
    return `  ${id(from)} ${both ? "<-.->|remote secrets|" : "-.->|remote secret|"} ${id(to)}`;
  });
  const { how, port } = eastWest(lab);
  const traffic = eastWestLinks(lab).map((link) => `  ${id(link.a)} <==>|${how} ${String(port)}| ${id(link.b)}`);
  const calls = importLinks(lab).map((link) => {
    const [from, to] = link.toB ? [link.a, link.b] : [link.b, link.a];
    return `  ${id(from)} ${link.toA && link.toB ? "<==>" : "==>"}|mutual TLS 15443| ${id(to)}`;
  });
  const { host, clusters = [] } = lab.globalIngress ?? {};
  const users = clusters.map((cluster) => `  users(["${label(host ?? "")}"]) -->|while healthy| ${id(cluster)}`);
  return ["flowchart LR", ...frames, ...secrets, ...traffic, ...calls, ...users];
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ["", `## ${title}`, "", ...markdownTable(head, rows)];
}

/** A table as lines; bars in cells are escaped, nothing else is. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function label(text: string): string {
  return text.replaceAll('"', "#quot;");
}

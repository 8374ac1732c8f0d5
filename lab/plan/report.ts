/** The plan as a person reads it in a terminal, at most 100 columns wide. */
import { dashboardsOf } from "../../istio/observability.ts";
import type { ClusterPlan, LabPlan, OpenPlan } from "../../topology/types.ts";
import type { ResourceGraph } from "../recorder/graph.ts";
import type { Colours } from "./colours.ts";
import { costLines } from "./cost-report.ts";
import { describe } from "./picture/layout.ts";
import { countByKind } from "./resources.ts";
import type { Source } from "./source.ts";
import { knownStacks } from "./stacks.ts";
import { table, type TableOptions, wrap } from "./table.ts";
import { tenantColumns, tenantRows } from "./tenants.ts";
import { plural } from "./words.ts";

export interface ReportInput {
  readonly source: Source;
  readonly lab: LabPlan;
  readonly graph: ResourceGraph;
  /** Paths of the files that were written, as the user would type them. */
  readonly files: readonly WrittenFiles[];
}

export interface WrittenFiles {
  readonly path: string;
  readonly what: string;
}

const reportWidth = 100;
const indent = "  ";

/** The whole report, ending in a line break. */
export function report(input: ReportInput, colours: Colours): string {
  const sections = [
    titleSection(input, colours),
    clusterSection(input.lab, colours),
    tenantSection(input.lab, colours),
    resourceSection(input, colours),
    warningSection(input.lab, colours),
    openSection(input.lab, colours),
    [heading("Cost", colours), ...costLines(input.lab, tableOptions(colours), colours)],
    fileSection(input.files, colours),
    nextSection(input, colours),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

function heading(text: string, colours: Colours): string {
  return colours.bold(colours.cyan(text));
}

function tableOptions(colours: Colours): TableOptions {
  return { indent, width: reportWidth, titleStyle: colours.dim };
}

function titleSection({ source, lab }: ReportInput, colours: Colours): string[] {
  return [
    `${colours.bold(`Plan of stack ${source.stack}`)} ${colours.dim(`(${source.file})`)}`,
    describe(lab),
    colours.dim("This is a plan only: nothing was created, and AWS was not asked."),
  ];
}

function clusterSection(lab: LabPlan, colours: Colours): string[] {
  const rows = lab.clusters.map((cluster) => [
    cluster.name,
    cluster.roles.join(", "),
    cluster.network,
    cluster.existing === undefined ? cluster.region : cluster.existing.context,
    istiod(cluster),
    cluster.existing === undefined ? `${cluster.nodes.count} × ${cluster.nodes.instanceTypes[0] ?? ""}` : "its own",
    cluster.gateways.map((gateway) => gateway.kind + (gateway.replicas > 1 ? ` ×${gateway.replicas}` : "")).join(", "),
  ]);
  const place = lab.platform === "existing" ? "context" : "region";
  const columns = ["cluster", "roles", "network", place, "istiod", "nodes", "gateways"].map((title) => ({ title }));
  return [
    heading("Clusters", colours),
    ...table(columns, rows, tableOptions(colours)),
    ...labelled("samples", sampleWords(lab)),
    ...labelled("observability", observabilityWords(lab)),
    ...labelled("remote secrets", secretWords(lab)),
    ...labelled("meshes", meshWords(lab)),
    ...labelled("revisions", revisionWords(lab)),
    ...labelled("strangers", strangerWords(lab)),
    ...labelled("VPC peering", linkWords(lab)),
    ...labelled("global ingress", globalIngressWords(lab)),
  ];
}

function tenantSection(lab: LabPlan, colours: Colours): string[] {
  const rows = tenantRows(lab);
  if (rows.length === 0) return [];
  const columns = tenantColumns.map((title) => ({ title }));
  return [heading("Tenants", colours), ...table(columns, rows, tableOptions(colours))];
}

function istiod(cluster: ClusterPlan): string {
  if (cluster.controlPlane === undefined || cluster.primary !== cluster.name) return `from ${cluster.primary}`;
  return cluster.controlPlane.ha ? `${cluster.controlPlane.replicas}, HA` : String(cluster.controlPlane.replicas);
}

function sampleWords(lab: LabPlan): string {
  const names = new Set(lab.clusters.flatMap((cluster) => cluster.samples.map((sample) => sample.name)));
  return [...names]
    .map((name) => {
      const clusters = lab.clusters.filter((cluster) => cluster.samples.some((sample) => sample.name === name));
      const everywhere = clusters.length === lab.clusters.length;
      return everywhere ? name : `${name} (${clusters.map((cluster) => cluster.name).join(", ")})`;
    })
    .join(", ");
}

/** What can be looked at where; nothing where no metrics are gathered. */
function observabilityWords({ clusters }: LabPlan): string {
  return clusters
    .flatMap((cluster) => {
      const dashboards = dashboardsOf(cluster);
      if (dashboards.length === 0) return [];
      const senders = clusters.filter(
        ({ name, observability }) => observability?.store === cluster.name && name !== cluster.name,
      );
      const of = senders.length === 0 ? "" : ` of ${[cluster.name, ...senders.map(({ name }) => name)].join(", ")}`;
      return [`${dashboards.map(({ name }) => name).join(", ")}${of}, in ${cluster.name} by a port forward alone`];
    })
    .join("; ");
}

/** Every secret where there are few; else how many, because their number grows with the square of the clusters. */
function secretWords(lab: LabPlan): string {
  const secrets = lab.remoteSecrets;
  if (secrets.length > 6) return `${secrets.length}, so that each istiod reads the endpoints of every other cluster`;
  return secrets.map((secret) => `${secret.to} reads ${secret.from}`).join(", ");
}

/** Whose clusters are whose, and who calls what of whom; nothing where there is one mesh. */
function meshWords({ meshes }: LabPlan): string {
  if (meshes.length === 1) return "";
  const members = meshes.map(({ name, trustDomain, clusters }) => `${name} (${trustDomain}): ${clusters.join(", ")}`);
  const calls = meshes.flatMap(({ imports }) => imports.map(({ to, from, host }) => `${to} calls ${host} of ${from}`));
  return [...members, ...calls].join("; ");
}

/** Who follows which control plane, where there are several. */
function revisionWords({ meshes, clusters }: LabPlan): string {
  const tagged = meshes.flatMap((mesh) =>
    mesh.revisions.flatMap(({ revision, version, tag }) => {
      if (tag === undefined) return [];
      const there = clusters.filter((cluster) => cluster.mesh === mesh.name);
      const followers = there.flatMap(({ samples, tenants }) =>
        [...samples, ...tenants].filter((each) => each.revision === tag).map(({ name }) => name),
      );
      const all = [...(mesh.follows === tag ? ["gateways"] : []), ...new Set(followers)];
      return [`${tag} is ${revision} (${version}), followed by ${all.join(", ") || "nobody"}`];
    }),
  );
  return [...new Set(tagged)].join("; ");
}

/** What tenants call of each other's clusters; nothing where clusters know each other. */
function strangerWords({ clusters }: LabPlan): string {
  const calls = clusters.flatMap(({ name, imports }) =>
    imports.map(({ host, gateways }) => `${name} calls ${host} at the gateway of ${gateways.join(" and ")}`),
  );
  return calls.join("; ");
}

function linkWords({ networkLinks }: LabPlan): string {
  if (networkLinks.length > 6) return `${networkLinks.length}, one for each pair of clusters that it joins`;
  return networkLinks.map(({ a, b }) => `${a} with ${b}`).join(", ");
}

/** Whom the one host leads to, and how long users of one that is lost wait for another. */
function globalIngressWords({ globalIngress }: LabPlan): string {
  if (globalIngress === undefined) return "";
  const { host, hostedZone, clusters, healthCheck, ttlSeconds } = globalIngress;
  const { intervalSeconds, failureThreshold } = healthCheck;
  return (
    `${host} in the zone ${hostedZone}, which must be there, leads to ${clusters.join(", ")}; ` +
    `one that fails ${failureThreshold} checks, ${intervalSeconds} s apart, is left out, and forgotten after ${ttlSeconds} s`
  );
}

function labelled(label: string, words: string): string[] {
  if (words === "") return [];
  const [first = "", ...more] = wrap(words, reportWidth - indent.length - label.length - 2);
  const blanks = " ".repeat(label.length + 2);
  return [`${indent}${label}: ${first}`, ...more.map((line) => indent + blanks + line)];
}

function resourceSection({ graph, lab }: ReportInput, colours: Colours): string[] {
  const counts = countByKind(graph, lab);
  const total = counts.reduce((sum, count) => sum + count.total, 0);
  const owners = columnsOfResources(
    lab,
    counts.some((count) => count.byCluster.has("")),
  );
  const rows = counts.map((count) => [
    count.kind,
    ...owners.map((owner) =>
      String(owner.names.reduce((sum, name) => sum + (count.byCluster.get(name) ?? 0), 0) || ""),
    ),
    String(count.total),
  ]);
  const columns = [
    { title: "kind" },
    ...owners.map(({ title }) => ({ title, align: "right" as const })),
    { title: "all", align: "right" as const },
  ];
  const head = heading(`Resources: ${total}`, colours);
  const more = "EKS clusters and node groups make more of their own: roles, add-ons, launch templates.";
  const note = lab.platform === "existing" ? [] : [indent + colours.dim(more)];
  return [head, ...table(columns, rows, tableOptions(colours)), ...note];
}

/** A column per cluster while they fit, and one for what belongs to the lab as a whole. */
function columnsOfResources(lab: LabPlan, hasCommon: boolean): { title: string; names: readonly string[] }[] {
  const names = lab.clusters.map((cluster) => cluster.name);
  const common = hasCommon ? [{ title: "whole lab", names: [""] }] : [];
  const wide = names.reduce((sum, name) => sum + name.length + 2, 0) > 50;
  const clusters = wide
    ? [{ title: `${names.length} clusters`, names }]
    : names.map((name) => ({ title: name, names: [name] }));
  return [...clusters, ...common];
}

function warningSection(lab: LabPlan, colours: Colours): string[] {
  if (lab.warnings.length === 0) return [];
  const lines = lab.warnings.flatMap(({ code, path, message }) => [
    `${indent}${colours.yellow(code)} ${colours.dim(`at istio-lab:${path}`)}`,
    ...wrap(message, reportWidth - 4).map((line) => `    ${line}`),
  ]);
  return [heading(`Warnings: ${lab.warnings.length}`, colours), ...lines];
}

function openSection(lab: LabPlan, colours: Colours): string[] {
  if (lab.open.length === 0) return [heading(`Open to the world: ${nothingOpen(lab)}`, colours)];
  const same = (open: OpenPlan): string => JSON.stringify([open.what, open.ports, open.sources]);
  const rows = [...Map.groupBy(lab.open, same).values()].flatMap((group) => openRows(lab, group));
  const columns = ["what", "where", "ports", "to", "for"].map((title) => ({ title }));
  return [heading("Open to the world", colours), ...table(columns, rows, tableOptions(colours))];
}

function nothingOpen({ platform }: LabPlan): string {
  return platform === "existing" ? "what leads to the clusters, which exist already" : "nothing";
}

/** One row for what is open alike in several clusters; where the reasons differ, one each, or their common beginning. */
function openRows(lab: LabPlan, group: readonly OpenPlan[]): string[][] {
  const [open] = group;
  if (open === undefined) return [];
  const sameReason = group.every((each) => each.why === open.why);
  if (!sameReason && group.length <= 3) return group.flatMap((each) => openRows(lab, [each]));
  const everywhere = group.length === lab.clusters.length && lab.clusters.length > 1;
  const clusters = everywhere ? "every cluster" : group.map((each) => each.cluster).join(", ");
  const reason = sameReason ? open.why : `${commonWords(group.map((each) => each.why))} …`;
  return [[open.what, clusters, open.ports.join(" "), sourceWords(open), reason]];
}

function commonWords(texts: readonly string[]): string {
  const [first = [], ...others] = texts.map((text) => text.split(" "));
  const differs = first.findIndex((word, index) => others.some((other) => other[index] !== word));
  return first.slice(0, differs === -1 ? first.length : differs).join(" ");
}

function sourceWords(open: OpenPlan): string {
  if (open.sources.includes("0.0.0.0/0")) return "everybody";
  const [first = "", ...more] = open.sources;
  return more.length < 2 ? open.sources.join(" and ") : `${first} and ${more.length} more`;
}

function fileSection(files: readonly WrittenFiles[], colours: Colours): string[] {
  const rows = files.map(({ path, what }) => [path, what]);
  return [heading("Files", colours), ...table([{ title: "written" }, { title: "what" }], rows, tableOptions(colours))];
}

/** What to type next, for this very stack. */
function nextSection({ source, lab }: ReportInput, colours: Colours): string[] {
  const { stack, isProjectStack, file } = source;
  const option = isProjectStack ? "" : ` --config-file ${file}`;
  const others = knownStacks().filter((name) => name !== stack);
  const here = [
    [`npm run lab -- plan ${others[0] ?? stack}`, `one of ${others.length} other stacks; README.md lists them`],
    ...(isProjectStack
      ? [[`npm run local -- up ${stack}`, "the same without AWS: real clusters on this Linux machine"]]
      : []),
  ];
  const existing = lab.platform === "existing";
  const contexts = lab.clusters.flatMap((cluster) => cluster.existing?.context ?? []);
  const first = existing
    ? [[`kubectl --context ${contexts[0] ?? ""} get namespace istio-system`, "must find none, in every cluster"]]
    : [["aws sts get-caller-identity", "whose account will pay"]];
  const built = plural(lab.clusters.length, existing ? "existing cluster" : "EKS cluster");
  const there = [
    ...first,
    ["export PULUMI_CONFIG_PASSPHRASE=...", "protects the secrets in the state"],
    ["pulumi login --local", "keeps the state on this machine; any other backend will do"],
    [`pulumi stack init ${stack}`, "once"],
    [
      `pulumi up --stack ${stack}${option}`,
      existing ? `installs all that is above into ${built}` : `builds ${built} with all that is above, in one pass`,
    ],
    [
      `pulumi destroy --stack ${stack}${option}`,
      existing ? "takes it out again" : "takes everything down and ends the cost",
    ],
  ];
  return [
    ...[heading("Next, here", colours), ...commandLines(here, colours), ""],
    ...[heading(existing ? "Next, on your clusters" : "Next, on AWS", colours), ...commandLines(there, colours)],
  ];
}

/** Commands with their reasons beside them; beside the longest, a reason would leave the page, so it goes below. */
function commandLines(commands: readonly (readonly string[])[], colours: Colours): string[] {
  const short = commands.filter(([command = "", why = ""]) => command.length + why.length < reportWidth - 12);
  const width = Math.max(0, ...short.map(([command = ""]) => command.length));
  return commands.flatMap(([command = "", why = ""]) =>
    indent.length + Math.max(width, command.length) + 2 + why.length <= reportWidth
      ? [`${indent}${colours.green(command.padEnd(width))}  ${colours.dim(why)}`]
      : [
          `${indent}${colours.green(command)}`,
          ...wrap(why, reportWidth - width - 4).map((line) => `${indent}${" ".repeat(width)}  ${colours.dim(line)}`),
        ],
  );
}

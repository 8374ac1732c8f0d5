/** One cluster as a box: who it is, its control plane, its workloads, its gateways. */
import type { ClusterPlan, GatewayPlan, LabPlan, SamplePlan } from "../../../topology/types.ts";
import { isRemote } from "../../../topology/queries.ts";
import { plural, versionsOf } from "../words.ts";
import type { Box, Point, Text } from "./shapes.ts";
import { colours } from "./shapes.ts";
import { fit, textWidth } from "./text.ts";

export const clusterWidth = 320;
const padding = 12;
const inner = clusterWidth - 2 * padding;
const chipHeight = 20;
const chipGap = 6;
const gatewayHeight = 42;
const controlPlaneHeight = 42;

export interface ClusterBox {
  readonly boxes: readonly Box[];
  readonly texts: readonly Text[];
  /** Where lines may end: the bottom edge of a gateway's box, by kind, and the top edge of the cluster. */
  readonly gateways: ReadonlyMap<
    GatewayPlan["kind"],
    { readonly left: number; readonly right: number; readonly y: number }
  >;
}

/** Shapes are collected in here while the box is drawn from top to bottom. */
interface Canvas {
  readonly boxes: Box[];
  readonly texts: Text[];
}

/** The height that this cluster's content needs, in pixels. */
export function clusterHeight(lab: LabPlan, cluster: ClusterPlan): number {
  return (
    workloadsTop + workloadsHeight(lab, cluster) + (cluster.gateways.length > 0 ? gatewayHeight + 12 : 0) + padding
  );
}

const headerTop = 12;
const controlPlaneTop = 76;
const workloadsTop = controlPlaneTop + controlPlaneHeight + 12;

/** Draws a cluster with its upper left corner at `origin`, `height` pixels high. */
export function drawCluster(lab: LabPlan, cluster: ClusterPlan, origin: Point, height: number): ClusterBox {
  const canvas: Canvas = { boxes: [], texts: [] };
  const id = `cluster ${cluster.name}`;
  canvas.boxes.push({
    id,
    x: origin.x,
    y: origin.y,
    width: clusterWidth,
    height,
    radius: 8,
    strokeWidth: 1.5,
    ...colours.cluster,
  });
  drawHeader(canvas, cluster, id, origin);
  drawControlPlane(canvas, lab, cluster, { x: origin.x + padding, y: origin.y + controlPlaneTop });
  drawWorkloads(canvas, lab, cluster, { x: origin.x + padding, y: origin.y + workloadsTop });
  const gatewaysTop = origin.y + height - padding - gatewayHeight;
  return { ...canvas, gateways: drawGateways(canvas, cluster, { x: origin.x + padding, y: gatewaysTop }) };
}

function drawHeader(canvas: Canvas, cluster: ClusterPlan, id: string, origin: Point): void {
  let right = origin.x + clusterWidth - padding;
  for (const role of cluster.roles.toReversed()) {
    const width = textWidth(role, 11, true) + 14;
    const colour = role === "remote" ? colours.remote : colours.primary;
    const box = { id: `${id} role ${role}`, x: right - width, y: origin.y + headerTop, width, height: chipHeight };
    canvas.boxes.push({ ...box, radius: 10, fill: colour.fill, stroke: colour.stroke });
    canvas.texts.push(centred(role, box, { size: 11, bold: true, fill: colour.ink }));
    right -= width + chipGap;
  }
  const left = origin.x + padding;
  const [region, nodes] = placeOf(cluster);
  canvas.texts.push(
    started(cluster.name, { x: left, y: origin.y + 28 }, right - left, id, { size: 17, bold: true, fill: colours.ink }),
    started(region, { x: left, y: origin.y + 48 }, inner, id, { size: 11.5, bold: false, fill: colours.quiet }),
    started(nodes, { x: left, y: origin.y + 65 }, inner, id, { size: 11.5, bold: false, fill: colours.quiet }),
  );
}

/** Where a cluster is, and what it is made of. */
function placeOf({ existing, region, zones, vpc, kubernetesVersion, nodes }: ClusterPlan): readonly [string, string] {
  if (existing !== undefined) {
    const place = region === "" ? "" : `${region} · `;
    return [`${place}exists already · context ${existing.context}`, existing.apiServer ?? ""];
  }
  return [
    `${region} · ${plural(zones, "zone")} · VPC ${vpc.cidr}`,
    `Kubernetes ${kubernetesVersion} · ${nodes.count} × ${nodes.instanceTypes.join(", ")}`,
  ];
}

function drawControlPlane(canvas: Canvas, lab: LabPlan, cluster: ClusterPlan, at: Point): void {
  const box = { id: `cluster ${cluster.name} control plane`, ...at, width: inner, height: controlPlaneHeight };
  const mesh = lab.meshes.find((candidate) => candidate.name === cluster.mesh);
  const plan = cluster.controlPlane;
  const style =
    plan === undefined
      ? { fill: colours.page, stroke: colours.remote.stroke, dash: "4 3" }
      : { fill: colours.controlPlane.fill, stroke: colours.controlPlane.stroke };
  canvas.boxes.push({ ...box, radius: 6, ...style });
  const istiod = isRemote(cluster) ? "injector" : "istiod";
  const title =
    plan === undefined ? "no istiod here" : `${istiod} ${mesh === undefined ? "" : versionsOf(mesh)}`.trim();
  const text = { x: at.x + 10, width: inner - 20 };
  canvas.texts.push(
    started(title, { x: text.x, y: at.y + 18 }, text.width, box.id, { size: 12.5, bold: true, fill: colours.ink }),
    started(controlPlaneDetail(lab, cluster), { x: text.x, y: at.y + 34 }, text.width, box.id, {
      size: 11,
      bold: false,
      fill: colours.quiet,
    }),
  );
}

function controlPlaneDetail(lab: LabPlan, cluster: ClusterPlan): string {
  const { controlPlane: plan, name } = cluster;
  const replicas = plan && `${plural(plan.replicas, "replica")}${plan.ha ? ", highly available" : ""}`;
  const served = lab.clusters
    .filter((other) => other.primary === name && other.name !== name)
    .map((other) => other.name);
  const relation = isRemote(cluster)
    ? `served by ${cluster.primary}`
    : served.length > 0
      ? `serves ${served.join(", ")}`
      : undefined;
  const mesh = lab.meshes.length > 1 ? `mesh ${cluster.mesh}` : undefined;
  const ambient = lab.meshes.find((each) => each.name === cluster.mesh)?.dataPlane === "ambient";
  const onNodes = ambient ? "ztunnel and istio-cni on every node" : undefined;
  return [replicas, relation, mesh, onNodes].filter((part) => part !== undefined).join(" · ");
}

interface Chip {
  readonly kind: "sample" | "tenant";
  readonly label: string;
  readonly x: number;
  readonly row: number;
  readonly width: number;
}

/** Chips in lines, from left to right, as many as fit on each. */
function workloadChips(lab: LabPlan, cluster: ClusterPlan): Chip[] {
  const chips: Chip[] = [];
  let x = 0;
  let row = 0;
  const samples = cluster.samples.map((sample) => ({
    kind: "sample" as const,
    label: [sample.name, ...(versionsMatter(lab, sample) ? sample.versions : [])].join(" "),
  }));
  const tenants = cluster.tenants.map((tenant) => ({
    kind: "tenant" as const,
    label: [tenant.name, ...(tenant.samples.length > 0 ? [tenant.samples.join(", ")] : [])].join(": "),
  }));
  for (const { kind, label } of [...samples, ...tenants]) {
    const width = Math.min(inner, textWidth(label, 11.5) + 18);
    if (x > 0 && x + width > inner) {
      x = 0;
      row += 1;
    }
    chips.push({ kind, label, x, row, width });
    x += width + chipGap;
  }
  return chips;
}

/** Whether a sample runs in several versions, here or in different clusters. */
function versionsMatter(lab: LabPlan, sample: SamplePlan): boolean {
  const all = lab.clusters.flatMap((cluster) => cluster.samples.filter((other) => other.name === sample.name));
  return new Set(all.flatMap((other) => other.versions)).size > 1;
}

function workloadsHeight(lab: LabPlan, cluster: ClusterPlan): number {
  const rows = (workloadChips(lab, cluster).at(-1)?.row ?? -1) + 1;
  return rows === 0 ? 0 : rows * (chipHeight + chipGap) - chipGap;
}

function drawWorkloads(canvas: Canvas, lab: LabPlan, cluster: ClusterPlan, at: Point): void {
  for (const chip of workloadChips(lab, cluster)) {
    const box = {
      id: `cluster ${cluster.name} ${chip.kind} ${chip.label}`,
      x: at.x + chip.x,
      y: at.y + chip.row * (chipHeight + chipGap),
      width: chip.width,
      height: chipHeight,
    };
    canvas.boxes.push({ ...box, radius: 4, ...colours[chip.kind] });
    canvas.texts.push(centred(chip.label, box, { size: 11.5, bold: false, fill: colours.ink }));
  }
}

const gatewayColours = { ingress: colours.ingress, egress: colours.egress, "east-west": colours.eastWest } as const;
const exposures = { internet: "public", internal: "internal", none: "private" } as const;

/** How a gateway is reached; a node's ports are worth knowing. */
function wayTo({ exposure, service }: GatewayPlan): string {
  if (service === undefined) return exposures[exposure];
  return service.type === "LoadBalancer" ? "load balancer" : `node port ${Object.values(service.nodePorts)[0] ?? ""}`;
}

function drawGateways(canvas: Canvas, cluster: ClusterPlan, at: Point): ClusterBox["gateways"] {
  const count = cluster.gateways.length;
  const width = (inner - (count - 1) * chipGap) / count;
  return new Map(
    cluster.gateways.map((gateway, index) => {
      const id = `cluster ${cluster.name} gateway ${gateway.kind}`;
      const box = { id, x: at.x + index * (width + chipGap), y: at.y, width, height: gatewayHeight };
      canvas.boxes.push({ ...box, radius: 6, ...gatewayColours[gateway.kind] });
      const detail = `${plural(gateway.replicas, "pod")} · ${wayTo(gateway)}`;
      canvas.texts.push(
        centred(gateway.kind, { ...box, height: 24 }, { size: 12, bold: true, fill: colours.ink }),
        centred(detail, { ...box, y: box.y + 18, height: 22 }, { size: 10.5, bold: false, fill: colours.quiet }),
      );
      return [gateway.kind, { left: box.x, right: box.x + width, y: box.y + gatewayHeight }] as const;
    }),
  );
}

interface Face {
  readonly size: number;
  readonly bold: boolean;
  readonly fill: string;
}

/** A line of text from `at` to the right, shortened to `width`. */
export function started(full: string, at: Point, width: number, within: string, face: Face): Text {
  return { text: fit(full, width, face.size, face.bold), full, ...at, anchor: "start", within, ...face };
}

/** A line of text in the middle of a box, shortened to its width. */
function centred(full: string, box: Omit<Box, "fill" | "stroke" | "radius">, face: Face): Text {
  const text = fit(full, box.width - 8, face.size, face.bold);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 + face.size * 0.36 };
  return { text, full, ...at, anchor: "middle", within: box.id, ...face };
}

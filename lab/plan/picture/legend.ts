/** What the shapes and lines of a picture mean; only those that occur in it. */
import type { LabPlan } from "../../../topology/types.ts";
import { started } from "./cluster-box.ts";
import { eastWest } from "./links.ts";
import type { Box, Line, LineKind, Text } from "./shapes.ts";
import { colours } from "./shapes.ts";
import { textWidth } from "./text.ts";

const size = 11.5;
const swatchWidth = 30;
const rowHeight = 24;
const gap = 26;
const padding = 14;

interface Entry {
  readonly label: string;
  readonly swatch: { readonly fill: string; readonly stroke: string } | LineKind;
}

export interface Legend {
  readonly box: Box;
  readonly boxes: readonly Box[];
  readonly texts: readonly Text[];
  readonly lines: readonly Line[];
}

/** Draws the legend at `x`, `y`, as wide as `width`, as high as it needs. */
export function drawLegend(
  lab: LabPlan,
  kinds: ReadonlySet<LineKind>,
  at: { x: number; y: number; width: number },
): Legend {
  const boxes: Box[] = [];
  const texts: Text[] = [];
  const lines: Line[] = [];
  let x = at.x + padding;
  let y = at.y + padding;
  for (const [index, entry] of entries(lab, kinds).entries()) {
    const width = swatchWidth + 8 + textWidth(entry.label, size);
    if (x > at.x + padding && x + width > at.x + at.width - padding) {
      x = at.x + padding;
      y += rowHeight;
    }
    if (typeof entry.swatch === "string") lines.push(lineSwatch(entry.swatch, x, y + 8, entry.label));
    else boxes.push({ id: `legend ${index}`, x, y: y + 1, width: swatchWidth, height: 14, radius: 3, ...entry.swatch });
    const room = at.x + at.width - padding - x - swatchWidth - 8;
    const place = { x: x + swatchWidth + 8, y: y + 12 };
    texts.push(started(entry.label, place, room, "legend", { size, bold: false, fill: colours.quiet }));
    x += width + gap;
  }
  const height = y + rowHeight - at.y + padding - 8;
  const box = { id: "legend", ...at, height, radius: 6, fill: colours.page, stroke: "#d6dce4" };
  return { box, boxes, texts, lines };
}

function lineSwatch(kind: LineKind, x: number, y: number, title: string): Line {
  const points = [
    { x, y },
    { x: x + swatchWidth, y },
  ];
  return { kind, points, arrowAtStart: false, arrowAtEnd: true, title };
}

function entries(lab: LabPlan, kinds: ReadonlySet<LineKind>): Entry[] {
  const gateways = new Set(lab.clusters.flatMap((cluster) => cluster.gateways.map((gateway) => gateway.kind)));
  const samples = lab.clusters.some((cluster) => cluster.samples.length > 0);
  const tenants = lab.clusters.some((cluster) => cluster.tenants.length > 0);
  const { how, port } = eastWest(lab);
  const ambient = lab.meshes.some(({ dataPlane }) => dataPlane === "ambient");
  const all: (Entry & { readonly shown: boolean })[] = [
    { label: "network: pods in it reach each other directly", swatch: colours.network, shown: true },
    { label: "control plane", swatch: colours.controlPlane, shown: true },
    {
      label: `sample workload ${ambient ? "of the ambient mesh" : "with a sidecar"}`,
      swatch: colours.sample,
      shown: samples,
    },
    { label: "tenant: a namespace of its own, and what runs there", swatch: colours.tenant, shown: tenants },
    { label: "gateway for requests from outside", swatch: colours.ingress, shown: gateways.has("ingress") },
    { label: "gateway for requests to outside", swatch: colours.egress, shown: gateways.has("egress") },
    { label: "gateway between networks", swatch: colours.eastWest, shown: gateways.has("east-west") },
    { label: "requests from users", swatch: "request", shown: kinds.has("request") },
    {
      label: `traffic between networks: ${how}, port ${String(port)}`,
      swatch: "east-west",
      shown: kinds.has("east-west"),
    },
    {
      label: "remote secret: the tail's API token, kept at the head, whose istiod reads the tail's endpoints",
      swatch: "remote-secret",
      shown: kinds.has("remote-secret"),
    },
  ];
  return all.filter((entry) => entry.shown);
}

/** The picture of a lab: networks as frames, clusters in them, arrows between them, a legend below. */
import { isExternalControlPlane } from "../../../topology/queries.ts";
import type { ClusterPlan, LabPlan } from "../../../topology/types.ts";
import { plural, versionsOf } from "../words.ts";
import type { BusRow, Channel, Port } from "./arrows.ts";
import { channelHeight, drawBus, drawPairs, trackCount } from "./arrows.ts";
import type { ClusterBox } from "./cluster-box.ts";
import { clusterHeight, clusterWidth, drawCluster, started } from "./cluster-box.ts";
import type { Grid } from "./grid.ts";
import { columnsFor, framePadding, frameTop, placeClusters } from "./grid.ts";
import { drawLegend } from "./legend.ts";
import type { Link } from "./links.ts";
import { eastWestLinks, importLinks, secretLinks } from "./links.ts";
import type { Box, Line, Picture, Text } from "./shapes.ts";
import { colours } from "./shapes.ts";

const margin = 24;
const minimumWidth = 760;
/** Room at the left and right of the frames for the trunks of common lines. */
const trunkRoom = 30;
const headerHeight = 84;
/** Room for a word above or below the outermost line of a kind. */
const labelRoom = 26;
const rowGap = 26;
/** The part of a cluster's width above which its network's name may stand; lines arrive at the right of it. */
const networkShare = 0.6;
/** Room below a frame for the arrows of users' requests, above the tracks of east-west traffic. */
const requestRoom = 34;

interface Row {
  readonly clustersTop: number;
  readonly bottom: number;
  readonly above: Channel;
  readonly below: Channel;
  readonly clusters: readonly (ClusterBox & { readonly cluster: ClusterPlan; readonly x: number })[];
}

interface Page {
  readonly lab: LabPlan;
  readonly grid: Grid;
  readonly left: number;
  readonly secrets: readonly Link[];
  readonly eastWest: readonly Link[];
  /** Each pair of clusters has its own line; else all share one. */
  readonly pairs: boolean;
}

/**
 * Draws the plan of a lab.
 * @param stack its name, for the title
 */
export function drawTopology(lab: LabPlan, stack: string): Picture {
  const grid = placeClusters(lab.clusters);
  const pairs = columnsFor(lab.clusters.length) === lab.clusters.length;
  const width = Math.max(minimumWidth, grid.width + 2 * margin + (pairs ? 0 : 2 * trunkRoom));
  const page = {
    lab,
    grid,
    left: (width - grid.width) / 2,
    secrets: secretLinks(lab),
    eastWest: [...eastWestLinks(lab), ...importLinks(lab)],
    pairs,
  };
  const rows = drawRows(page);
  const lines = [...rows.flatMap((row) => drawRequests(row, lab)), ...drawLinks(page, rows)];
  const kinds = new Set(lines.map((line) => line.kind));
  const bottom = Math.max(...rows.map((row) => row.bottom));
  const legend = drawLegend(lab, kinds, { x: margin, y: bottom + 10, width: width - 2 * margin });
  const clusters = rows.flatMap((row) => row.clusters);
  const frames = drawFrames(page, rows);
  const header = drawHeader(lab, stack, width);
  return {
    width,
    height: legend.box.y + legend.box.height + margin,
    title: `Topology of the stack ${stack}`,
    description: describe(lab),
    boxes: [...frames.boxes, ...clusters.flatMap((cluster) => cluster.boxes), legend.box, ...legend.boxes],
    lines: [...lines, ...legend.lines],
    texts: [
      ...header,
      ...frames.texts,
      ...clusters.flatMap((cluster) => cluster.texts),
      ...drawLabels(page, rows),
      ...legend.texts,
    ],
  };
}

/** One sentence that says what the picture shows. */
export function describe(lab: LabPlan): string {
  const networks = new Set(lab.clusters.map((cluster) => cluster.network)).size;
  const meshes = lab.meshes.map((mesh) => `Istio ${versionsOf(mesh)}, ${mesh.dataPlane} mode, mutual TLS ${mesh.mtls}`);
  const several = lab.meshes.length > 1 ? [`${lab.meshes.length} meshes`] : [];
  const counts = [plural(lab.clusters.length, "cluster"), plural(networks, "network"), ...several];
  return [...counts, ...new Set(meshes)].join(" · ");
}

function drawHeader(lab: LabPlan, stack: string, width: number): Text[] {
  const room = width - 2 * margin;
  const title = { size: 21, bold: true, fill: colours.ink };
  const line = { size: 13, bold: false, fill: colours.quiet };
  return [
    started(`Stack ${stack}`, { x: margin, y: margin + 18 }, room, "page", title),
    started(describe(lab), { x: margin, y: margin + 40 }, room, "page", line),
  ];
}

function drawRows(page: Page): Row[] {
  const height = tallest(page.lab);
  const rows: Row[] = [];
  let top = headerHeight;
  for (const cells of page.grid.rows) {
    const names = new Set(cells.map((cell) => cell.cluster.name));
    const above = roomFor(page, page.secrets, names) + (rows.length === 0 ? labelRoomFor(page.secrets) : 0);
    const clustersTop = top + above + frameTop;
    const clusters = cells.map(({ cluster, x }) => {
      const left = page.left + x;
      return { cluster, x: left, ...drawCluster(page.lab, cluster, { x: left, y: clustersTop }, height) };
    });
    const frameBottom = clustersTop + height + framePadding;
    const requests = cells.some(({ cluster }) => publicIngress(cluster)) ? requestRoom : 0;
    const isLast = rows.length === page.grid.rows.length - 1;
    const tracks = roomFor(page, page.eastWest, names);
    const below = requests + tracks + (isLast ? labelRoomFor(page.eastWest) : 0);
    rows.push({
      clustersTop,
      bottom: frameBottom + below + rowGap / 2,
      above: { side: "above", edge: top + above },
      below: { side: "below", edge: frameBottom + requests },
      clusters,
    });
    top = frameBottom + below + rowGap;
  }
  return rows;
}

/** The height of a strip for these links: their tracks and a label, or a common line. */
function roomFor(page: Page, links: readonly Link[], names: ReadonlySet<string>): number {
  const here = links.filter((link) => names.has(link.a) || names.has(link.b));
  if (here.length === 0) return 0;
  if (!page.pairs) return channelHeight(1) + 8;
  const ports = page.lab.clusters.map((cluster, index) => ({
    name: cluster.name,
    left: index,
    right: index + 0.5,
    y: 0,
  }));
  return channelHeight(trackCount(here, orderedAsPlaced(page.grid, ports)));
}

function labelRoomFor(links: readonly Link[]): number {
  return links.length > 0 ? labelRoom : 0;
}

function orderedAsPlaced(grid: Grid, ports: readonly Port[]): Port[] {
  const order = grid.rows.flat().map((cell) => cell.cluster.name);
  return order.map((name, index) => ({
    ...(ports.find((port) => port.name === name) ?? fail(name)),
    left: index,
    right: index + 0.5,
  }));
}

function tallest(lab: LabPlan): number {
  return Math.max(...lab.clusters.map((cluster) => clusterHeight(lab, cluster)));
}

function fail(name: string): never {
  throw new Error(`Cluster ${name} has no place in the grid.`);
}

function secretPort(row: Row): Port[] {
  return row.clusters.map(({ cluster, x }) => ({
    name: cluster.name,
    left: x + clusterWidth * networkShare,
    right: x + clusterWidth - 8,
    y: row.clustersTop,
  }));
}

/** At the east-west gateway; one that only calls another mesh has none, and its line leaves the cluster at the right. */
function eastWestPort(row: Row): Port[] {
  return row.clusters.map(({ cluster, gateways, x, boxes }) => {
    const bottom = Math.max(...boxes.map((box) => box.y + box.height));
    const own = { left: x + clusterWidth * 0.75, right: x + clusterWidth, y: bottom };
    return { name: cluster.name, ...(gateways.get("east-west") ?? own) };
  });
}

function drawLinks(page: Page, rows: readonly Row[]): Line[] {
  if (page.pairs)
    return rows.flatMap((row) => [
      ...drawPairs(page.secrets, secretPort(row), row.above),
      ...drawPairs(page.eastWest, eastWestPort(row), row.below),
    ]);
  const secretRows = rows.map((row): BusRow => ({ y: row.above.edge - 12, ports: secretPort(row) }));
  const eastWestRows = rows.map((row): BusRow => ({ y: row.below.edge + 14, ports: eastWestPort(row) }));
  const left = page.left - trunkRoom + 8;
  return [
    ...drawBus("remote-secret", page.secrets, secretRows, left),
    ...drawBus("east-west", page.eastWest, eastWestRows, page.left + page.grid.width + trunkRoom - 8),
  ];
}

function publicIngress(cluster: ClusterPlan): boolean {
  return cluster.gateways.some((gateway) => gateway.kind === "ingress" && gateway.exposure === "internet");
}

/** A short arrow from outside into each ingress gateway that the internet reaches. */
function drawRequests(row: Row, { globalIngress }: LabPlan): Line[] {
  return row.clusters.flatMap(({ cluster, gateways }) => {
    const gateway = gateways.get("ingress");
    if (gateway === undefined || !publicIngress(cluster)) return [];
    const x = (gateway.left + gateway.right) / 2;
    const asked = globalIngress?.clusters.includes(cluster.name) ? `for ${globalIngress.host}` : "from the internet";
    const title = isExternalControlPlane(cluster)
      ? `Proxies and API servers of other clusters reach istiod in ${cluster.name} through its ingress gateway`
      : `Requests ${asked} enter ${cluster.name} through its ingress gateway`;
    const points = [
      { x, y: gateway.y + framePadding + 34 },
      { x, y: gateway.y },
    ];
    return [{ kind: "request", points, arrowAtStart: false, arrowAtEnd: true, title } satisfies Line];
  });
}

/** A word at the outermost line of each kind. */
function drawLabels(page: Page, rows: readonly Row[]): Text[] {
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const counted = (what: string, count: string): string => (page.pairs ? what : `${what}: ${count}`);
  const secrets = counted("remote secrets", `${page.lab.remoteSecrets.length} in all`);
  const eastWest = counted("east-west traffic", `${page.eastWest.length} pairs of clusters`);
  return [
    ...(page.secrets.length > 0 ? [label(secrets, secretPort(first), headerHeight + labelRoom - 9)] : []),
    ...(page.eastWest.length > 0 ? [label(eastWest, eastWestPort(last), last.bottom - rowGap / 2 - 9)] : []),
  ];
}

function label(full: string, ports: readonly Port[], y: number): Text {
  const middles = ports.map((port) => (port.left + port.right) / 2);
  const x = (Math.min(...middles) + Math.max(...middles)) / 2;
  return { text: full, full, x, y, size: 11.5, bold: false, fill: colours.quiet, anchor: "middle", within: "page" };
}

function drawFrames(page: Page, rows: readonly Row[]): { boxes: Box[]; texts: Text[] } {
  const boxes = page.grid.frames.map((frame): Box => {
    const first = rows[frame.firstRow] ?? fail(frame.network);
    const last = rows[frame.lastRow] ?? fail(frame.network);
    const height = tallest(page.lab);
    return {
      id: `network ${frame.network}`,
      x: page.left + frame.x,
      y: first.clustersTop - frameTop,
      width: frame.width,
      height: last.clustersTop + height + framePadding - (first.clustersTop - frameTop),
      radius: 10,
      dash: "7 4",
      ...colours.network,
    };
  });
  const texts = page.grid.frames.map((frame, index) => {
    const box = boxes[index] ?? fail(frame.network);
    const face = { size: 13, bold: true, fill: colours.quiet };
    const at = { x: box.x + framePadding, y: box.y + 23 };
    const words = frame.network.startsWith("network") ? frame.network : `network ${frame.network}`;
    return started(words, at, clusterWidth * networkShare - 4, box.id, face);
  });
  return { boxes, texts };
}

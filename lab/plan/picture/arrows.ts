/**
 * Arrows between clusters. Up to four clusters stand in one row, and each pair has a line of its own, on tracks above
 * (remote secrets) or below (east-west traffic) the row. With more clusters the lines of all pairs would hide the
 * picture: then every cluster has one arrow to a common line.
 */
import type { Link } from "./links.ts";
import type { Line, LineKind, Point } from "./shapes.ts";

const trackGap = 18;

/** A horizontal strip for the lines of one kind. `edge` is where the strip begins next to the clusters' frame. */
export interface Channel {
  readonly side: "above" | "below";
  readonly edge: number;
}

/** Where the lines of a cluster may end. */
export interface Port {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

interface Track {
  readonly link: Link;
  readonly left: number;
  readonly right: number;
  readonly a: Point;
  readonly b: Point;
}

/** How many tracks the links of one row need; ports stand in the order of the row. */
export function trackCount(links: readonly Link[], ports: readonly Port[]): number {
  return Math.max(0, ...assignTracks(links, ports).map(({ track }) => track + 1));
}

/** The height of a strip with that many tracks. */
export function channelHeight(tracks: number): number {
  return tracks * trackGap;
}

/** A line for each link; the longest links run outermost, so that lines cross as little as they can. */
export function drawPairs(links: readonly Link[], ports: readonly Port[], channel: Channel): Line[] {
  const assigned = assignTracks(links, ports);
  const tracks = Math.max(0, ...assigned.map(({ track }) => track + 1));
  return assigned.map(({ link, a, b, track }) => {
    const distance = (tracks - track) * trackGap;
    const y = channel.side === "above" ? channel.edge - distance : channel.edge + distance;
    return {
      kind: link.kind,
      points: [a, { x: a.x, y }, { x: b.x, y }, b],
      arrowAtStart: link.toA,
      arrowAtEnd: link.toB,
      title: link.title,
    };
  });
}

function assignTracks(links: readonly Link[], ports: readonly Port[]): (Track & { readonly track: number })[] {
  const tracks: Track[][] = [];
  return placePorts(links, ports).map((candidate) => {
    const isFree = (track: readonly Track[]): boolean =>
      track.every((other) => candidate.right < other.left || candidate.left > other.right);
    const found = tracks.findIndex(isFree);
    const track = found === -1 ? tracks.length : found;
    (tracks[track] ??= []).push(candidate);
    return { ...candidate, track };
  });
}

/** Links with the points where they leave their clusters, the longest first. */
function placePorts(links: readonly Link[], ports: readonly Port[]): Track[] {
  const position = new Map(ports.map((port, index) => [port.name, index]));
  const at = (name: string): number => position.get(name) ?? 0;
  const ordered = links.map((link) => (at(link.a) <= at(link.b) ? link : flipped(link)));
  const span = (link: Link): number => at(link.b) - at(link.a);
  const endOf = (link: Link, name: string): Point => {
    const toLeft = ordered.filter((other) => other.b === name).toSorted((x, y) => span(x) - span(y));
    const toRight = ordered.filter((other) => other.a === name).toSorted((x, y) => span(y) - span(x));
    const port = ports[at(name)];
    if (port === undefined) throw new Error(`No cluster ${name} in this row.`);
    const all = [...toLeft, ...toRight];
    return { x: port.left + ((all.indexOf(link) + 1) / (all.length + 1)) * (port.right - port.left), y: port.y };
  };
  return ordered
    .toSorted((x, y) => span(y) - span(x))
    .map((link) => {
      const a = endOf(link, link.a);
      const b = endOf(link, link.b);
      return { link, a, b, left: a.x, right: b.x };
    });
}

function flipped(link: Link): Link {
  return { ...link, a: link.b, b: link.a, toA: link.toB, toB: link.toA };
}

/** One row's share of a common line: its clusters, and the height at which the line runs. */
export interface BusRow {
  readonly y: number;
  readonly ports: readonly Port[];
}

/**
 * A common line for links of one kind: a trunk at `trunk` and a branch along each row.
 * @param links decides which clusters are joined, and at which end an arrow stands
 */
export function drawBus(kind: LineKind, links: readonly Link[], rows: readonly BusRow[], trunk: number): Line[] {
  const joined = (port: Port): boolean => links.some((link) => link.a === port.name || link.b === port.name);
  const used = rows.map((row) => ({ y: row.y, ports: row.ports.filter(joined) })).filter((row) => row.ports.length > 0);
  const [first, last] = [used.at(0), used.at(-1)];
  if (first === undefined || last === undefined) return [];
  const title = "The common line of all clusters";
  const plain = { kind, arrowAtStart: false, arrowAtEnd: false, title };
  const branches = used.map((row): Line => {
    const ends = row.ports.map(middle);
    const far = trunk < (ends[0] ?? 0) ? Math.max(...ends) : Math.min(...ends);
    return {
      ...plain,
      points: [
        { x: trunk, y: row.y },
        { x: far, y: row.y },
      ],
    };
  });
  const down: Line[] =
    first === last
      ? []
      : [
          {
            ...plain,
            points: [
              { x: trunk, y: first.y },
              { x: trunk, y: last.y },
            ],
          },
        ];
  const stubs = used.flatMap((row) => row.ports.map((port) => drawStub(kind, links, port, row.y)));
  return [...down, ...branches, ...stubs];
}

function drawStub(kind: LineKind, links: readonly Link[], port: Port, y: number): Line {
  const mine = links.filter((link) => link.a === port.name || link.b === port.name);
  const arrives = mine.some((link) => (link.a === port.name ? link.toA : link.toB));
  const leaves = mine.some((link) => (link.a === port.name ? link.toB : link.toA));
  const title = mine.map((link) => link.title).join("\n");
  const points = [
    { x: middle(port), y },
    { x: middle(port), y: port.y },
  ];
  return { kind, points, arrowAtStart: leaves, arrowAtEnd: arrives, title };
}

function middle(port: Port): number {
  return (port.left + port.right) / 2;
}

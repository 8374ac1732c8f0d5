/** One repeat of an experiment as a picture: who answered, what failed, how long it took, and when what was done. */
import { sum } from "d3-array";
import { binMilliseconds, binsOf, unnamed, type Bin } from "./picture/bins.ts";
import { succeeded, type Request } from "../measure/request.ts";
import type { Repeat, Result } from "../result.ts";
import { add, addText, newDrawing, renderDrawing, type Shape } from "./picture/drawing.ts";
import { drawFailures, stripHeight } from "./picture/failures.ts";
import { frameOf, type Frame } from "./picture/frame.ts";
import { drawHeader } from "./picture/header.ts";
import { decadesOf, drawLatency, latencyHeight } from "./picture/latency.ts";
import { drawLegend } from "./picture/legend.ts";
import { drawMarks, markLanes, markTimes, shadeMarks, type Stretch } from "./picture/marks.ts";
import { clusterPaints, paints, type Paint } from "./picture/palette.ts";
import { drawThroughput, mostOf, throughputHeight } from "./picture/throughput.ts";
import { clientName, count } from "./words.ts";

const headingHeight = 30;
const footer = 22;

/** What the picture shows of one client. */
interface Row {
  readonly client: string;
  readonly sent: number;
  readonly failed: number;
  readonly bins: readonly Bin[];
}

interface Timeline {
  readonly frame: Frame;
  readonly repeat: Repeat;
  readonly rows: readonly Row[];
  readonly answered: readonly string[];
  readonly paints: ReadonlyMap<string, Paint>;
}

/**
 * A stand-alone SVG document: no script, no style sheet, no font to fetch.
 * @param repeat one of the result's
 * @param requests all of that repeat, in any order
 * @throws Error where the repeat has no fault
 */
export function timelineSvg(result: Result, repeat: Repeat, requests: readonly Request[]): string {
  const timeline = timelineOf(result, repeat, requests);
  const { frame, rows } = timeline;
  const root = newDrawing();
  add(root, "title", {}, `${result.experiment}: ${result.title}`);
  add(root, "desc", {}, describe(rows));
  const page = add(root, "rect", { x: 0, y: 0, width: "100%", height: "100%", fill: paints.page, class: "page" });
  const header = drawHeader(root, frame, result, repeat);
  const failed = sum(rows, (row) => row.failed);
  const legend = drawLegend(root, frame, header, { ...timeline, failed });
  const height = drawRows(root, timeline, markLanes(legend + 8, repeat)) + footer;
  page.setAttribute("height", String(height));
  return renderDrawing(root, { width: frame.width, height });
}

function timelineOf(result: Result, repeat: Repeat, requests: readonly Request[]): Timeline {
  const byClient = Map.groupBy(requests, ({ client }) => client);
  const clients = new Set([...result.load.clients, ...byClient.keys()]);
  const rows = [...clients].map((client) => rowOf(client, byClient.get(client) ?? [], repeat));
  const answered = new Set(rows.flatMap(({ bins }) => bins.flatMap((bin) => [...bin.answered.keys()])));
  const named = [...answered].filter((name) => name !== unnamed).sort();
  return {
    frame: frameOf(repeat),
    repeat,
    rows,
    answered: [...named, ...(answered.has(unnamed) ? [unnamed] : [])],
    paints: clusterPaints([...result.clusters.map(({ name }) => name), ...named]),
  };
}

function rowOf(client: string, requests: readonly Request[], repeat: Repeat): Row {
  const failed = requests.filter((request) => !succeeded(request)).length;
  return { client, sent: requests.length, failed, bins: binsOf(requests, repeat) };
}

/** Draws the panels of each client below the lanes of the marks. Returns how far down they reach. */
function drawRows(root: Shape, { frame, repeat, rows, answered, paints: clusters }: Timeline, lanes: Stretch): number {
  const all = rows.flatMap(({ bins }) => bins);
  const [most, decades, lines] = [mostOf(all), decadesOf(all), markTimes(repeat)];
  const panels: Stretch[] = [];
  // What must stay readable is drawn last.
  const [shades, plots, marks, texts] = [add(root, "g"), add(root, "g"), add(root, "g"), add(root, "g")];
  let y = lanes[1];
  for (const row of rows) {
    addText(texts, heading(row), { x: frame.left, y: y + 22, "font-size": 13, "font-weight": "bold", class: "client" });
    const strip = y + headingHeight;
    const latency = strip + stripHeight + throughputHeight;
    drawThroughput(plots, frame, strip + stripHeight, { bins: row.bins, answered, paints: clusters, most, lines });
    drawLatency(plots, frame, latency, row.bins, decades);
    drawFailures(texts, frame, strip, row.bins);
    y = latency + latencyHeight;
    panels.push([strip + 4, y - 22]);
  }
  shadeMarks(shades, frame, repeat, panels);
  drawMarks(marks, frame, repeat, lanes, panels);
  const axis = `seconds since the fault began, by when a request was sent; in steps of ${binMilliseconds} ms`;
  const middle = (frame.left + frame.right) / 2;
  addText(texts, axis, { x: middle, y: y + 10, "text-anchor": "middle", fill: paints.quiet });
  return y;
}

const heading = ({ client, sent, failed }: Row): string =>
  `${clientName(client).replace(/^c/, "C")}: ${count(sent)} requests, ${failed === 0 ? "none" : count(failed)} failed`;

function describe(rows: readonly Row[]): string {
  const what = "Requests per second by the cluster that answered, failed requests, and latency (p50 and p99)";
  return [`${what}, over the seconds since the fault began.`, ...rows.map((row) => `${heading(row)}.`)].join(" ");
}

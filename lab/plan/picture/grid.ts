/** Where clusters and network frames stand: clusters of one network side by side, at most `columns` in a row. */
import type { ClusterPlan } from "../../../topology/types.ts";
import { clusterWidth } from "./cluster-box.ts";

export const framePadding = 16;
/** Room for the network's name above its clusters. */
export const frameTop = 36;
const clusterGap = 20;
const frameGap = 24;

export interface Grid {
  readonly rows: readonly (readonly Cell[])[];
  readonly frames: readonly Frame[];
  /** From the left edge of the first frame to the right edge of the widest row. */
  readonly width: number;
}

export interface Cell {
  readonly cluster: ClusterPlan;
  /** Left edge of the cluster, from the left edge of the first frame. */
  readonly x: number;
}

export interface Frame {
  readonly network: string;
  readonly x: number;
  readonly width: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/** How many clusters stand side by side: all of up to four; beyond that, rows of three or four. */
export function columnsFor(clusters: number): number {
  if (clusters <= 4) return clusters;
  return clusters <= 9 ? 3 : 4;
}

/** Places networks in the order of their first clusters; one that needs more than a row gets whole rows of its own. */
export function placeClusters(clusters: readonly ClusterPlan[]): Grid {
  const columns = columnsFor(clusters.length);
  const rows: Cell[][] = [];
  const frames: Frame[] = [];
  let cursor = { x: 0, used: columns };
  for (const [network, members] of Map.groupBy(clusters, (cluster) => cluster.network)) {
    if (cursor.used + members.length > columns) {
      cursor = { x: 0, used: 0 };
      rows.push([]);
    }
    const firstRow = rows.length - 1;
    const start = cursor.x;
    const perRow = Math.min(columns, members.length);
    for (const [index, cluster] of members.entries()) {
      if (index > 0 && index % columns === 0) rows.push([]);
      rows.at(-1)?.push({ cluster, x: start + framePadding + (index % columns) * (clusterWidth + clusterGap) });
    }
    const width = 2 * framePadding + perRow * clusterWidth + (perRow - 1) * clusterGap;
    frames.push({ network, x: start, width, firstRow, lastRow: rows.length - 1 });
    cursor = { x: start + width + frameGap, used: members.length > columns ? columns : cursor.used + members.length };
  }
  return { rows, frames, width: Math.max(...frames.map((frame) => frame.x + frame.width)) };
}

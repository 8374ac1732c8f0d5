/** What a picture is made of: plain shapes with coordinates in pixels, y downwards. `svg.ts` turns them into SVG. */

export interface Box {
  /** Unique in the picture; a text names the box that must hold it. */
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
  readonly stroke: string;
  readonly radius: number;
  readonly strokeWidth?: number;
  readonly dash?: string;
}

export interface Text {
  readonly text: string;
  /** The whole text, where `text` is a shortened one. */
  readonly full: string;
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly fill: string;
  readonly anchor: "start" | "middle" | "end";
  /** The box that must hold this text. */
  readonly within: string;
}

export interface Line {
  readonly kind: LineKind;
  readonly points: readonly Point[];
  readonly arrowAtStart: boolean;
  readonly arrowAtEnd: boolean;
  /** What the line says, for a reader of the source and for the tooltip. */
  readonly title: string;
}

export type LineKind = "remote-secret" | "east-west" | "request";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** Painted in this order, before lines and texts. */
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly texts: readonly Text[];
}

export const colours = {
  page: "#ffffff",
  ink: "#1b2430",
  quiet: "#5a6675",
  network: { fill: "#f4f7fb", stroke: "#9db2cc" },
  cluster: { fill: "#ffffff", stroke: "#5b7da8" },
  primary: { fill: "#e4ecff", stroke: "#466bb0", ink: "#24447f" },
  remote: { fill: "#eef0f3", stroke: "#8793a3", ink: "#45505e" },
  controlPlane: { fill: "#e9f0ff", stroke: "#466bb0" },
  ingress: { fill: "#fff3df", stroke: "#c98a1b" },
  egress: { fill: "#f6ecdf", stroke: "#a8763e" },
  eastWest: { fill: "#dff5f0", stroke: "#12806a" },
  tenant: { fill: "#fff6d6", stroke: "#c9a227" },
  sample: { fill: "#f1f1f4", stroke: "#b4b8c2" },
} as const;

export const lineColours: Readonly<Record<LineKind, string>> = {
  "remote-secret": "#7a3fa0",
  "east-west": "#12806a",
  request: "#c98a1b",
};

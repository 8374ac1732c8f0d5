/**
 * Colours that stay apart in every kind of colour vision: those of https://jfly.uni-koeln.de/color/ without its
 * vermilion and its yellow, then further ones of https://personal.sron.nl/~pault/ ("muted") that nobody takes for the
 * red of failures.
 */
const clusterPalette = [
  { fill: "#0072b2", ink: "#ffffff" },
  { fill: "#e69f00", ink: "#1b2430" },
  { fill: "#009e73", ink: "#ffffff" },
  { fill: "#56b4e9", ink: "#1b2430" },
  { fill: "#cc79a7", ink: "#1b2430" },
  { fill: "#332288", ink: "#ffffff" },
  { fill: "#88ccee", ink: "#1b2430" },
  { fill: "#ddcc77", ink: "#1b2430" },
  { fill: "#aa4499", ink: "#ffffff" },
] as const;

export interface Paint {
  readonly fill: string;
  /** For text on it. */
  readonly ink: string;
}

export const paints = {
  page: "#ffffff",
  ink: "#1b2430",
  quiet: "#5a6675",
  failed: "#d4001a",
  unnamed: "#b4b8c2",
  /** Between p50 and p99. */
  band: "#dfe4ec",
  p99: "#7d8794",
  /** While a fault or its undo is being done. */
  doing: "#fff2b3",
} as const;

/**
 * The colour of each cluster, by the order of all names: in every picture of one lab a cluster has the same. More than
 * nine clusters share colours.
 */
export function clusterPaints(names: Iterable<string>): ReadonlyMap<string, Paint> {
  const sorted = [...new Set(names)].sort();
  return new Map(
    sorted.map((name, index) => [name, clusterPalette[index % clusterPalette.length] ?? clusterPalette[0]]),
  );
}

import { createHash } from "node:crypto";

/** A resource whose creation can fail. */
export interface Position {
  readonly urn: string;
  readonly type: string;
}

/** Of the positions that are tried where not all are: change it to try others. */
const seed = process.env["ISTIO_LAB_SEED"] ?? "istio-lab";

/** Some positions, the same each time, spread over types: one of each type before a second of any. */
export function chosen(positions: readonly Position[], count: number): Position[] {
  const rank = ({ urn }: Position) => createHash("sha256").update(`${seed} ${urn}`).digest("hex");
  const ranked = [...positions].sort((left, right) => (rank(left) < rank(right) ? -1 : 1));
  const byType = Map.groupBy(ranked, ({ type }) => type);
  const round = (position: Position) => byType.get(position.type)?.indexOf(position) ?? 0;
  return ranked.sort((left, right) => round(left) - round(right)).slice(0, count);
}

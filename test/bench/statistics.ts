/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("There is no median of nothing.");
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)];
  return ((sorted[low] ?? NaN) + (sorted[high] ?? NaN)) / 2;
}

/** Several measurements of one thing. */
export interface Sample {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function sample(values: readonly number[]): Sample {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How much more `subject` took than `reference`, measured in turns: each value is compared with its neighbour, so that
 * a machine that is slower for a while slows both.
 */
export function ratios(subject: readonly number[], reference: readonly number[]): Sample {
  if (subject.length !== reference.length) throw new Error("Every measurement needs its counterpart.");
  return sample(subject.map((value, index) => value / (reference[index] ?? NaN)));
}

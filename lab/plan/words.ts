/** Small helpers for sentences. */

/** `1 zone`, `2 zones`. Only for nouns whose plural is an added s. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

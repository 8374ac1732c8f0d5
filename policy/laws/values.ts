/** Inputs may be anything, and laws ask the same few questions of them. */

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The text that an input is; everything else as JSON, which matches no name. */
export function text(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

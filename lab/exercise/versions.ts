/** Which version of helloworld answered. */
import type { Answer } from "./observe/eye.ts";

/** `v1`, `v2`, or the status where it was not 200. */
export const versionsOf = (answers: readonly Answer[]): string[] =>
  answers.map(({ status, body }) => (status === 200 ? (/version: (\w+)/.exec(body)?.[1] ?? "?") : String(status)));

/** `v1 and v2`, for a sentence. */
export const listed = (answered: readonly string[]): string => [...new Set(answered)].sort().join(" and ") || "nobody";

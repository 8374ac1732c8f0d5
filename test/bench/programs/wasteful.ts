/** Breaks the limits on purpose: imports like the others, then burns time and keeps memory. */
import "./imports.ts";

const seconds = 3;
const mebibytes = 400;

export default function program(): { kept: number } {
  const kept = Buffer.alloc(mebibytes * 1024 * 1024, 1);
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) kept[0] = (kept[0] ?? 0) + 1;
  return { kept: kept.length };
}

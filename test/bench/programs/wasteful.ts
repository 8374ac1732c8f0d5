/** Breaks the limits on purpose: imports like the others, then burns time and keeps memory. */
import "./imports.ts";

const seconds = 3;
const mebibytes = 400;

export default function program(): { kept: number } {
  const kept = Buffer.alloc(mebibytes * 1024 * 1024, 1);
  // Of the processor's time, which is what is measured: on a busy machine the clock's would burn little of it.
  const burnt = () => process.cpuUsage().user / 1e6;
  const end = burnt() + seconds;
  while (burnt() < end) kept.reverse();
  return { kept: kept.length };
}

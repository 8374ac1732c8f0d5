// Preloaded into every measured process: at its end it writes what the operating system has counted for it, to the
// file descriptor that the bench opened. JavaScript, so that reading it needs no type stripper, which the program may
// or may not load.
import { readFileSync, writeSync } from "node:fs";

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpuMicroseconds: userCPUTime + systemCPUTime, peakKiB: ownPeak() ?? maxRSS }));
});

/**
 * On Linux `maxRSS` outlives `exec` and so is never less than the bench's own; the peak of this program alone is the
 * high-water mark of its memory. See getrusage(2) and proc_pid_status(5).
 */
function ownPeak() {
  if (process.platform !== "linux") return undefined;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes);
}

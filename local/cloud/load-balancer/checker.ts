import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { createConnection } from "node:net";
import type { HealthCheck, TargetHealth } from "../../aws/runtime.ts";

/** One target to be checked, from the load balancer's address in its zone. */
export interface Check {
  /** Of the target group. */
  arn: string;
  ip: string;
  port: number;
  /** Absent: the machine's own choice. */
  source?: string;
  /** Whom HTTP asks for; absent: the address. */
  host?: string;
  health: TargetHealth;
  check: HealthCheck;
}

export interface Finding {
  arn: string;
  ip: string;
  port: number;
  health: "healthy" | "unhealthy";
}

interface Watched {
  target: Check;
  /** Consecutive results that contradict the known state. */
  streak: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Probes targets and reports changes of their health: a new target is healthy after its first success, any other
 * changes after as many results in a row as its thresholds say.
 */
export class HealthChecker {
  readonly #watched = new Map<string, Watched>();
  readonly #report: (finding: Finding) => void;
  readonly #probe: (check: Check) => Promise<boolean>;

  constructor(report: (finding: Finding) => void, probe: (check: Check) => Promise<boolean> = probeTarget) {
    this.#report = report;
    this.#probe = probe;
  }

  /** From now on exactly these. */
  update(checks: Check[]): void {
    const wanted = new Map(checks.map((check) => [`${check.arn} ${check.ip}:${check.port}`, check]));
    for (const [key, watched] of this.#watched) {
      if (wanted.has(key)) continue;
      clearTimeout(watched.timer);
      this.#watched.delete(key);
    }
    for (const [key, target] of wanted) {
      const known = this.#watched.get(key);
      if (known !== undefined) {
        known.target = { ...target, health: known.target.health };
        continue;
      }
      const watched: Watched = { target, streak: 0, timer: undefined };
      this.#watched.set(key, watched);
      void this.#turn(key, watched);
    }
  }

  async #turn(key: string, watched: Watched): Promise<void> {
    const started = Date.now();
    const passed = await this.#probe(watched.target);
    if (this.#watched.get(key) !== watched) return;
    this.#judge(watched, passed);
    const pause = Math.max(0, watched.target.check.interval * 1000 - (Date.now() - started));
    watched.timer = setTimeout(() => void this.#turn(key, watched), pause);
  }

  #judge(watched: Watched, passed: boolean): void {
    const { target } = watched;
    const result = passed ? "healthy" : "unhealthy";
    if (target.health === result) {
      watched.streak = 0;
      return;
    }
    watched.streak++;
    const { healthyThreshold, unhealthyThreshold } = target.check;
    const needed = passed ? (target.health === "initial" ? 1 : healthyThreshold) : unhealthyThreshold;
    if (watched.streak < needed) return;
    watched.streak = 0;
    target.health = result;
    this.#report({ arn: target.arn, ip: target.ip, port: target.port, health: result });
  }
}

/** Whether a target answers one request in time. */
export function probeTarget({ ip, port, source, host, check }: Check): Promise<boolean> {
  const from = source === undefined ? {} : { localAddress: source };
  const where = { host: ip, port: check.port === "traffic-port" ? port : check.port, ...from };
  const timeout = check.timeout * 1000;
  return new Promise((resolve) => {
    if (check.protocol === "TCP") {
      const socket = createConnection(where);
      const done = (passed: boolean) => (): void => {
        socket.destroy();
        resolve(passed);
      };
      // The socket's own timeout does not cover connecting through a filter that drops.
      const timer = setTimeout(done(false), timeout);
      socket.once("close", () => {
        clearTimeout(timer);
      });
      socket.once("connect", done(true));
      socket.once("error", done(false));
      return;
    }
    const send = check.protocol === "HTTPS" ? httpsRequest : httpRequest;
    const headers = host === undefined ? {} : { host };
    const options = { ...where, path: check.path ?? "/", headers, rejectUnauthorized: false, agent: false };
    const outgoing = send(options, ({ statusCode = 0 }) => {
      resolve(statusCode >= 200 && statusCode < 400);
      outgoing.destroy();
    });
    const timer = setTimeout(() => outgoing.destroy(new Error("timeout")), timeout);
    outgoing.once("close", () => {
      clearTimeout(timer);
      resolve(false);
    });
    outgoing.once("error", () => {
      resolve(false);
    });
    outgoing.end();
  });
}

// Started by health.ts in a VPC's router namespace: checks come in, findings go out; without its parent it ends.
if (process.argv[1] === import.meta.filename && process.send !== undefined) {
  const checker = new HealthChecker((finding) => process.send?.(finding));
  process.on("message", (checks) => {
    checker.update(checks as Check[]);
  });
  process.on("disconnect", () => process.exit(0));
}

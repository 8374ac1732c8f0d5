/** The public DNS and Route 53's health checker, as the daemon has them: run in the internet's namespace by a test. */
import type { LedgerSnapshot } from "../../aws/runtime.ts";
import { DnsServer } from "../../cloud/dns.ts";
import { EndpointChecks } from "../../cloud/endpoint-checks.ts";
import { internetAddresses } from "../../cloud/names.ts";
import { emptySnapshot } from "../../cloud/world.ts";

/** What a check has found. */
export interface Report {
  id: string;
  health: "healthy" | "unhealthy";
}

const dns = new DnsServer(internetAddresses.resolver, emptySnapshot);
const report = (id: string, health: Report["health"]): Promise<void> => {
  process.send?.({ id, health } satisfies Report);
  return Promise.resolve();
};
const checks = new EndpointChecks({ report }, () => undefined);
process.on("message", (snapshot: LedgerSnapshot) => {
  void dns.update(snapshot).then(() => {
    checks.update(snapshot);
    process.send?.("ready");
  });
});
process.on("disconnect", () => process.exit(0));

import { Resolver } from "node:dns/promises";
import type { LedgerEndpointHealth } from "../aws/controller.ts";
import type { EndpointCheckRecord, LedgerSnapshot } from "../aws/runtime.ts";
import { HealthChecker, probeTarget } from "./load-balancer/checker.ts";
import type { Check } from "./load-balancer/checker.ts";
import { internetAddresses } from "./names.ts";

/** Seconds: four to connect and two to answer, taken together. */
const timeout = 6;

/**
 * Route 53's health checkers: one of them, on the internet, which is the calling process's own network. It looks the
 * host up anew for every request, and asks for it by its name.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class EndpointChecks {
  readonly #checker: HealthChecker;

  constructor(
    ledger: LedgerEndpointHealth,
    log: (line: string) => void,
    resolverAddress: string = internetAddresses.resolver,
  ) {
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([resolverAddress]);
    this.#checker = new HealthChecker(
      ({ arn, ip, health }) => {
        log(`health check ${arn} of ${ip} is ${health}`);
        ledger.report(arn, health).catch((error: unknown) => {
          log(`health check ${arn}: ${String(error)}`);
        });
      },
      (check) => probe(resolver, check),
    );
  }

  update({ endpointChecks }: LedgerSnapshot): void {
    this.#checker.update(endpointChecks.map(checkOf));
  }

  close(): void {
    this.#checker.update([]);
  }
}

/** As the checker of load balancers knows it; the host stands where that has an address. */
function checkOf({ id, host, port, path, interval, failureThreshold, health }: EndpointCheckRecord): Check {
  const thresholds = { healthyThreshold: failureThreshold, unhealthyThreshold: failureThreshold };
  return { arn: id, ip: host, port, health, check: { protocol: "HTTP", port, path, interval, timeout, ...thresholds } };
}

async function probe(resolver: Resolver, check: Check): Promise<boolean> {
  const addresses = await resolver.resolve4(check.ip).catch(() => []);
  const ip = addresses[Math.floor(Math.random() * addresses.length)];
  return ip !== undefined && probeTarget({ ...check, ip, host: check.ip });
}

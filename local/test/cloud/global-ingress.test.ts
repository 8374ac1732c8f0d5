import "./own-world.ts";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { LedgerSnapshot, NetworkInterfaceRecord } from "../../aws/runtime.ts";
import { run } from "../../cloud/exec.ts";
import { internetNamespace, nodeNamespace } from "../../cloud/names.ts";
import { NetworkApplier } from "../../cloud/network/apply.ts";
import { deriveNetwork } from "../../cloud/network/router.ts";
import { enterCommand, openWorld } from "../../cloud/world.ts";
import { Lab } from "../aws/lab.ts";
import type { Report } from "./internet-services.ts";
import { needKernel, scratchWorld, serve } from "./kernel.ts";
import { balancer, instance, merge, vpc } from "./snapshots.ts";

const host = "www.lab.example";

/** Route 53's records and checks in the ledger, two regions in the kernel, and a user on the internet. */
describe("one host over two regions", function () {
  this.timeout(60_000);
  let world: ReturnType<typeof scratchWorld> | undefined;
  let lab: Lab;
  let services: ChildProcess | undefined;
  const regions: { part: LedgerSnapshot; eni: NetworkInterfaceRecord; name: string }[] = [];
  const gateways = new Map<string, ChildProcess>();
  const home = (eni: NetworkInterfaceRecord): string => nodeNamespace({ name: eni.owner, networkInterfaceId: eni.id });
  const startGateways = async (...names: string[]): Promise<void> => {
    for (const { eni, name } of regions) {
      if (names.includes(name)) gateways.set(name, await serve(home(eni), 8080, name, { http: true }));
    }
  };

  /** Everything in one ledger: networks by hand, names and checks as Route 53 has them, asking more often than it does. */
  const snapshot = (): LedgerSnapshot => {
    const all = merge(...regions.map(({ part }) => part));
    const { canonicalNames, endpointChecks } = lab.ledger.snapshot();
    const dns = all.loadBalancers.map(({ hostname, zones }) => ({
      name: hostname,
      addresses: zones.flatMap(({ publicIp }) => publicIp ?? []),
      ttl: 60,
    }));
    return { ...all, dns, canonicalNames, endpointChecks: endpointChecks.map((each) => ({ ...each, interval: 0.2 })) };
  };
  const tell = (): Promise<void> =>
    new Promise((resolve) => {
      const heard = (message: unknown): void => {
        if (message !== "ready") return;
        services?.off("message", heard);
        resolve();
      };
      services?.on("message", heard);
      services?.send(snapshot());
    });
  /** Who answers a user in thirty requests, each with a look-up of its own; an error's code where nobody does. */
  const answering = async (): Promise<string[]> => {
    const script = `const { get } = require("node:http");
      const one = () => new Promise((done) => get({ host: "${host}", agent: false, timeout: 1000 }, (response) =>
        response.on("data", (data) => done(String(data)))).on("error", (error) => done(error.code)));
      (async () => { for (let times = 0; times < 30; times++) console.log(await one()); })()`;
    const argv = enterCommand([process.execPath, "-e", script], { runDir: world?.runDir ?? "" });
    return [...new Set((await run(argv)).trim().split("\n"))].sort();
  };
  const until = async (...expected: string[]): Promise<void> => {
    for (let tries = 0; ; tries++) {
      const found = await answering();
      if (found.join() === expected.join()) return;
      assert.ok(tries < 20, `${found.join()} answered, not ${expected.join()}`);
    }
  };

  before(async function () {
    needKernel(this);
    world = scratchWorld();
    const network = new NetworkApplier(world.runDir);
    await openWorld(world.runDir);
    lab = await Lab.open();
    const { zoneId } = lab.invoke("aws:route53/getZone:getZone", { name: "lab.example" }) as { zoneId: string };
    for (const [index, name] of ["east", "west"].entries()) {
      const part = vpc(index + 1, index === 0 ? "us-east-1" : "us-west-2");
      const eni = instance(part, 0, 5);
      const { lb } = balancer(part, [{ eni, port: 8080, health: "healthy" }]);
      regions.push({ part, eni, name });
      const fqdn = lb.hostname;
      const healthCheckId = await lab.make("healthCheck", {
        ...{ type: "HTTP", fqdn, port: 80, resourcePath: "/", requestInterval: 10, failureThreshold: 3 },
      });
      await lab.make("record", {
        ...{ zoneId, name: host, type: "CNAME", ttl: 10, records: [fqdn], healthCheckId },
        ...{ setIdentifier: name, weightedRoutingPolicies: [{ weight: 100 }] },
      });
    }
    await network.apply(deriveNetwork(snapshot()));
    await startGateways("east", "west");
    const script = join(import.meta.dirname, "internet-services.ts");
    services = spawn("nsenter", [`--net=/run/netns/${internetNamespace}`, process.execPath, script], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    services.on("message", (message) => {
      if (message === "ready") return;
      const { id, health } = message as Report;
      void lab.ledger.endpointHealth.report(id, health).then(tell);
    });
    await tell();
  });
  after(async () => {
    services?.kill("SIGKILL");
    await world?.end();
  });

  it("answers a user from both", async () => {
    assert.deepEqual(await answering(), ["east", "west"]);
  });

  it("answers from the surviving region alone when the other's gateway is gone, and from both again", async () => {
    gateways.get("east")?.kill("SIGKILL");
    await until("west");
    await startGateways("east");
    await until("east", "west");
  });

  it("control: without its health check a region that is gone goes on being answered", async () => {
    for (const { type, id } of lab.ledger.resources()) {
      if (type === "aws:route53/healthCheck:HealthCheck") await lab.delete("healthCheck", id);
    }
    await tell();
    gateways.get("west")?.kill("SIGKILL");
    // As long as it took to leave a region out above, and longer.
    for (let tries = 0; tries < 3; tries++) assert.deepEqual(await answering(), ["ECONNREFUSED", "east"]);
  });
});

import "./own-world.ts";
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { decode, encode } from "dns-packet";
import type { EndpointCheckRecord } from "../../aws/runtime.ts";
import { answer, viewOf } from "../../cloud/dns.ts";
import { EndpointChecks } from "../../cloud/endpoint-checks.ts";
import { emptySnapshot } from "../../cloud/world.ts";

const host = "ingress.elb.amazonaws.com";

describe("Route 53's health checker", () => {
  const found: string[] = [];
  const asked: string[] = [];
  let status = 200;
  let addresses: string[] = ["127.0.0.1"];
  let checks: EndpointChecks;
  const dns = createSocket("udp4");
  const web = createServer((request, response) => {
    asked.push(`${request.headers.host ?? ""}${request.url ?? ""}`);
    response.writeHead(status).end();
  });
  const until = async (what: string): Promise<void> => {
    for (let tries = 0; found.at(-1) !== what; tries++) {
      assert.ok(tries < 200, `waiting for ${what}, found ${found.join()}`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  };

  before(async () => {
    dns.on("message", (message, from) => {
      const record = { name: host, addresses, ttl: 0 };
      dns.send(encode(answer(viewOf({ ...emptySnapshot, dns: [record] }), decode(message))), from.port, from.address);
    });
    dns.bind(0, "127.0.0.1");
    web.listen(0, "127.0.0.1");
    await Promise.all([once(dns, "listening"), once(web, "listening")]);
    const report = (id: string, health: string): Promise<void> => {
      found.push(`${id} ${health}`);
      return Promise.resolve();
    };
    checks = new EndpointChecks({ report }, () => undefined, `127.0.0.1:${dns.address().port}`);
    const { port } = web.address() as AddressInfo;
    const check: EndpointCheckRecord = {
      ...{ id: "check", host, port, path: "/healthz", interval: 0.02, failureThreshold: 3 },
      health: "healthy",
    };
    checks.update({ ...emptySnapshot, endpointChecks: [check] });
  });
  after(() => {
    checks.close();
    dns.close();
    web.close();
  });

  it("asks under the endpoint's own name, and reports nothing while that is as it was", async () => {
    while (asked.length < 5) await new Promise((wake) => setTimeout(wake, 20));
    assert.match(asked[0] ?? "", /^ingress\.elb\.amazonaws\.com(:\d+)?\/healthz$/);
    assert.deepEqual(found, []);
  });

  it("gives an endpoint up that answers with an error as often as the threshold says, not before", async () => {
    status = 503;
    const before = asked.length;
    await until("check unhealthy");
    assert.ok(asked.length - before >= 3, `${asked.length - before} requests`);
    status = 200;
    await until("check healthy");
  });

  it("gives one up whose name is gone, or leads nowhere", async () => {
    addresses = [];
    await until("check unhealthy");
    addresses = ["127.0.0.1"];
    await until("check healthy");
  });
});

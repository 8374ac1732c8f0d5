import assert from "node:assert/strict";
import { checkConfig } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { dynamicEntry } from "./rules/case.ts";

type Entry = NonNullable<LabConfig["serviceEntries"]>[number];
const one = [{ address: "192.0.2.1" }];
const two = [...one, { address: "192.0.2.2" }];
const problems = (entry: Partial<Entry>): string[] =>
  checkConfig({ serviceEntries: [{ ...dynamicEntry, hosts: ["example.com"], ...entry }] }).issues.map(
    ({ code, message }) => `${code}: ${message}`,
  );

describe("a ServiceEntry", () => {
  it("has the endpoints that its resolution takes", () => {
    assert.match(String(problems({ resolution: "STATIC" })), /^service-entry-endpoints: .* lists none\./);
    assert.match(String(problems({ resolution: "NONE", endpoints: one })), /^service-entry-endpoints: .* yet lists/);
    assert.match(
      String(problems({ ...dynamicEntry, endpoints: one })),
      /^service-entry-endpoints: .* host of each request, and yet lists/,
    );
    assert.match(
      String(problems({ resolution: "DNS_ROUND_ROBIN", endpoints: two })),
      /^service-entry-endpoints: .* with one endpoint at most, and lists 2\./,
    );
    for (const resolution of ["STATIC", "DNS"] as const) assert.deepEqual(problems({ resolution, endpoints: two }), []);
    for (const resolution of ["NONE", "DNS", "DNS_ROUND_ROBIN"] as const)
      assert.deepEqual(problems({ resolution }), []);
    assert.deepEqual(problems({ resolution: "DNS_ROUND_ROBIN", endpoints: one }), []);
    assert.deepEqual(problems(dynamicEntry), []);
  });

  it("has a wildcard only where nobody is to look that up", () => {
    const hosts = ["*.example.com"];
    for (const resolution of ["DNS", "DNS_ROUND_ROBIN"] as const)
      assert.match(String(problems({ hosts, resolution })), /^service-entry-wildcard: /);
    for (const resolution of ["NONE", "DYNAMIC_DNS"] as const) assert.deepEqual(problems({ hosts, resolution }), []);
    assert.deepEqual(problems({ hosts, resolution: "STATIC", endpoints: two }), []);
    assert.deepEqual(problems({ hosts, resolution: "DNS", endpoints: two }), []);
  });

  it("is looked up by request only where a request says its host", () => {
    const ports = (protocol: string) => ({ ...dynamicEntry, ports: [{ number: 80, name: "port", protocol }] });
    for (const protocol of ["HTTP", "http", "HTTP2", "GRPC", "TLS"]) assert.deepEqual(problems(ports(protocol)), []);
    for (const protocol of ["TCP", "HTTPS", "MONGO"])
      assert.match(String(problems(ports(protocol))), new RegExp(`^dynamic-dns-protocol: .* ${protocol} of port 80 `));
  });
});

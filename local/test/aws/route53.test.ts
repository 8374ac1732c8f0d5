import assert from "node:assert/strict";
import { AwsError } from "../../aws/errors.ts";
import { NullRuntime } from "../../aws/runtime.ts";
import type { Props } from "../../aws/resource.ts";
import { Lab } from "./lab.ts";

const getZone = "aws:route53/getZone:getZone";
const check = {
  ...{ type: "HTTP", fqdn: "east.elb.amazonaws.com", port: 80, resourcePath: "/healthz" },
  ...{ requestInterval: 10, failureThreshold: 3 },
};

function refusal(code: string, words: RegExp) {
  return (error: unknown) => error instanceof AwsError && error.code === code && words.test(error.message);
}

describe("Route 53", () => {
  let lab: Lab;
  let zoneId: string;
  const runtime = new NullRuntime();
  const weighted = (setIdentifier: string, more: Props = {}): Props => ({
    ...{ zoneId, name: "www.lab.example", type: "CNAME", ttl: 10, records: [`${setIdentifier}.elb.amazonaws.com`] },
    ...{ setIdentifier, weightedRoutingPolicies: [{ weight: 100 }] },
    ...more,
  });
  /** Hosts that the name may be answered with now. */
  const answered = (name = "www.lab.example") =>
    runtime.last?.canonicalNames.find((each) => each.name === name)?.targets.map(({ host }) => host.split(".")[0]);

  beforeEach(async () => {
    lab = await Lab.open({ runtime: () => runtime });
    ({ zoneId } = lab.invoke(getZone, { name: "lab.example" }) as { zoneId: string });
  });

  it("has the account's zone, by name with or without its dot, and no other", () => {
    assert.equal(lab.invoke(getZone, { name: "lab.example." })["zoneId"], zoneId);
    assert.equal(lab.invoke(getZone, { zoneId })["name"], "lab.example");
    for (const args of [{ name: "other.example" }, { name: "lab.example", privateZone: true }, {}])
      assert.throws(() => lab.invoke(getZone, args), refusal("NotFound", /no matching Route 53 Hosted Zone found/));
  });

  it("is no resource of a region, and the zone no resource at all", async () => {
    assert.deepEqual(lab.ledger.resources(), []);
    const id = await lab.make("record", weighted("east"));
    assert.equal(id, `${zoneId}_www.lab.example_CNAME_east`);
    assert.ok(lab.in("us-east-1").read("record", id));
  });

  it("answers with every healthy record of a name, and with all when none is", async () => {
    const checks = [await lab.make("healthCheck", check), await lab.make("healthCheck", check)];
    await lab.make("record", weighted("east", { healthCheckId: checks[0] }));
    await lab.make("record", weighted("west", { healthCheckId: checks[1] }));
    const report = (index: number, health: "healthy" | "unhealthy") =>
      lab.ledger.endpointHealth.report(checks[index] ?? "", health);
    assert.deepEqual(answered(), ["east", "west"], "a new check counts as healthy");
    await report(0, "unhealthy");
    assert.deepEqual(answered(), ["west"]);
    await report(1, "unhealthy");
    assert.deepEqual(answered(), ["east", "west"]);
    await report(0, "healthy");
    assert.deepEqual(answered(), ["east"]);
    await lab.ledger.endpointHealth.report("nobody", "unhealthy");
  });

  it("turns to records of weight 0 only when no other is healthy, and never when none is", async () => {
    const checks = [await lab.make("healthCheck", check), await lab.make("healthCheck", check)];
    await lab.make("record", weighted("east", { healthCheckId: checks[0] }));
    const nothing = { healthCheckId: checks[1], weightedRoutingPolicies: [{ weight: 0 }] };
    await lab.make("record", weighted("west", nothing));
    assert.deepEqual(answered(), ["east"]);
    await lab.ledger.endpointHealth.report(checks[0] ?? "", "unhealthy");
    assert.deepEqual(answered(), ["west"]);
    await lab.ledger.endpointHealth.report(checks[1] ?? "", "unhealthy");
    assert.deepEqual(answered(), ["east"]);
  });

  it("tells the checkers what to ask whom, and how often", async () => {
    const id = await lab.make("healthCheck", { type: "HTTP", fqdn: "east.elb.amazonaws.com" });
    assert.deepEqual(runtime.last?.endpointChecks, [
      {
        ...{ id, host: "east.elb.amazonaws.com", port: 80, path: "/", interval: 30, failureThreshold: 3 },
        health: "healthy",
      },
    ]);
    assert.equal(lab.read("healthCheck", id)?.outputs["health"], undefined, "what AWS finds is no output");
  });

  it("takes a name without the zone as one inside it", async () => {
    const { outputs } = await lab.create("record", weighted("east", { name: "www" }));
    assert.deepEqual([outputs["name"], outputs["fqdn"]], ["www", "www.lab.example"]);
  });

  it("lets a check go that a record uses, which then counts as healthy", async () => {
    const healthCheckId = await lab.make("healthCheck", check);
    await lab.make("record", weighted("east", { healthCheckId }));
    await lab.make("record", weighted("west"));
    await lab.ledger.endpointHealth.report(healthCheckId, "unhealthy");
    assert.deepEqual(answered(), ["west"]);
    await lab.delete("healthCheck", healthCheckId);
    assert.deepEqual(answered(), ["east", "west"]);
  });

  it("leads a name elsewhere in place, and forgets it with its last record", async () => {
    const id = await lab.make("record", weighted("east"));
    await lab.update("record", id, weighted("east", { records: ["other.elb.amazonaws.com"] }));
    assert.deepEqual(answered(), ["other"]);
    await lab.delete("record", id);
    assert.equal(answered(), undefined);
  });

  for (const [what, code, words, more, before] of [
    ["an unknown zone", "NoSuchHostedZone", /No hosted zone found with ID: Z1/, { zoneId: "Z1" }],
    [
      "the zone's own name",
      "InvalidChangeBatch",
      /not permitted at apex in zone lab\.example/,
      { name: "lab.example" },
    ],
    ["a set identifier twice", "InvalidChangeBatch", /set identifier='east'\] but it already exists/, {}, {}],
    [
      "a weighted record beside a simple one",
      "InvalidChangeBatch",
      /other RRSets exist/,
      {},
      { setIdentifier: undefined, weightedRoutingPolicies: undefined },
    ],
    ["a health check that is not there", "NoSuchHealthCheck", /No health check/, { healthCheckId: "gone" }],
  ] as [string, string, RegExp, Props, Props?][]) {
    it(`refuses ${what}`, async () => {
      if (before) await lab.make("record", weighted("east", before));
      await assert.rejects(lab.make("record", weighted("east", more)), refusal(code, words));
    });
  }

  for (const [property, reason, type, inputs] of [
    ["weightedRoutingPolicies", /set_identifier/, "record", { setIdentifier: undefined }],
    ["setIdentifier", /Expected exactly one of \[Weight/, "record", { weightedRoutingPolicies: undefined }],
    ["weightedRoutingPolicies", /between 0 and 255/, "record", { weightedRoutingPolicies: [{ weight: 256 }] }],
    ["ttl", /Missing field 'TTL'/, "record", { ttl: undefined }],
    ["records", /exactly one value/, "record", { records: ["a.example", "b.example"] }],
    ["type", /records of type A are not part/, "record", { type: "A" }],
    ["failoverRoutingPolicies", /not part/, "record", { failoverRoutingPolicies: [{ type: "PRIMARY" }] }],
    ["requestInterval", /\[10 30\], got 20/, "healthCheck", { requestInterval: 20 }],
    ["failureThreshold", /\(1 - 10\), got 11/, "healthCheck", { failureThreshold: 11 }],
    ["type", /type TCP are not part/, "healthCheck", { type: "TCP" }],
    ["ipAddress", /not part/, "healthCheck", { ipAddress: "198.51.100.1" }],
    ["path", /not expected here/, "healthCheck", { path: "/" }],
  ] as [string, RegExp, "record" | "healthCheck", Props][]) {
    it(`refuses at preview what is wrong with the ${property} of a ${type}: ${reason.source}`, () => {
      const { failures } = lab.check(type, { ...(type === "record" ? weighted("east") : check), ...inputs });
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
      );
      assert.match(failures[0]?.reason ?? "", reason);
    });
  }
});

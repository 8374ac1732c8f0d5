import assert from "node:assert/strict";
import { clockSkew } from "../../../../lab/experiment/run/clock-skew.ts";
import { FakeCluster, putDeployment } from "../fake-lab.ts";

describe("the skew of a clock", () => {
  for (const ahead of [0, 5_000, -5_000]) {
    it(`is seen: ${ahead} ms`, async () => {
      const cluster = new FakeCluster("east");
      putDeployment(cluster, "experiment", "server", 1);
      // A second begins there just now.
      cluster.prints = (_at, command) => (command.at(-1) === ":" ? "" : `${(Date.now() + ahead) / 1_000}\n`);
      const skew = await clockSkew(cluster);
      assert.ok(Math.abs(skew.ahead - ahead) <= skew.within + 5, JSON.stringify(skew));
      assert.ok(skew.within < 1_000);
    });
  }
});

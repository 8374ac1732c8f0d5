import assert from "node:assert/strict";
import { install } from "../../../../lab/experiment/run/install.ts";
import { fakeLab, putDeployment } from "../fake-lab.ts";

describe("what experiments put into a lab", () => {
  it("begins by ending the clients that a killed run has left: theirs would be added to the load of the next", async () => {
    const lab = fakeLab();
    const east = lab.clusters.get("east")!;
    putDeployment(east, "experiment", "client", 1);
    putDeployment(east, "elsewhere", "client", 1);
    // What comes afterwards is not of interest here.
    east.refused.add("apply");
    await assert.rejects(install(lab, 3, []), /east does not answer/);
    assert.deepEqual(
      east.calls.filter((call) => call.startsWith("remove")),
      ["remove Pod experiment/client-0 within 0 s"],
    );
    assert.ok(east.calls.findIndex((call) => call.startsWith("apply")) > 0, "before anything else is made");
  });
});

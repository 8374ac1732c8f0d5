import assert from "node:assert/strict";
import { connectedIn } from "../../../lab/cluster/istiod.ts";

describe("what an istiod says of itself", () => {
  it("tells which istiod serves whom", () => {
    const istiod = { cluster: "east", pod: "istiod-1" };
    const printed = '[{"cluster_id":"west","proxy":"a.b","istio_version":"1.31.1","cluster_sent":"x"},{"proxy":"c.d"}]';
    assert.deepEqual(connectedIn(printed, istiod), [
      { istiod, proxy: "a.b", cluster: "west", version: "1.31.1" },
      { istiod, proxy: "c.d", cluster: "", version: "" },
    ]);
  });
});

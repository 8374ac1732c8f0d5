import assert from "node:assert/strict";
import { watch } from "node:fs";
import { inotifyInstances, inotifyShortage, instancesHeldBy } from "../../cloud/cluster/inotify.ts";

describe("inotify instances", () => {
  it("are enough for a node, or the node is refused with what to do", () => {
    assert.equal(inotifyShortage({ limit: 128, used: 110 }), undefined);
    assert.match(inotifyShortage({ limit: 128, used: 111 }) ?? "", /128 .*111 are in use.*sysctl -w fs\.inotify/s);
  });

  it("are counted: this process makes one when it watches a file", () => {
    const watcher = watch(import.meta.filename, () => undefined);
    try {
      assert.equal(instancesHeldBy("self"), 1);
      assert.ok(inotifyInstances().used >= 1);
    } finally {
      watcher.close();
    }
    assert.ok(inotifyInstances().limit > 0);
  });
});

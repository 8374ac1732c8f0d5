import assert from "node:assert/strict";
import { kill } from "../../../../lab/experiment/faults/kill.ts";
import { scale } from "../../../../lab/experiment/faults/scale.ts";
import { freshPods } from "../../../../lab/experiment/run/fresh-pods.ts";
import { fakeLab, putDeployment, type FakeCluster, type FakeLab } from "../fake-lab.ts";

const server = { cluster: "east", namespace: "experiment", deployment: "server", labels: "app=server" };

describe("pods before a repeat", () => {
  let lab: FakeLab;
  let east: FakeCluster;
  const removals = () => east.calls.filter((call) => call.startsWith("remove"));
  const died = (name: string, where: "containerStatuses" | "initContainerStatuses") => {
    const pod = east.objects.get(`Pod experiment/${name}`)!;
    const status = { ...(pod["status"] as object), [where]: [{ restartCount: 0 }, { restartCount: 1 }] };
    east.objects.set(`Pod experiment/${name}`, { ...pod, status });
  };

  beforeEach(() => {
    lab = fakeLab();
    east = lab.clusters.get("east")!;
    putDeployment(east, "experiment", "server", 4);
  });

  it("are replaced where they have died and are to die again, whether a container died or a sidecar", async () => {
    died("server-1", "containerStatuses");
    died("server-2", "initContainerStatuses");
    await freshPods(lab, [kill(server, 1)]);
    assert.deepEqual(removals(), [
      "remove Pod experiment/server-1 within 0 s",
      "remove Pod experiment/server-2 within 0 s",
    ]);
  });

  it("are left alone where none has died, or where none is to be killed", async () => {
    await freshPods(lab, [kill(server, 1)]);
    died("server-1", "containerStatuses");
    await freshPods(lab, [scale("east", "experiment", "server", 0)]);
    assert.deepEqual(removals(), []);
  });
});

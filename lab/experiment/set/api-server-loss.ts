import type { Experiment, Scene } from "../experiment.ts";
import { cutFrom } from "../faults/cut.ts";
import { kill } from "../faults/kill.ts";
import { answeredElsewhere, istiodOf, noneFails, staysHome } from "./common.ts";

const apiServerCut = ({ near, far }: Scene) => cutFrom(near.name, far.name, ["api-server"]);

export const apiServerLoss: Experiment = {
  name: "api-server-loss",
  title: "One cluster's istiod cannot read the other's API server, while requests cross to that cluster",
  needs: { clusters: 2, cut: true },
  setup: ({ near }) => [answeredElsewhere(near)],
  fault: (scene) => [apiServerCut(scene)],
  timing: { during: 20 },
  expect: () => [noneFails("What istiod has read it keeps, and its proxies with it.")],
};

/**
 * Seconds for which it is held down, so that to undo that is to have new pods. Those that were killed would come back later
 * with each repeat (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy).
 */
const down = 1;

export const istiodRestart: Experiment = {
  name: "istiod-restart",
  title: "Every istiod of one primary starts anew and cannot read the other cluster's API server",
  needs: { clusters: 2, cut: true, istiod: true },
  setup: (scene) => [apiServerCut(scene)],
  fault: ({ near }) => [kill(istiodOf(near), near.controlPlane?.replicas ?? 1, down)],
  timing: { during: down },
  expect: ({ near }) => [
    {
      figure: "restored",
      client: near.name,
      atMost: 30_000,
      because: "It waits for other clusters, but no longer than `PILOT_REMOTE_CLUSTER_TIMEOUT` says.",
    },
    staysHome,
  ],
};

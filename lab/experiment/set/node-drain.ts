import type { Experiment } from "../experiment.ts";
import { drainNode } from "../faults/drain-node.ts";
import { namespace, server } from "../workload/names.ts";
import { answeredElsewhere, noneFails } from "./common.ts";

export const nodeDrain: Experiment = {
  name: "node-drain",
  title: "A node is emptied, as an upgrade of its group does it",
  needs: { zones: 2 },
  // A client on the node would leave with it, and one in another zone asks nobody there: so one comes from outside, by the
  // gateways, to all that the cluster has.
  setup: ({ near, far }) => (far === near ? [] : [answeredElsewhere(far)]),
  clients: ({ near, far, zones }) => [
    { cluster: near.name, zone: zones[near.name]?.at(-1) ?? "" },
    ...(far === near ? [] : [{ cluster: far.name }]),
  ],
  fault: ({ near, zones }) => [drainNode(near.name, namespace, server, zones[near.name]?.[0] ?? "")],
  timing: { during: 15 },
  expect: () => [
    noneFails(
      "Evicted pods are taken out of service first, and budgets keep a gateway, an istiod and two pods of three.",
    ),
  ],
};

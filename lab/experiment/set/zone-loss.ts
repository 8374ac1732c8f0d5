import type { Experiment } from "../experiment.ts";
import { cut } from "../faults/cut.ts";
import { noneFails } from "./common.ts";

export const zoneLoss: Experiment = {
  name: "zone-loss",
  title: "Nothing reaches one of two zones any more, nor leaves it",
  needs: { zones: 2, cut: true },
  clients: ({ near, far, zones }) => [
    { cluster: near.name, zone: zones[near.name]?.[0] ?? "" },
    ...(far === near ? [] : [{ cluster: far.name }]),
  ],
  fault: ({ near, zones }) => {
    // The last, because the local cloud's API servers speak through an interface in the first.
    const lost = zones[near.name]?.at(-1) ?? "";
    return [
      cut({ cluster: near.name, zones: [lost], blocks: ["0.0.0.0/0"], says: `zone ${lost} of ${near.name} cut off` }),
    ];
  },
  timing: { during: 20 },
  expect: () => [
    noneFails(
      "Requests stay in their zone, as long as it has endpoints; of the others each is tried again, and its endpoint out.",
    ),
  ],
};

import type { Experiment } from "../experiment.ts";
import { answeredElsewhere, noFlapping, noneFails } from "./common.ts";

export const scaleToZero: Experiment = {
  name: "scale-to-zero",
  title: "The service has no endpoint any more in one cluster",
  needs: { clusters: 2 },
  fault: ({ near }) => [answeredElsewhere(near)],
  expect: ({ near }) => [
    noneFails("Endpoints leave the proxies' lists before their pods end."),
    noFlapping,
    {
      figure: "homeShareDuring",
      client: near.name,
      atMost: 0.6,
      because: "Once its own endpoints are gone, the other cluster answers.",
    },
  ],
};

import type { Experiment } from "../experiment.ts";
import { answer } from "../faults/answer.ts";
import { noneFails } from "./common.ts";

/** Shorter than the shipped `perTryTimeout` of a second and a half. */
const below = 1_000;
/** Longer than it. */
const above = 3_000;

export const slowService: Experiment = {
  name: "slow-service",
  title: "Every pod of the service in one cluster answers a second late: slow, but not too slow",
  needs: { clusters: 2 },
  fault: ({ near }) => [answer(near.name, { delay: below })],
  expect: ({ near }) => [
    noneFails("A late answer is an answer."),
    {
      figure: "homeShareDuring",
      client: near.name,
      atLeast: 1,
      because: "Outlier detection counts errors and time-outs, not latency: a slow endpoint is kept.",
    },
  ],
};

export const stuckService: Experiment = {
  name: "stuck-service",
  title: "Every pod of the service in one cluster answers three seconds late: later than a try may take",
  needs: { clusters: 2 },
  fault: ({ near }) => [answer(near.name, { delay: above })],
  timing: { during: 15 },
  expect: ({ near }) => [
    noneFails("A try that times out is made again, elsewhere, and its endpoint is out."),
    {
      figure: "p99During",
      client: near.name,
      atMost: 3_500,
      because: "Two zones, in each of which one try of a second and a half is made; then comes the other cluster.",
    },
    {
      figure: "steadyAfterFault",
      client: near.name,
      atMost: 5_000,
      because: "After the first time-outs all local endpoints are out.",
    },
  ],
};

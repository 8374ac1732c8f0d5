import type { Experiment } from "../experiment.ts";
import { answer } from "../faults/answer.ts";

const pods = 3;

export const sickService: Experiment = {
  name: "sick-service",
  title: "Every pod of the service in one cluster answers 500",
  needs: { clusters: 2 },
  replicas: pods,
  fault: ({ near }) => [answer(near.name, { status: 500 })],
  expect: ({ near, far }) => [
    {
      figure: "failed",
      client: near.name,
      atMost: pods,
      because: "The first bad answer of an endpoint puts it out for this client, and 500 is not tried again.",
    },
    {
      figure: "failedAgain",
      client: near.name,
      atMost: 0,
      because: "What is sent after an endpoint's first bad answer goes elsewhere.",
    },
    { figure: "failed", client: far.name, atMost: 0, because: "The other cluster's clients never come here." },
    {
      figure: "steadyAfterFault",
      client: near.name,
      atMost: 5_000,
      because: "Ejection is immediate; with every local endpoint out, the other cluster answers.",
    },
  ],
};

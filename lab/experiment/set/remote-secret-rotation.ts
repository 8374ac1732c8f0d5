import type { Experiment } from "../experiment.ts";
import { config } from "../faults/config.ts";
import { answeredElsewhere, noneFails } from "./common.ts";

export const remoteSecretRotation: Experiment = {
  name: "remote-secret-rotation",
  title: "Every istiod gets a new token for the other clusters' API servers, while requests cross between them",
  needs: { clusters: 2 },
  setup: ({ near }) => [answeredElsewhere(near)],
  fault: () => [config("new reader tokens by `pulumi up`", { "access.readerTokenHours": 1 })],
  timing: { during: 15 },
  expect: () => [
    noneFails("The new token is in place before the old one goes, and istiod keeps the endpoints it knows."),
  ],
};

/** Controls: the lab with something left out that the shipped policy has. Each must fail, as predicted. */
import type { KubernetesObject } from "../../../istio/object.ts";
import type { Experiment, Scene } from "../experiment.ts";
import { answer } from "../faults/answer.ts";
import { ownRoot } from "../faults/own-root.ts";
import { policy } from "../faults/policy.ts";
import { server } from "../workload/names.ts";
import { serverPolicy } from "../workload/server.ts";
import { answeredElsewhere } from "./common.ts";

/** Of a DestinationRule the first, of a VirtualService the second. */
interface Spec {
  readonly trafficPolicy?: { outlierDetection?: { maxEjectionPercent?: number } };
  readonly http?: { name?: string; retries: object }[];
}

/** The shipped object of a kind, named as the service is, with the same change in every cluster that has it. */
function changed({ lab: { plan } }: Scene, kind: string, says: string, change: (spec: Spec) => void) {
  return plan.clusters.flatMap((cluster) =>
    serverPolicy(plan, cluster)
      .filter((object) => object.kind === kind && object.metadata.name === server)
      .map((from) => {
        const to = structuredClone(from) as KubernetesObject & { spec: Spec };
        change(to.spec);
        return policy(cluster.name, from, to, says);
      }),
  );
}

/** Without retries that leave the locality the rule alone is on trial. */
const mistaken = (scene: Scene, says: string, mistake: (spec: Spec) => void) => [
  ...changed(scene, "DestinationRule", says, mistake),
  ...changed(scene, "VirtualService", "without retries", ({ http = [] }) => {
    for (const route of http) {
      delete route.name;
      route.retries = { attempts: 0 };
    }
  }),
];

export const noOutlierDetection: Experiment = {
  name: "no-outlier-detection",
  title: "Every pod of the service in one cluster answers 500, and nobody ejects them",
  control: true,
  needs: { clusters: 2 },
  setup: (scene) =>
    mistaken(scene, "without outlier detection", ({ trafficPolicy }) => {
      delete trafficPolicy?.outlierDetection;
    }),
  fault: ({ near }) => [answer(near.name, { status: 500 })],
  expect: ({ near }) => [
    {
      figure: "steadyAfterFault",
      client: near.name,
      never: true,
      because: "Without outlier detection nobody leaves an endpoint, however sick it is.",
    },
    {
      figure: "failedShare",
      client: near.name,
      atLeast: 0.2,
      because:
        "There are no priorities either: requests go to all endpoints of both clusters, the sick ones among them.",
    },
  ],
};

export const defaultMaxEjection: Experiment = {
  name: "default-max-ejection",
  title: "Every pod of the service in one cluster answers 500, and Envoy may eject a tenth of them",
  control: true,
  needs: { clusters: 2 },
  setup: (scene) =>
    mistaken(scene, "with the default maxEjectionPercent", ({ trafficPolicy }) => {
      delete trafficPolicy?.outlierDetection?.maxEjectionPercent;
    }),
  fault: ({ near }) => [answer(near.name, { status: 500 })],
  expect: ({ near }) => [
    {
      figure: "steadyAfterFault",
      client: near.name,
      never: true,
      because: "Envoy ejects 10 % of endpoints by default, so most sick ones stay.",
    },
  ],
};

export const differentRoots: Experiment = {
  name: "different-roots",
  title: "The cluster that answers has a root of its own",
  control: true,
  needs: { clusters: 2, eastWest: true, istiod: true },
  setup: ({ near }) => [answeredElsewhere(near)],
  fault: ({ far }) => [ownRoot(far.name)],
  expect: ({ near }) => [
    {
      figure: "steadyAfterFault",
      client: near.name,
      never: true,
      because: "Its certificates are not signed by a root that the client trusts.",
    },
  ],
};

export const noLocality: Experiment = {
  name: "no-locality",
  title: "A client whose locality nobody knows, with every endpoint well",
  control: true,
  needs: { clusters: 2 },
  clients: ({ near }) => [{ cluster: near.name, locality: "nowhere/nozone" }],
  // Nothing is done: where its requests go is what is looked at.
  fault: () => [],
  timing: { during: 5, after: 5 },
  expect: ({ near }) => [
    {
      figure: "homeShareDuring",
      client: near.name,
      atMost: 0.8,
      because: "No endpoint is nearer than any other, so all get their share.",
    },
  ],
};

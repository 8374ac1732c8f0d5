import { meshOf } from "../../../istio/plan-queries.ts";
import { exercise, type Stage } from "../exercise.ts";
import { clientIn, destinationRule, serverAndClient, spaceOf, specsIn } from "../ground.ts";
import type { Eye } from "../observe/eye.ts";
import { splitsByVersion } from "../routes.ts";
import { apply } from "../step.ts";
import { listed, versionsOf } from "../versions.ts";
import type { ClusterPlan } from "../../../topology/types.ts";

const space = spaceOf("two-clusters");

/** What each cluster runs, by which its answers are known. */
const homes = ({ near, far }: Stage): readonly (readonly [ClusterPlan, string])[] => [
  [near, "v1"],
  [far, "v2"],
];

async function look(cluster: ClusterPlan, version: string, eye: Eye) {
  const answered = await eye.call({
    from: clientIn(cluster, space),
    url: `http://helloworld.${space}:5000/hello`,
    times: 20,
  });
  // Each istiod follows the rules of the cluster that holds its configuration.
  const rules = await specsIn(eye, cluster, "DestinationRule", space);
  const deployments = await eye.list<{ status?: { readyReplicas?: number } }>(cluster.name, "apps/v1", "Deployment", {
    namespace: space,
  });
  return {
    name: cluster.name,
    home: version,
    answered: versionsOf(answered),
    fails: rules.some(({ trafficPolicy }) => trafficPolicy?.outlierDetection !== undefined),
    mayLeave: rules
      .map(({ trafficPolicy }) => trafficPolicy?.outlierDetection)
      .every((detection) => detection === undefined || detection.maxEjectionPercent === 100),
    splits: await splitsByVersion(eye, cluster, space),
    runs: deployments.some(
      ({ metadata, status }) => metadata.name === `helloworld-${version}` && (status?.readyReplicas ?? 0) > 0,
    ),
  };
}

export const twoClusters = exercise({
  name: "two-clusters",
  title: "Two clusters of one mesh: who answers, and how each comes to answer its own clients",
  stack: "multi",
  needs: { clusters: 2 },
  namespaces: [space],
  start: (stage) =>
    homes(stage).flatMap(([cluster, version]) =>
      apply(cluster.name, ...serverAndClient(stage, cluster, space, "helloworld", { versions: [version] })),
    ),
  observe: (stage, eye) => Promise.all(homes(stage).map(([cluster, version]) => look(cluster, version, eye))),
  judge: (clusters) =>
    clusters.flatMap(({ name, home, answered, fails, mayLeave, splits, runs }) => [
      [runs, `helloworld ${home} is to run in ${name}: that nobody else is there is no preference.`] as const,
      [
        answered.every((version) => version === home),
        `curl in ${name} is to be answered by ${home}, which is at home there; answered: ${listed(answered)}.`,
      ] as const,
      [
        fails,
        `Nothing tells the proxies of ${name} when an endpoint is out, so that they never leave their own locality, nor keep to it. Whose objects does the istiod that serves ${name} read?`,
      ] as const,
      [
        mayLeave,
        `By default only some of the endpoints are put out at a time. The last one at home in ${name} has to be allowed to be, or nobody takes over for it.`,
      ] as const,
      [
        !splits,
        `In ${name} helloworld is split by version. Who is sent to ${home} alone is answered by nobody when it is sick.`,
      ] as const,
    ]),
  solve: (stage) =>
    [...new Set(homes(stage).map(([{ config }]) => config))].flatMap((cluster) =>
      apply(
        cluster,
        destinationRule(space, "helloworld", {
          host: `helloworld.${space}.svc.cluster.local`,
          trafficPolicy: {
            loadBalancer: { localityLbSetting: { enabled: true } },
            outlierDetection: {
              // The lab's own, where it has any.
              ...(meshOf(stage.lab, stage.near).failover?.outlierDetection ?? {
                consecutive5xxErrors: 1,
                interval: "1s",
                baseEjectionTime: "1m",
              }),
              // With less, such as Istio's default, the last one is never left.
              maxEjectionPercent: 100,
            },
          },
        }),
      ),
    ),
});

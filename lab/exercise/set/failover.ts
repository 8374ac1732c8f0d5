import { serviceHost } from "../../../topology/names.ts";
import { type PodObject, runs } from "../../status/shapes.ts";
import { exercise } from "../exercise.ts";
import { answers, asked, clientIn, destinationRule, meshed, readAnswers, sample, spaceOf, specsIn } from "../ground.ts";
import { splitsByVersion } from "../routes.ts";
import { apply, type Step } from "../step.ts";
import { listed, versionsOf } from "../versions.ts";

const space = spaceOf("failover");
const url = `http://helloworld.${space}:5000/hello`;

export const failover = exercise({
  name: "failover",
  title: "A failover, predicted and made: the service at home falls silent, and the other cluster answers",
  stack: "multi",
  needs: { clusters: 2 },
  namespaces: [space],
  start: (stage) => [
    ...apply(
      stage.near.name,
      meshed(stage, stage.near, space),
      ...sample(stage, stage.near, "helloworld", space, { versions: ["v1"] }),
      ...sample(stage, stage.near, "curl", space),
    ),
    ...apply(
      stage.far.name,
      meshed(stage, stage.far, space),
      ...sample(stage, stage.far, "helloworld", space, { versions: ["v2"] }),
    ),
  ],
  async observe({ near }, eye) {
    const from = clientIn(near, space);
    const pods = await eye.list<PodObject>(near.name, "v1", "Pod", { namespace: space, labels: "app=helloworld" });
    const rules = await specsIn(eye, near, "DestinationRule", space);
    // The first may fail: that is what an endpoint is put out for.
    await eye.call({ from, url, times: 3 });
    return {
      given: await readAnswers(eye, near, space),
      rules: rules.map(({ trafficPolicy }) => trafficPolicy?.outlierDetection),
      home: pods.filter(runs).length,
      splits: await splitsByVersion(eye, near, space),
      answered: versionsOf(await eye.call({ from, url, times: 20 })),
    };
  },
  judge: ({ given, rules, home, splits, answered }, { near, far }) => [
    asked(given, "before", "v1", `Who answers curl in ${near.name} once your rule is in place and all are well?`),
    asked(given, "after", "v2", `Who answers it once nobody in ${near.name} listens?`),
    asked(
      given,
      "lost",
      (count) => /^\d+$/.test(count),
      "How many requests are lost on the way, do you think? A number; no check knows better.",
    ),
    [
      rules.some((detection) => detection !== undefined),
      "Nothing says when an endpoint is out, and without that no proxy looks beyond its own locality.",
    ],
    [
      rules.every((detection) => detection === undefined || detection.maxEjectionPercent === 100),
      "By default only some of the endpoints are put out at a time. The last one at home has to be allowed to be.",
    ],
    [home > 0, `The pods in ${near.name} are to be there, and to be silent: that none is there is another matter.`],
    [
      !splits,
      `In ${near.name} helloworld is split by version. Who is sent to v2 in any case has not failed over to it.`,
    ],
    [
      answered.every((version) => version === "v2"),
      `curl in ${near.name} is to be answered from ${far.name} alone; answered: ${listed(answered)}. Do the proxies of helloworld still listen?`,
    ],
  ],
  solve: ({ near }) => [
    ...apply(
      near.config,
      answers(space, { before: "v1", after: "v2", lost: "1" }),
      destinationRule(space, "helloworld", {
        host: serviceHost("helloworld", space),
        trafficPolicy: {
          // As in Istio's task: each request makes a connection of its own, so that silence is noticed at once.
          connectionPool: { tcp: { connectTimeout: "1s" }, http: { maxRequestsPerConnection: 1 } },
          loadBalancer: { localityLbSetting: { enabled: true } },
          outlierDetection: {
            consecutive5xxErrors: 1,
            interval: "1s",
            baseEjectionTime: "10m",
            maxEjectionPercent: 100,
          },
        },
      }),
    ),
    silence(near.name),
  ],
});

/** https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/ */
const silence = (cluster: string): Step => ({
  do: "exec",
  cluster,
  namespace: space,
  labels: "app=helloworld",
  container: "istio-proxy",
  command: ["pilot-agent", "request", "POST", "drain_listeners"],
});

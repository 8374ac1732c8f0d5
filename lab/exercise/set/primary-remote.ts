import { networkingApi } from "../../../istio/object.ts";
import { exercise } from "../exercise.ts";
import { answers, asked, clientIn, meshed, readAnswers, serverAndClient, spaceOf } from "../ground.ts";
import { firstRuns, toSecond } from "../routes.ts";
import { istiodsOf } from "../served.ts";
import { apply } from "../step.ts";
import { listed, versionsOf } from "../versions.ts";

const space = spaceOf("primary-remote");

export const primaryRemote = exercise({
  name: "primary-remote",
  title: "A cluster without a control plane of its own: who serves its proxies, and whose objects they follow",
  stack: "primary-remote",
  needs: { remote: true },
  namespaces: [space],
  start: (stage) => [
    ...apply(stage.near.name, meshed(stage, stage.near, space)),
    ...apply(stage.far.name, ...serverAndClient(stage, stage.far, space, "helloworld")),
  ],
  async observe({ near, far }, eye) {
    const from = clientIn(far, space);
    const answered = await eye.call({ from, url: `http://helloworld.${space}:5000/hello`, times: 20 });
    const stray = await eye.list(far.name, networkingApi, "VirtualService", { namespace: space });
    return {
      given: await readAnswers(eye, near, space),
      istiods: (await istiodsOf(eye, from)).map(({ cluster }) => cluster),
      answered: versionsOf(answered),
      first: await firstRuns(eye, far, space),
      stray: stray.length > 0,
    };
  },
  judge: ({ given, istiods, answered, first, stray }, { near, far }) => [
    asked(
      given,
      "istiod",
      (cluster) => istiods.includes(cluster),
      `It is to be the cluster in which the istiod runs that curl's proxy in ${far.name} is connected to.`,
    ),
    [
      answered.every((version) => version === "v2"),
      `curl in ${far.name} is to be answered by v2 alone; answered: ${listed(answered)}. Which API server does its istiod read routes from?`,
    ],
    [first, `helloworld v1 is to run in ${far.name}: that nobody else is there is no route.`],
    [!stray, `A VirtualService stands in ${far.name}, where nobody reads it. Leave it in ${near.name} alone.`],
  ],
  async solve({ near, far }, eye) {
    const [istiod] = await istiodsOf(eye, clientIn(far, space));
    return apply(near.name, answers(space, { istiod: istiod?.cluster ?? "" }), ...toSecond(space));
  },
});

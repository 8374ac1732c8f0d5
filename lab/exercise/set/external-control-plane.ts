import { exercise, type Stage } from "../exercise.ts";
import { answers, asked, clientIn, readAnswers, serverAndClient, spaceOf } from "../ground.ts";
import type { Eye } from "../observe/eye.ts";
import { firstRuns, toSecond } from "../routes.ts";
import { istiodsOf } from "../served.ts";
import { apply, reference } from "../step.ts";
import { listed, versionsOf } from "../versions.ts";

const space = spaceOf("external-control-plane");

/** Host and port at which the proxies of the cluster find their istiod, as its mesh configuration says. */
async function discoveryAddress({ near }: Stage, eye: Eye): Promise<string | undefined> {
  const found = await eye.read<{ readonly data?: Readonly<Record<string, string>> }>(
    near.name,
    reference("v1", "ConfigMap", "istio", near.istioNamespace),
  );
  return /^\s*discoveryAddress:\s*"?([^\s"]+)"?\s*$/m.exec(found?.data?.["mesh"] ?? "")?.[1];
}

export const externalControlPlane = exercise({
  name: "external-control-plane",
  title: "istiod outside of the cluster that it serves: where it is, how proxies find it, and where one configures it",
  stack: "external-control-plane",
  needs: { externalControlPlane: true },
  namespaces: [space],
  start: (stage) => apply(stage.near.name, ...serverAndClient(stage, stage.near, space, "helloworld")),
  async observe(stage, eye) {
    const from = clientIn(stage.near, space);
    const answered = await eye.call({ from, url: `http://helloworld.${space}:5000/hello`, times: 20 });
    return {
      given: await readAnswers(eye, stage.near, space),
      istiods: (await istiodsOf(eye, from)).map(({ cluster }) => cluster),
      address: await discoveryAddress(stage, eye),
      answered: versionsOf(answered),
      first: await firstRuns(eye, stage.near, space),
    };
  },
  judge: ({ given, istiods, address, answered, first }, { near }) => [
    asked(
      given,
      "istiod",
      (cluster) => istiods.includes(cluster),
      `It is to be the cluster in which the istiod runs that curl's proxy in ${near.name} is connected to.`,
    ),
    asked(
      given,
      "address",
      address,
      "It is to be host:port at which the proxies find istiod; the mesh configuration has it.",
    ),
    [
      answered.every((version) => version === "v2"),
      `curl is to be answered by v2 alone; answered: ${listed(answered)}. In which cluster does a route have to stand?`,
    ],
    [first, `helloworld v1 is to run in ${near.name}: that nobody else is there is no route.`],
  ],
  async solve(stage, eye) {
    const [istiod] = await istiodsOf(eye, clientIn(stage.near, space));
    return apply(
      stage.near.config,
      answers(space, { istiod: istiod?.cluster ?? "", address: (await discoveryAddress(stage, eye)) ?? "" }),
      ...toSecond(space),
    );
  },
});

import { serviceHost } from "../../../topology/names.ts";
import { exercise, type Stage } from "../exercise.ts";
import { answers, asked, clientIn, readAnswers, serverAndClient, spaceOf } from "../ground.ts";
import { rewritten } from "../routes.ts";
import type { Eye } from "../observe/eye.ts";
import { istiodsOf } from "../served.ts";
import { apply } from "../step.ts";

const space = spaceOf("istiods-jobs");
const helloworld = { host: serviceHost("helloworld", space), port: 5000 };
const upstream = `outbound|${String(helloworld.port)}||${helloworld.host}`;

async function facts({ near }: Stage, eye: Eye) {
  const client = clientIn(near, space);
  const [certificate, upstreams, istiods] = await Promise.all([
    eye.certificate(client),
    eye.upstreams(client),
    istiodsOf(eye, client),
  ]);
  return { certificate, knows: upstreams.some(({ name }) => name === upstream), istiods };
}

export const istiodsJobs = exercise({
  name: "istiods-jobs",
  title: "istiod's three jobs, seen: a certificate, a configuration, a push",
  stack: "single",
  needs: {},
  namespaces: [space],
  start: (stage) =>
    apply(stage.near.name, ...serverAndClient(stage, stage.near, space, "helloworld", { versions: ["v1"] })),
  async observe(stage, eye) {
    const [pushed] = await eye.call({
      from: clientIn(stage.near, space),
      url: `http://helloworld.${space}:5000/pushed`,
    });
    return { ...(await facts(stage, eye)), given: await readAnswers(eye, stage.near, space), pushed: pushed?.status };
  },
  judge: ({ certificate, knows, istiods, given, pushed }) => [
    asked(
      given,
      "identity",
      certificate?.identity,
      "It is to be who curl's proxy can prove to be, as its certificate has it: a URI.",
    ),
    asked(
      given,
      "upstream",
      (answer) => knows && answer === upstream,
      "It is to be the name by which curl's proxy knows port 5000 of helloworld, all versions together: four parts with | between.",
    ),
    asked(
      given,
      "istiod",
      (answer) => istiods.some(({ pod }) => pod === answer),
      "It is to be the pod that curl's proxy is connected to.",
    ),
    [
      pushed === 200,
      `helloworld answers /pushed with ${String(pushed ?? 0)}. A route that rewrites it to /hello would be pushed to every proxy that may call it.`,
    ],
  ],
  async solve(stage, eye) {
    const { certificate, istiods } = await facts(stage, eye);
    return apply(
      stage.near.config,
      answers(space, { identity: certificate?.identity ?? "", upstream, istiod: istiods[0]?.pod ?? "" }),
      rewritten(space, helloworld, "/pushed", "/hello"),
    );
  },
});

import { istioNamespace } from "../../../topology/names.ts";
import type { ClusterPlan } from "../../../topology/types.ts";
import { exercise, type Stage } from "../exercise.ts";
import { answers, asked, clientIn, meshed, readAnswers, sample, spaceOf } from "../ground.ts";
import type { Eye } from "../observe/eye.ts";
import { apply, reference, remove, restart, type Step } from "../step.ts";

const space = spaceOf("identity");
const secret = (name: string) => reference("v1", "Secret", name, istioNamespace);
/** What istiod signs with, where it keeps that while the exercise lasts, and what it makes where it was given nothing. */
const given = secret("cacerts");
const kept = secret("cacerts-before-exercise");
const selfSigned = secret("istio-ca-secret");

/** istiod first: whoever starts after it asks it for a certificate. */
async function restartIstio({ name }: ClusterPlan, eye: Eye): Promise<Step[]> {
  const found = await eye.list(name, "apps/v1", "Deployment", { namespace: istioNamespace });
  const names = found.map(({ metadata }) => metadata.name);
  const istiods = names.filter((each) => each.startsWith("istiod"));
  return restart(name, istioNamespace, ...istiods, ...names.filter((each) => !istiods.includes(each)));
}

const restartServer = ({ far }: Stage): Step[] => restart(far.name, space, "httpbin-v1");

/** Gives istiod back what it had, unless somebody has done that already, and has it read that. */
async function mend({ far }: Stage, eye: Eye): Promise<Step[]> {
  const cluster = far.name;
  const back = (await eye.read(cluster, given)) === undefined;
  return [
    ...(back ? [{ do: "copy", cluster, from: kept, to: given } as const] : []),
    ...remove(cluster, selfSigned, kept),
    ...(await restartIstio(far, eye)),
  ];
}

export const identity = exercise({
  name: "identity",
  title: "Who a workload can prove to be, what a foreign root does to that, and how it is mended",
  stack: "multi",
  needs: { clusters: 2, sharedRoot: true },
  namespaces: [space],
  async start(stage, eye) {
    const { near, far } = stage;
    return [
      ...apply(
        near.name,
        meshed(stage, near, space),
        // The Service alone, so that its name is known here; its pods are in the other cluster.
        ...sample(stage, near, "httpbin", space, { versions: [] }),
        ...sample(stage, near, "curl", space),
      ),
      ...apply(far.name, meshed(stage, far, space), ...sample(stage, far, "httpbin", space)),
      { do: "copy", cluster: far.name, from: given, to: kept },
      ...remove(far.name, given),
      ...(await restartIstio(far, eye)),
      ...restartServer(stage),
    ];
  },
  async observe({ near, far }, eye) {
    const [answer] = await eye.call({ from: clientIn(near, space), url: `http://httpbin.${space}:8000/headers` });
    return {
      written: await readAnswers(eye, near, space),
      certificate: await eye.certificate(clientIn(far, space, "httpbin")),
      stands: (await eye.read(far.name, given)) !== undefined,
      status: answer?.status,
    };
  },
  judge: ({ written, certificate, stands, status }, { near, far }) => [
    asked(written, "identity", certificate?.identity, `It is to be who httpbin in ${far.name} can prove to be: a URI.`),
    [stands, `istiod of ${far.name} still signs with a root of its own. What was it given, and where has that gone?`],
    [
      status === 200,
      `curl in ${near.name} gets ${String(status ?? 0)} from httpbin in ${far.name}. Whose root does the certificate have that httpbin shows, and when did it get it?`,
    ],
  ],
  solve: async (stage, eye) => [
    ...(await mend(stage, eye)),
    ...restartServer(stage),
    ...apply(
      stage.near.name,
      answers(space, { identity: (await eye.certificate(clientIn(stage.far, space, "httpbin")))?.identity ?? "" }),
    ),
  ],
  undo: async (stage, eye) => ((await eye.read(stage.far.name, kept)) === undefined ? [] : mend(stage, eye)),
});

import type { KubernetesObject } from "../../../istio/object.ts";
import { serviceHost } from "../../../topology/names.ts";
import type { Json } from "../../../topology/types.ts";
import { type PodObject, proxyOf, runs } from "../../status/shapes.ts";
import { exercise, type Stage } from "../exercise.ts";
import { clientIn, specsIn, joining, meshed, outside, peerAuthentication, sample, spaceOf } from "../ground.ts";
import { rewritten, toSecond } from "../routes.ts";
import { apply, relabel, restart, type Step } from "../step.ts";
import { listed, versionsOf } from "../versions.ts";

const space = spaceOf("pod-requirements");
const guarded = spaceOf("pod-requirements", "guarded");
const securityLevel = "pod-security.kubernetes.io/enforce";
const proxyUser = "as-proxy";

const at = (service: string, port: number, path: string): string => `http://${service}.${space}:${String(port)}${path}`;

/** Answers with 202 where the proxies know that it is HTTP; the application itself does not have that path. */
const route = rewritten(space, { host: serviceHost("httpbin", space), port: 8000 }, "/required", "/status/202");

const strict = peerAuthentication(space, "default", { mtls: { mode: "STRICT" } });

/** Its pods are selected by another label than `version`, because a Deployment's selector never changes. */
function second(stage: Stage, labels: Record<string, string>): KubernetesObject[] {
  return sample(stage, stage.near, "helloworld", space, { versions: ["v2"] })
    .filter(({ kind }) => kind === "Deployment")
    .map((object) => {
      const spec = object["spec"] as { readonly template: { readonly [key: string]: Json } };
      const selector = { matchLabels: { app: "helloworld", track: "second" } };
      const template = { ...spec.template, metadata: { labels: { ...selector.matchLabels, ...labels } } };
      return { ...object, spec: { ...spec, selector, template } };
    });
}

const caller = (stage: Stage, runAsUser: number) =>
  sample(stage, stage.near, "curl", space, { as: proxyUser, pod: { spec: { securityContext: { runAsUser } } } });

function named(objects: readonly KubernetesObject[], port: string): KubernetesObject[] {
  return objects.map((object) =>
    object.kind === "Service"
      ? { ...object, spec: { ...(object["spec"] as object), ports: [{ name: port, port: 8000, targetPort: 8080 }] } }
      : object,
  );
}

const unready = (steps: readonly Step[]): Step[] =>
  steps.map((step) => (step.do === "apply" ? { ...step, unready: true } : step));

export const podRequirements = exercise({
  name: "pod-requirements",
  title: "What Istio asks of Pods and Services: each requirement is broken once, and found",
  stack: "single",
  needs: {},
  namespaces: [space, guarded],
  start: (stage) => {
    const { near } = stage;
    return [
      ...apply(
        near.name,
        meshed(stage, near, space),
        strict,
        ...named(sample(stage, near, "httpbin", space), "tcp-web"),
        route,
        ...sample(stage, near, "helloworld", space, { versions: ["v1"] }),
        ...second(stage, {}),
        ...toSecond(space),
        ...sample(stage, near, "curl", space),
        ...caller(stage, 1337),
        outside(guarded, { ...joining(stage, near), [securityLevel]: "baseline" }),
      ),
      ...unready(apply(near.name, ...sample(stage, near, "httpbin", guarded))),
    ];
  },
  async observe(stage, eye) {
    const { near } = stage;
    const from = clientIn(near, space);
    const [policies, pods] = await Promise.all([
      specsIn(eye, near, "PeerAuthentication", space),
      eye.list<PodObject>(near.name, "v1", "Pod", { namespace: guarded }),
    ]);
    const [routed] = await eye.call({ from, url: at("httpbin", 8000, "/required") });
    const versions = await eye.call({ from, url: at("helloworld", 5000, "/hello"), times: 5 });
    const [asProxy] = await eye.call({
      from: clientIn(near, space, proxyUser),
      url: at("httpbin", 8000, "/headers"),
    });
    const seconds = await eye.list<PodObject>(near.name, "v1", "Pod", {
      namespace: space,
      labels: "app=helloworld,version=v2",
    });
    return {
      strict:
        policies.some(({ selector }) => Object.keys(selector?.matchLabels ?? {}).length === 0) &&
        policies.every(({ mtls }) => mtls?.mode === "STRICT"),
      routed: routed?.status,
      versions: versionsOf(versions),
      labelled: seconds.some(runs),
      asProxy,
      guarded: pods.filter(runs).some((pod) => proxyOf(pod) !== undefined),
    };
  },
  judge: (seen) => [
    [
      seen.strict,
      "Not all of the namespace is STRICT any more. It is to stay so: what a policy forbids shows what is wrong.",
    ],
    [
      seen.routed === 202,
      `httpbin answers /required with ${seen.routed ?? 0} instead of 202: the VirtualService is not followed. As what does the mesh see that port?`,
    ],
    [
      seen.versions.every((version) => version === "v2"),
      `helloworld is to be answered by v2, and is by ${listed(seen.versions)}. Which pods are in the subset?`,
    ],
    [
      seen.labelled,
      "No pod of helloworld has the labels app=helloworld and version=v2. A subset can do without the second; telemetry cannot.",
    ],
    [
      // As long as the port says TCP, httpbin hears of nobody who calls.
      seen.asProxy?.status === 200 && (seen.routed !== 202 || seen.asProxy.body.includes(`/sa/${proxyUser}`)),
      `The pod "${proxyUser}" gets ${seen.asProxy?.status ?? 0} from httpbin, and is to call it as ${proxyUser}. Do its requests pass through its proxy at all?`,
    ],
    [
      seen.guarded,
      `In ${guarded} no pod with a proxy runs. What does its ReplicaSet complain of, and which container needs that?`,
    ],
  ],
  solve: (stage) => {
    const { near } = stage;
    return [
      ...apply(near.name, ...named(sample(stage, near, "httpbin", space), "http")),
      ...apply(near.name, ...second(stage, { version: "v2" })),
      ...apply(near.name, ...caller(stage, 100)),
      relabel(near.name, guarded, { [securityLevel]: "privileged" }),
      ...restart(near.name, guarded, "httpbin-v1"),
    ];
  },
});

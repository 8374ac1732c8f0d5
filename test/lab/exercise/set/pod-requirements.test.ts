import { networkingApi, securityApi } from "../../../../istio/object.ts";
import { peerAuthentication } from "../../../../lab/exercise/ground.ts";
import { podRequirements } from "../../../../lab/exercise/set/pod-requirements.ts";
import { apply, reference, relabel, restart } from "../../../../lab/exercise/step.ts";
import { asHelloworld, pathBehind, requestOf, routeOf } from "../mesh.ts";
import { edit, tries } from "../trial.ts";
import type { Caller, PodCluster } from "../world.ts";

const [space = "", guarded = ""] = podRequirements.namespaces;
const httpbin = reference("v1", "Service", "httpbin", space);
const second = reference("apps/v1", "Deployment", "helloworld-v2", space);
const asProxy = reference("apps/v1", "Deployment", "as-proxy", space);

const saysHttp = (near: PodCluster): boolean =>
  (near.objectOf(httpbin)?.["spec"] as { ports: { name: string }[] }).ports[0]?.name.startsWith("http") === true;
const isStrict = (near: PodCluster): boolean => {
  const modes = ["httpbin", "default"]
    .map((name) => near.objectOf(reference(securityApi, "PeerAuthentication", name, space)))
    .map((found) => (found?.["spec"] as { mtls?: { mode?: string } } | undefined)?.mtls?.mode);
  return modes.find((mode) => mode !== undefined) === "STRICT";
};
const userOf = (near: PodCluster): number | undefined => {
  const { template } = near.objectOf(asProxy)?.["spec"] as {
    template: { spec: { securityContext: { runAsUser?: number } } };
  };
  return template.spec.securityContext.runAsUser;
};

/** Nobody follows a route of HTTP where a port says TCP, and the user 1337 calls past its proxy, in plain text. */
const mesh: Caller = (call, { near }) => {
  const request = requestOf(call);
  if (request.host.startsWith("helloworld")) return asHelloworld(call, near);
  const plain = call.from.app === "as-proxy" && userOf(near) === 1337;
  if (plain && isStrict(near)) return 0;
  const taken = saysHttp(near) && !plain ? routeOf(near, request) : undefined;
  const path = taken === undefined ? request.path : pathBehind(taken, request);
  if (path === "/headers")
    return plain || !saysHttp(near) ? "{}" : `URI=spiffe://cluster.local/ns/${space}/sa/${call.from.app}`;
  return Number(/^\/status\/(\d+)$/.exec(path)?.[1] ?? 404);
};

const asUser = (runAsUser: number) => ({ spec: { template: { spec: { securityContext: { runAsUser } } } } });
const withoutVersion = { spec: { template: { metadata: { labels: { version: null } } } } };
const policy = (name: string, mode: "STRICT" | "PERMISSIVE") =>
  peerAuthentication(space, name, {
    ...(name === "default" ? {} : { selector: { matchLabels: { app: name } } }),
    mtls: { mode },
  });

tries(podRequirements, {
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "while a port says TCP",
      steps: ({ near }) => [
        edit(near, httpbin, { spec: { ports: [{ name: "tcp-web", port: 8000, targetPort: 8080 }] } }),
      ],
      says: /^httpbin answers \/required with 404.*As what does the mesh see that port\?$/,
    },
    {
      title: "while a label is missing",
      steps: ({ near }) => [edit(near, second, withoutVersion)],
      says: /by 503\. Which pods/,
    },
    {
      title: "by a subset of another label",
      steps: ({ near }) => [
        edit(near, second, withoutVersion),
        edit(near, reference(networkingApi, "DestinationRule", "helloworld", space), {
          spec: { subsets: [{ name: "v2", labels: { track: "second" } }] },
        }),
      ],
      says: /^No pod of helloworld has the labels app=helloworld and version=v2/,
    },
    {
      title: "while an application is the proxy's user",
      steps: ({ near }) => [edit(near, asProxy, asUser(1337))],
      says: /^The pod "as-proxy" gets 0 from httpbin/,
    },
    {
      title: "by making httpbin permissive for who is the proxy's user",
      steps: ({ near }) => [...apply(near.name, policy("httpbin", "PERMISSIVE")), edit(near, asProxy, asUser(1337))],
      says: /^Not all of the namespace is STRICT any more.*\nThe pod "as-proxy" gets 200 from httpbin, and is to call it as as-proxy/,
    },
    {
      title: "by making httpbin permissive as well",
      steps: ({ near }) => apply(near.name, policy("httpbin", "PERMISSIVE")),
      says: /^Not all of the namespace is STRICT any more.*$/,
    },
    {
      title: "by making the namespace permissive",
      steps: ({ near }) => apply(near.name, policy("default", "PERMISSIVE")),
      says: /^Not all of the namespace is STRICT any more/,
    },
    {
      title: "by making the namespace permissive, and one workload strict",
      steps: ({ near }) => apply(near.name, policy("default", "PERMISSIVE"), policy("helloworld", "STRICT")),
      says: /^Not all of the namespace is STRICT any more/,
    },
    {
      title: "while the namespace forbids what the proxy needs",
      steps: ({ near }) => [
        relabel(near.name, guarded, { "pod-security.kubernetes.io/enforce": "baseline" }),
        // Not `restart`, which would wait for pods that do not come.
        edit(near, reference("apps/v1", "Deployment", "httpbin-v1", guarded), {
          spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } } },
        }),
      ],
      says: /no pod with a proxy runs/,
    },
    {
      title: "without a proxy in the guarded namespace",
      steps: ({ near }) => [
        relabel(near.name, guarded, { "istio-injection": null }),
        ...restart(near.name, guarded, "httpbin-v1"),
      ],
      says: /no pod with a proxy runs/,
    },
  ],
});

import { peerAuthentication } from "../../../../lab/exercise/ground.ts";
import { podRequirements } from "../../../../lab/exercise/set/pod-requirements.ts";
import { apply, reference, relabel, remove, restart } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import { type Caller, hello } from "../world.ts";

const [space = "", guarded = ""] = podRequirements.namespaces;

const sees =
  (given: { routed?: number; version?: string; asProxy?: number | string }): Caller =>
  ({ from, url, times }) => {
    const { routed = 202, version = "v2", asProxy = `URI=spiffe://cluster.local/ns/${space}/sa/as-proxy` } = given;
    if (url.includes("helloworld")) return version === "" ? 503 : hello(times, version);
    return from.app === "as-proxy" ? asProxy : routed;
  };

tries(podRequirements, {
  before: { call: sees({ routed: 404, version: "", asProxy: 0 }) },
  solved: { call: sees({}) },
  wrong: [
    { title: "while a port says TCP", sight: { call: sees({ routed: 404 }) }, says: /As what does the mesh see/ },
    { title: "while a label is missing", sight: { call: sees({ version: "" }) }, says: /by 503\. Which pods/ },
    {
      title: "by a subset of another label",
      steps: ({ near }) => remove(near.name, reference("apps/v1", "Deployment", "helloworld-v2", space)),
      says: /^No pod of helloworld has the labels app=helloworld and version=v2/,
    },
    {
      title: "by making httpbin permissive",
      steps: ({ near }) =>
        apply(
          near.name,
          peerAuthentication(space, "httpbin", {
            selector: { matchLabels: { app: "httpbin" } },
            mtls: { mode: "PERMISSIVE" },
          }),
        ),
      sight: { call: sees({ asProxy: "{}" }) },
      says: /^The pod "as-proxy" gets 200 from httpbin, and is to call it as as-proxy/,
    },
    {
      title: "while an application is the proxy's user",
      sight: { call: sees({ asProxy: 0 }) },
      says: /gets 0 from httpbin/,
    },
    {
      title: "while the namespace forbids what the proxy needs",
      steps: ({ near }) => [
        relabel(near.name, guarded, { "pod-security.kubernetes.io/enforce": "baseline" }),
        ...remove(near.name, {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "httpbin-v1", namespace: guarded },
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
    {
      title: "by making the namespace permissive",
      steps: ({ near }) => apply(near.name, peerAuthentication(space, "default", { mtls: { mode: "PERMISSIVE" } })),
      says: /not STRICT any more/,
    },
  ],
});

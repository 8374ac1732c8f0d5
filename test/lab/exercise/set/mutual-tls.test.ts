import { peerAuthentication } from "../../../../lab/exercise/ground.ts";
import { mutualTls } from "../../../../lab/exercise/set/mutual-tls.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { securityApi } from "../../../../istio/object.ts";
import { tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [space = "", legacy = ""] = mutualTls.namespaces;

/** The mode that holds for a workload: its own, else the namespace's. */
const modeFor = ({ near }: World, app: string): string =>
  [app, "default"]
    .map((name) => near.objectOf(reference(securityApi, "PeerAuthentication", name, space)))
    .map((found) => (found?.["spec"] as { mtls?: { mode?: string } } | undefined)?.mtls?.mode)
    .find((mode) => mode !== undefined) ?? "PERMISSIVE";

const mesh: Caller = ({ url, from }, world) => {
  const mode = modeFor(world, url.includes("//shop") ? "shop" : "probe");
  if (from.namespace === legacy) return mode === "STRICT" ? 0 : "{}";
  return mode === "DISABLE" ? "{}" : "URI=spiffe://cluster.local/ns/x/sa/curl";
};
const policy = (name: string, mode: "STRICT" | "PERMISSIVE" | "DISABLE") =>
  peerAuthentication(space, name, {
    ...(name === "default" ? {} : { selector: { matchLabels: { app: name } } }),
    mtls: { mode },
  });

tries(mutualTls, {
  before: { call: mesh },
  solved: { call: mesh },
  right: [
    {
      title: "by a selector without labels",
      steps: ({ near }) =>
        apply(
          near.name,
          peerAuthentication(space, "default", { selector: { matchLabels: {} }, mtls: { mode: "STRICT" } }),
        ),
    },
  ],
  wrong: [
    {
      title: "by a policy of shop alone",
      steps: ({ near }) => apply(near.name, policy("default", "PERMISSIVE"), policy("shop", "STRICT")),
      says: /^Mutual TLS is to be a duty of the namespace/,
    },
    {
      title: "where an AuthorizationPolicy denies the client without a proxy",
      sight: {
        call: (call, world) =>
          call.from.namespace === legacy && call.url.includes("//shop") ? 403 : mesh(call, world),
      },
      says: /^The client without a proxy is still answered by shop, with 403/,
    },
    {
      title: "while the namespace is permissive",
      steps: ({ near }) => apply(near.name, policy("default", "PERMISSIVE")),
      says: /^Mutual TLS[^]*\nThe client without a proxy is still answered by shop, with 200/,
    },
    {
      title: "where nobody is excepted",
      steps: ({ near }) => remove(near.name, reference(securityApi, "PeerAuthentication", "probe", space)),
      says: /^The client without a proxy is to be answered by probe, and gets 0/,
    },
    {
      title: "where the exception forbids mutual TLS",
      steps: ({ near }) => apply(near.name, policy("probe", "DISABLE")),
      says: /^Whoever has a certificate is to use it towards probe too/,
    },
    {
      title: "where the wrong one is excepted",
      steps: ({ near }) => apply(near.name, policy("shop", "DISABLE")),
      says: /still answered by shop.*\n.*gets 200 from shop, which does not hear who it is/,
    },
  ],
});

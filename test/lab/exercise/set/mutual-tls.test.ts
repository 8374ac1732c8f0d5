import { authorizationPolicy, peerAuthentication } from "../../../../lab/exercise/ground.ts";
import { mutualTls } from "../../../../lab/exercise/set/mutual-tls.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { securityApi } from "../../../../istio/object.ts";
import { isLetIn } from "../mesh.ts";
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
  const app = url.includes("//shop") ? "shop" : "probe";
  const mode = modeFor(world, app);
  const plain = from.namespace === legacy || mode === "DISABLE";
  if (plain && mode === "STRICT") return 0;
  const principal = plain ? {} : { principal: `cluster.local/ns/${space}/sa/curl` };
  if (!isLetIn(world.near, { namespace: space, app }, { ...principal, path: "/headers" })) return 403;
  return plain ? "{}" : "URI=spiffe://cluster.local/ns/x/sa/curl";
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
      steps: ({ near }) =>
        apply(
          near.name,
          policy("shop", "PERMISSIVE"),
          authorizationPolicy(space, "shop", {
            selector: { matchLabels: { app: "shop" } },
            action: "DENY",
            rules: [{ from: [{ source: { notPrincipals: ["*"] } }] }],
          }),
        ),
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

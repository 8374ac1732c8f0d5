import type * as laws from "../../../policy/laws/federation.ts";
import { withInputs } from "../mistakes.ts";
import type { Twins } from "./twin.ts";

export const twins: Twins<typeof laws> = {
  strangersAreHeldToExports: [
    {
      name: "east-mesh-only-exports-to-web",
      stack: "stacks/two-meshes.yaml",
      change: withInputs({ spec: { action: "ALLOW", rules: [] } }),
      about: /trusts web.example, which no policy/,
    },
    {
      name: "west-istio-istiod",
      stack: "stacks/two-meshes.yaml",
      change: withInputs({ values: { meshConfig: { caCertificates: [{ pem: "PEM" }] } } }),
    },
  ],
  gatewaysOpenNothingMoreToStrangers: [
    {
      name: "blue-mesh-cross-network-gateway",
      stack: "stacks/cluster-tenancy.yaml",
      change: withInputs({ spec: { servers: [{ tls: { mode: "AUTO_PASSTHROUGH" }, hosts: ["*.local"] }] } }),
    },
  ],
};

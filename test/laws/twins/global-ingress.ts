import type * as laws from "../../../policy/laws/global-ingress.ts";
import { withInputs } from "../mistakes.ts";
import { globalIngress, type Twins } from "./twin.ts";

const record = { stack: globalIngress, name: "lab-global-ingress-east", type: "aws:route53/record:Record" };

export const twins: Twins<typeof laws> = {
  recordsLeadWhereTheirChecksLook: [
    {
      ...record,
      change: ({ propertyDeps }, graph) => ({
        propertyDeps: {
          ...propertyDeps,
          healthCheckId: [graph.named("lab-global-ingress-west", "aws:route53/healthCheck:HealthCheck").urn],
        },
      }),
    },
    { ...record, change: ({ propertyDeps }) => ({ propertyDeps: { ...propertyDeps, healthCheckId: [] } }) },
  ],
  healthChecksAreAnswered: [
    {
      stack: globalIngress,
      name: "west-mesh-global-ingress-health",
      change: withInputs({
        spec: { http: [{ match: [{ uri: { exact: "/healthz" } }], directResponse: { status: 200 } }] },
      }),
      about: /lab-global-ingress-west asks for a path/,
    },
    {
      stack: globalIngress,
      name: "lab-global-ingress-east",
      type: "aws:route53/healthCheck:HealthCheck",
      change: withInputs({ port: 8080 }),
    },
  ],
};

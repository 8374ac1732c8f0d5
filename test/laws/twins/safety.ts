import type * as laws from "../../../policy/laws/safety.ts";
import { withInputs } from "../mistakes.ts";
import { balancers, cluster, globalIngress, type Twins } from "./twin.ts";

export const twins: Twins<typeof laws> = {
  secretsStaySecret: [
    { name: "east-istio-cacerts", type: "kubernetes:core/v1:Secret", change: () => ({ secretInputs: [] }) },
    { name: "east-reads-west", type: "kubernetes:core/v1:Secret", change: () => ({ secretInputs: [] }) },
    {
      name: "east-istio-istiod",
      change: (_, graph) => ({ propertyDeps: { values: [graph.named("lab-trust-mesh1-key").urn] } }),
    },
  ],
  kubeconfigsStaySecret: [
    { name: "istio-lab-test", change: () => ({ secretOutputs: [] }) },
    { name: "east", type: "istio-lab:eks:Cluster", change: () => ({ secretOutputs: [] }) },
  ],
  everythingInAwsIsTagged: [
    { name: "east-network-vpc", change: withInputs({ tags: { "istio-lab/stack": "test" } }) },
    { ...cluster, change: withInputs({ tags: {} }) },
    { ...balancers, change: withInputs({ values: {} }) },
    {
      stack: globalIngress,
      name: "lab-global-ingress-east",
      type: "aws:route53/healthCheck:HealthCheck",
      change: withInputs({ tags: {} }),
    },
  ],
  noSecurityGroupIsOpen: [
    {
      name: "east-network-igw",
      change: () => ({
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        inputs: { cidrIpv4: "0.0.0.0/0" },
      }),
    },
  ],
  istioObjectsAreRead: [
    {
      name: "remote-curl-curl",
      type: "kubernetes:apps/v1:Deployment",
      stack: "stacks/primary-remote.yaml",
      change: () => ({ type: "kubernetes:networking.istio.io/v1:VirtualService" }),
    },
    {
      name: "external-mesh-istiod",
      stack: "stacks/external-control-plane.yaml",
      change: withInputs({ metadata: { name: "default" } }),
    },
  ],
  primariesAgree: [
    {
      // Clusters of different tenants differ in what is a tenant's, and in nothing that is the mesh's.
      stack: "stacks/cluster-tenancy.yaml",
      name: "red-mesh-default",
      change: withInputs({ spec: { mtls: { mode: "PERMISSIVE" } } }),
      about: /PeerAuthentication/,
    },
    {
      name: "west-helloworld-helloworld",
      type: "kubernetes:networking.istio.io/v1:DestinationRule",
      change: () => ({ type: "kubernetes:core/v1:ConfigMap" }),
      about: /west lacks .*helloworld/,
    },
    {
      name: "west-mesh-default",
      change: withInputs({ spec: { mtls: { mode: "PERMISSIVE" } } }),
      about: /PeerAuthentication/,
    },
  ],
};

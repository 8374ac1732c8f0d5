import type * as laws from "../../../policy/laws/order.ts";
import { withInputs } from "../mistakes.ts";
import { service, without, type Twins } from "./twin.ts";

export const twins: Twins<typeof laws> = {
  istioObjectsFollowIstiod: [
    { name: "east-mesh-default", change: without("east-istio-istiod") },
    {
      name: "east-helloworld-helloworld",
      type: "kubernetes:networking.istio.io/v1:DestinationRule",
      change: without("east-istio-istiod", "east-helloworld"),
    },
  ],
  podsWithProxiesFollowIstiod: [
    {
      name: "config-curl-curl",
      type: "kubernetes:apps/v1:Deployment",
      stack: "stacks/external-control-plane.yaml",
      change: without("external-external-istiod", "config-curl"),
      about: /config-curl-curl does not wait for istiod/,
    },
    { name: "east-east-west", type: "kubernetes:helm.sh/v3:Release", change: without("east-istio-istiod") },
    {
      name: "east-curl-curl",
      type: "kubernetes:apps/v1:Deployment",
      change: without("east-istio-istiod", "east-curl"),
    },
  ],
  proxiesFollowTheSecretAboutThem: [
    {
      name: "remote-curl-curl",
      type: "kubernetes:apps/v1:Deployment",
      stack: "stacks/primary-remote.yaml",
      change: without("primary-reads-remote", "remote-curl"),
    },
    {
      name: "remote-east-west",
      type: "kubernetes:helm.sh/v3:Release",
      stack: "stacks/external-control-plane-two-remotes.yaml",
      change: without("external-reads-remote"),
    },
  ],
  remotesFollowTheWayToIstiod: [
    {
      name: "remote-istio-istiod",
      stack: "stacks/primary-remote.yaml",
      change: without("primary-mesh-istiod"),
      about: /remote-istio-istiod does not wait for primary-mesh-istiod/,
    },
    {
      name: "primary-east-west",
      type: "kubernetes:core/v1:Service",
      stack: "stacks/primary-remote.yaml",
      change: withInputs({ spec: { ports: [{ port: 15443 }] } }),
      about: /remote has no way to the istiod of primary/,
    },
  ],
  istiodFollowsItsAuthority: [
    {
      name: "remote-istio-istiod",
      stack: "stacks/primary-remote.yaml",
      change: without("remote-istio-cacerts"),
    },
    {
      name: "external-external-istiod",
      stack: "stacks/external-control-plane.yaml",
      change: without("external-external-cacerts"),
    },
    { name: "east-istio-istiod", change: without("east-istio-cacerts") },
    { name: "east-istio-istiod", change: without("east-istio-base") },
  ],
  remoteSecretsFollowTheirTokens: [
    {
      name: "external-external-reads-config",
      type: "kubernetes:core/v1:Secret",
      stack: "stacks/external-control-plane.yaml",
      change: without("config-istiod-reader-token"),
    },
    { name: "east-reads-west", type: "kubernetes:core/v1:Secret", change: without("west-reader-token") },
    {
      name: "east-kiali-reads-west",
      type: "kubernetes:core/v1:Secret",
      stack: "stacks/multi-observability.yaml",
      change: without("west-kiali-of-east-token"),
    },
  ],
  objectsFollowNodes: [
    {
      name: "east-istio",
      type: "kubernetes:core/v1:Namespace",
      change: without("east-nodes", "east-coredns", "east-eks-pod-identity-agent"),
    },
  ],
  everyServiceHasPods: [
    { ...service, change: withInputs({ spec: { type: "LoadBalancer", selector: { app: "istio-eastwest" } } }) },
    {
      name: "east-helloworld-helloworld-v1",
      change: withInputs({ spec: { template: { metadata: { labels: { app: "hello" } } } } }),
      about: /east-helloworld-helloworld selects no pods/,
    },
  ],
  namesLeadToPodsElsewhere: [
    {
      name: "east-observability-prometheus",
      type: "kubernetes:core/v1:Service",
      stack: "stacks/multi-observability.yaml",
      change: withInputs({ metadata: { name: "metrics", namespace: "observability" } }),
      about: /west-observability-prometheus selects nothing/,
    },
  ],
  servicesFollowTheirPods: [
    { ...service, change: without("east-east-west") },
    {
      name: "east-helloworld-helloworld",
      type: "kubernetes:core/v1:Service",
      change: without("east-helloworld-helloworld-v1"),
    },
  ],
};

import type { ClusterConfig, LabConfig } from "../../../topology/schema.ts";
import { two, type RuleCases } from "./case.ts";

const east: ClusterConfig = { name: "east", context: "kind-east", apiServer: "https://172.18.0.2:6443" };
const west: ClusterConfig = { name: "west", context: "kind-west", apiServer: "https://172.18.0.3:6443" };

/** Two clusters that exist already, the second with a change. */
const kind = (changes: Partial<ClusterConfig> = {}, lab: LabConfig = {}): LabConfig => ({
  ...lab,
  platform: "existing",
  clusters: [east, JSON.parse(JSON.stringify({ ...west, ...changes })) as ClusterConfig],
});

const served: ClusterConfig = { name: "west", context: "kind-west", apiServer: west.apiServer, primary: "east" };
const balanced = { service: { type: "LoadBalancer" as const } };

export const existingCases: RuleCases = {
  "existing-without-context": {
    caught: kind({ context: undefined }),
    at: "clusters[1].context",
    passes: kind(),
  },
  "duplicate-context": {
    caught: kind({ context: "kind-east" }),
    at: "clusters[1].context",
    passes: kind(),
  },
  "existing-only": {
    caught: { ...two, kubeconfig: "~/.kube/config" },
    at: "kubeconfig",
    passes: kind({}, { kubeconfig: "~/.kube/config" }),
  },
  "aws-only": {
    caught: kind({ cidr: "10.20.0.0/16" }),
    at: "clusters[1].cidr",
    passes: kind(),
  },
  "kubeconfig-contents": {
    caught: kind({}, { kubeconfig: "apiVersion: v1\nkind: Config\n" }),
    at: "kubeconfig",
    passes: kind({}, { kubeconfig: "/home/me/.kube/config" }),
  },
  "existing-without-api-server": {
    caught: kind({ apiServer: undefined, gateways: { service: { address: "172.18.0.3" } } }),
    at: "clusters[1].apiServer",
    passes: kind({ gateways: { service: { address: "172.18.0.3" } } }),
  },
  "api-server-loopback": {
    caught: kind({ apiServer: "https://127.0.0.1:34567" }),
    at: "clusters[1].apiServer",
    passes: kind(),
  },
  "shared-node-address": {
    caught: kind({ apiServer: "https://172.18.0.2:7443" }),
    at: "gateways.service",
    passes: kind({ apiServer: "https://172.18.0.2:7443", gateways: { service: { address: "172.18.0.3" } } }),
  },
  "node-port-istiod": {
    caught: { ...kind(), clusters: [east, served] },
    at: "gateways.service",
    passes: { ...kind({}, { gateways: balanced }), clusters: [east, served] },
    cure: kind(),
  },
  "class-without-load-balancer": {
    caught: kind({}, { gateways: { service: { type: "NodePort", loadBalancerClass: "metallb.io/metallb" } } }),
    at: "gateways.service",
    passes: kind({}, { gateways: { service: { type: "LoadBalancer", loadBalancerClass: "metallb.io/metallb" } } }),
  },
  "node-port-source-ranges": {
    caught: kind({}, { ingress: { sourceRanges: ["198.51.100.0/24"] } }),
    at: "ingress.sourceRanges",
    passes: kind({}, { ingress: { sourceRanges: ["198.51.100.0/24"] }, gateways: balanced }),
  },
};

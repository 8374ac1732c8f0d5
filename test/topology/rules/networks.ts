import { east, oneNetwork, two, west, type RuleCases } from "./case.ts";

export const networkCases: RuleCases = {
  "cidr-overlap": {
    caught: {
      networkLink: "peering",
      clusters: [
        { ...east, network: "shared" },
        { ...west, network: "shared", cidr: east.cidr },
      ],
    },
    at: "clusters[1].cidr",
    passes: oneNetwork,
  },
  "service-cidr-overlap": {
    caught: { clusters: [{ ...east, serviceCidr: "10.10.128.0/20" }] },
    at: "clusters[0].serviceCidr",
    passes: { clusters: [{ ...east, serviceCidr: "10.11.128.0/20" }] },
  },
  "cidr-size": {
    caught: { clusters: [{ ...east, cidr: "10.10.0.0/21" }] },
    at: "clusters[0].cidr",
    passes: { clusters: [{ ...east, cidr: "10.10.0.0/20" }] },
  },
  "cidr-not-private": {
    caught: { clusters: [{ ...east, cidr: "172.32.0.0/16" }] },
    at: "clusters[0].cidr",
    passes: { clusters: [{ ...east, cidr: "172.31.0.0/16" }] },
  },
  "service-cidr": {
    caught: { clusters: [{ ...east, serviceCidr: "100.64.0.0/16" }] },
    at: "clusters[0].serviceCidr",
    passes: { clusters: [{ ...east, serviceCidr: "192.168.0.0/24" }] },
  },
  "cidr-host-bits": {
    caught: { clusters: [{ ...east, cidr: "10.10.1.0/16" }] },
    at: "clusters[0].cidr",
    passes: { clusters: [{ ...east, cidr: "10.10.0.0/16" }] },
  },
  "too-few-zones": {
    caught: { clusters: [{ ...east, zones: 1 }] },
    at: "clusters[0].zones",
    passes: { clusters: [{ ...east, zones: 2 }] },
  },
  "too-many-zones": {
    caught: { clusters: [{ ...east, zones: 6 }] },
    at: "clusters[0].zones",
    passes: { clusters: [{ ...east, zones: 5 }] },
  },
  "network-without-link": {
    caught: { ...oneNetwork, networkLink: "none" },
    at: "clusters[1].network",
    passes: oneNetwork,
  },
  "unknown-region": { caught: { region: "us-est-1" }, at: "region", passes: { region: "ap-northeast-1" } },
  "region-mismatch": {
    caught: { clusters: [east, { ...west, region: "cn-north-1" }] },
    at: "clusters[1].region",
    passes: two,
  },
};

import { east, oneNetwork, remote, two, west, type RuleCases } from "./case.ts";

const role = "arn:aws:iam::111122223333:role/istio-lab";
const office = "203.0.113.0/24";

export const accessCases: RuleCases = {
  "malformed-arn": {
    caught: { access: { admins: ["arn:aws:sts::111122223333:assumed-role/istio-lab/me"] } },
    at: "access.admins[0]",
    passes: { access: { admins: [role] } },
  },
  "arn-partition": {
    caught: { access: { admins: ["arn:aws-cn:iam::111122223333:role/istio-lab"] } },
    at: "access.admins[0]",
    passes: { region: "cn-north-1", access: { admins: ["arn:aws-cn:iam::111122223333:role/istio-lab"] } },
    cure: { access: { admins: [role] } },
  },
  "duplicate-admin": {
    caught: { access: { admins: [role, role] } },
    at: "access.admins[1]",
    passes: { access: { admins: [role, `${role}-2`] } },
  },
  "private-endpoint": {
    caught: { clusters: [east, { ...west, endpoint: { public: false } }] },
    at: "clusters[1].endpoint.public",
    passes: { eastWest: { exposure: "peering" }, clusters: [east, { ...west, endpoint: { public: false } }] },
  },
  "private-endpoint-out-of-reach": {
    caught: { endpoint: { public: false } },
    at: "endpoint.public",
    passes: { endpoint: { publicAccessCidrs: [office] } },
  },
  "public-access-cidr-example": {
    caught: { endpoint: { publicAccessCidrs: [office] } },
    at: "endpoint.publicAccessCidrs",
    passes: { endpoint: { publicAccessCidrs: ["8.8.8.8/32"] } },
  },
  "public-access-cidrs": {
    // Even from a joined VPC, where the endpoint's name leads to its public address.
    caught: { ...oneNetwork, endpoint: { publicAccessCidrs: [office] } },
    at: "endpoint.publicAccessCidrs",
    // A remote reads nobody, so its primary's endpoint may be closed to it.
    passes: { clusters: [{ ...east, endpoint: { publicAccessCidrs: [office] } }, ...(remote.clusters ?? []).slice(1)] },
  },
  "public-access-cidr-private": {
    caught: { endpoint: { publicAccessCidrs: ["10.0.0.0/8"] } },
    at: "endpoint.publicAccessCidrs",
    passes: { endpoint: { publicAccessCidrs: [office] } },
  },
  "east-west-source-ranges": {
    caught: { ...two, eastWest: { sourceRanges: [office] } },
    at: "eastWest.sourceRanges",
    passes: { ...two, eastWest: { sourceRanges: ["0.0.0.0/0"] } },
  },
  "reader-sees-secrets": { caught: two, at: "clusters", passes: { model: "single" } },
};

/**
 * What each deployment model comes to, written by hand from istio.io: these tables are the reference, and hold for
 * models that are not built yet too.
 */
import assert from "node:assert/strict";
import { draftLab } from "../../topology/drafts.ts";
import { configOfDocument } from "../../topology/import.ts";
import {
  deriveEastWestGateways,
  deriveIstiodGateways,
  deriveNetworkLinks,
  deriveRemoteSecrets,
  rolesOf,
} from "../../topology/queries.ts";
import { parseConfig } from "../../topology/parse.ts";
import { checkConfig } from "../../topology/plan.ts";
import type { LabConfig } from "../../topology/schema.ts";

interface Row {
  readonly page: string;
  readonly config: unknown;
  /** `name: roles`. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** `from -> to`, with the type where it is not `remote`. */
  readonly remoteSecrets: readonly string[];
  readonly eastWestGateways: readonly string[];
  readonly istiodGateways: readonly string[];
  /** VPCs to be joined. */
  readonly networkLinks?: readonly string[];
}

const docs = "https://istio.io/latest/docs/setup/install";
const ci = "https://github.com/istio/istio/blob/master/prow/config/topology";

/** A record in the words of Istio's own tests. */
const istios = (clusterName: string, network: string, primaryClusterName?: string, configClusterName?: string) => ({
  kind: "Kubernetes",
  clusterName,
  network,
  ...(primaryClusterName === undefined ? {} : { primaryClusterName }),
  ...(configClusterName === undefined ? {} : { configClusterName }),
  meta: { fakeVM: false },
});

const table: Readonly<Record<string, Row>> = {
  single: {
    page: `${docs}/helm/`,
    config: { model: "single" },
    roles: { primary: ["primary"] },
    remoteSecrets: [],
    eastWestGateways: [],
    istiodGateways: [],
  },
  "multi-primary on different networks": {
    page: `${docs}/multicluster/multi-primary_multi-network/`,
    config: { model: "multi-primary" },
    roles: { east: ["primary"], west: ["primary"] },
    remoteSecrets: ["west -> east", "east -> west"],
    eastWestGateways: ["east", "west"],
    istiodGateways: [],
  },
  "multi-primary on one network": {
    page: `${docs}/multicluster/multi-primary/`,
    config: { model: "multi-primary-one-network" },
    roles: { east: ["primary"], west: ["primary"] },
    remoteSecrets: ["west -> east", "east -> west"],
    eastWestGateways: [],
    istiodGateways: [],
    networkLinks: ["east - west"],
  },
  "primary-remote on different networks": {
    page: `${docs}/multicluster/primary-remote_multi-network/`,
    config: { model: "primary-remote" },
    roles: { primary: ["primary"], remote: ["remote"] },
    remoteSecrets: ["remote -> primary"],
    eastWestGateways: ["primary", "remote"],
    istiodGateways: ["primary"],
  },
  "primary-remote on one network": {
    page: `${docs}/multicluster/primary-remote/`,
    config: { model: "primary-remote-one-network" },
    roles: { primary: ["primary"], remote: ["remote"] },
    remoteSecrets: ["remote -> primary"],
    eastWestGateways: [],
    istiodGateways: ["primary"],
    networkLinks: ["primary - remote"],
  },
  "external control plane": {
    page: `${docs}/external-controlplane/`,
    config: { model: "external-control-plane" },
    roles: { config: ["config", "remote"], external: ["external-control-plane"] },
    remoteSecrets: ["config -> external (config)"],
    eastWestGateways: [],
    istiodGateways: ["external"],
  },
  "Istio's CI: external-istiod": {
    page: `${ci}/external-istiod.json`,
    config: [
      istios("external", "network-1", "external", "config"),
      istios("config", "network-1", "external", "config"),
      istios("remote", "network-2", "external", "config"),
    ],
    roles: { config: ["config", "remote"], external: ["external-control-plane"], remote: ["remote"] },
    remoteSecrets: ["config -> external (config)", "remote -> external"],
    eastWestGateways: ["config", "remote"],
    istiodGateways: ["external"],
  },
  "Istio's CI: multicluster": {
    page: `${ci}/multicluster.json`,
    config: [
      istios("primary", "network-1"),
      istios("remote", "network-1", "primary"),
      istios("cross-network-primary", "network-2"),
    ],
    roles: { "cross-network-primary": ["primary"], primary: ["primary"], remote: ["remote"] },
    remoteSecrets: [
      "primary -> cross-network-primary",
      "remote -> cross-network-primary",
      "cross-network-primary -> primary",
      "remote -> primary",
    ],
    eastWestGateways: ["cross-network-primary", "primary", "remote"],
    istiodGateways: ["primary"],
    networkLinks: ["primary - remote"],
  },
  "Istio's CI: ambient-multicluster": {
    page: `${ci}/ambient-multicluster.json`,
    config: [istios("primary", "network-1"), istios("cross-network-primary", "network-2")],
    roles: { "cross-network-primary": ["primary"], primary: ["primary"] },
    remoteSecrets: ["primary -> cross-network-primary", "cross-network-primary -> primary"],
    eastWestGateways: ["cross-network-primary", "primary"],
    istiodGateways: [],
  },
  "gateways that are reached by peering only": {
    page: `${docs}/multicluster/multi-primary_multi-network/`,
    config: { model: "multi-primary", eastWest: { exposure: "peering" } },
    roles: { east: ["primary"], west: ["primary"] },
    remoteSecrets: ["west -> east", "east -> west"],
    eastWestGateways: ["east", "west"],
    istiodGateways: [],
    networkLinks: ["east - west"],
  },
  "clusters of different tenants keep to themselves, those of one tenant do not": {
    page: "https://istio.io/latest/docs/ops/deployment/deployment-models/#cluster-tenancy",
    config: {
      tenants: [{ name: "blue" }, { name: "red" }],
      clusters: [
        { name: "blue", tenants: ["blue"] },
        { name: "red-1", tenants: ["red"] },
        { name: "red-2", tenants: ["red"] },
      ],
    },
    roles: { blue: ["primary"], "red-1": ["primary"], "red-2": ["primary"] },
    remoteSecrets: ["red-2 -> red-1", "red-1 -> red-2"],
    eastWestGateways: ["red-1", "red-2"],
    istiodGateways: [],
  },
  "two meshes keep to themselves": {
    page: "https://istio.io/latest/docs/ops/deployment/deployment-models/#multiple-meshes",
    config: {
      meshes: [{ name: "a" }, { name: "b", trustDomain: "b.example" }],
      clusters: [
        { name: "east", mesh: "a" },
        { name: "west", mesh: "b" },
      ],
    },
    roles: { east: ["primary"], west: ["primary"] },
    remoteSecrets: [],
    eastWestGateways: [],
    istiodGateways: [],
  },
};

function read(document: unknown): LabConfig {
  const { config, issues } = parseConfig(configOfDocument(document));
  assert.ok(config !== undefined, JSON.stringify(issues));
  return config;
}

describe("deployment models, as istio.io describes them", () => {
  for (const [title, row] of Object.entries(table)) {
    it(`${title} (${row.page})`, () => {
      const { clusters, exposure } = draftLab(read(row.config));
      const secrets = deriveRemoteSecrets(clusters).map(
        ({ from, to, type }) => `${from} -> ${to}${type === "remote" ? "" : ` (${type})`}`,
      );
      assert.deepEqual(
        {
          roles: Object.fromEntries(clusters.map((cluster) => [cluster.name, rolesOf(clusters, cluster)])),
          remoteSecrets: secrets,
          eastWestGateways: deriveEastWestGateways(clusters),
          istiodGateways: deriveIstiodGateways(clusters),
          networkLinks: deriveNetworkLinks(clusters, exposure).map(({ a, b }) => `${a} - ${b}`),
        },
        {
          roles: row.roles,
          remoteSecrets: row.remoteSecrets,
          eastWestGateways: row.eastWestGateways,
          istiodGateways: row.istiodGateways,
          networkLinks: row.networkLinks ?? [],
        },
      );
    });
  }

  it("an external control plane's secrets lie in the namespace of the istiod that serves the others", () => {
    const { clusters } = draftLab({ model: "external-control-plane" });
    assert.deepEqual(deriveRemoteSecrets(clusters), [
      { from: "config", to: "external", type: "config", namespace: "external-istiod" },
    ]);
  });

  it("20 primaries plan, and each reads the 19 others with a secret of its own", () => {
    const names = Array.from({ length: 20 }, (_, index) => `cluster-${index}`);
    const { issues, plan } = checkConfig({ clusters: names.map((name) => ({ name })) });
    assert.deepEqual(issues, []);
    const secrets = (plan?.remoteSecrets ?? []).map(({ from, to }) => `${from} -> ${to}`);
    assert.equal(secrets.length, 380);
    const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => `${from} -> ${to}`));
    assert.deepEqual(secrets.toSorted(), pairs.toSorted());
  });
});

/**
 * The topologies that Istio's own integration tests run on, with what each says of its clusters
 * (https://github.com/istio/istio/tree/master/prow/config/topology). Not among them: externalistiod.json, in indexes
 * instead of names, from before external-istiod.json took its place.
 */
import assert from "node:assert/strict";
import { configOfDocument } from "../../topology/import.ts";
import { checkConfig } from "../../topology/plan.ts";

interface Cluster {
  readonly clusterName: string;
  readonly network: string | number;
  /** The second part of the pods' block and the third of the Services'. */
  readonly block: number;
  readonly kind?: "Kubernetes";
  readonly primaryClusterName?: string;
  readonly configClusterName?: string;
  readonly controlPlaneClusterName?: string;
  readonly meta?: object;
}

interface Topology {
  readonly file: string;
  /** Of istio/istio, at which the file said so. */
  readonly commit: string;
  readonly clusters: readonly Cluster[];
  /** Who runs an istiod that serves workloads. */
  readonly primaries: readonly string[];
  /** Rules that refuse it with `mesh.dataPlane: ambient`; with `experimental: true` the last one here is silent. */
  readonly ambient: readonly string[];
}

const kind = "Kubernetes";
const fromOutside = { primaryClusterName: "external", configClusterName: "config" };
const external: Cluster = { clusterName: "external", network: "network-1", block: 10, kind, ...fromOutside };
const configCluster: Cluster = { clusterName: "config", network: "network-1", block: 20, kind, ...fromOutside };
const remote: Cluster = { clusterName: "remote", network: "network-2", block: 30, kind, ...fromOutside };
const acrossNetworks = "ambient-load-balancer-name";

const topologies: readonly Topology[] = [
  {
    file: "single.json",
    commit: "9070748f1e4576bb402b1b6dd88b0527691d0d88",
    clusters: [{ clusterName: "istio-testing", network: "istio-testing", block: 10, kind }],
    primaries: ["istio-testing"],
    ambient: [],
  },
  {
    file: "single.json",
    commit: "4f5b87246b13707c8341fa992390ec970526027f",
    clusters: [{ clusterName: "istio-testing", network: 0, block: 10 }],
    primaries: ["istio-testing"],
    ambient: [],
  },
  {
    file: "single-cluster-multi-version.json",
    commit: "c2f41dfe8f804d1d4410cf2d5cb4b1a61efe0d60",
    clusters: [
      {
        clusterName: "istio-testing",
        network: "istio-testing",
        block: 10,
        kind,
        meta: { kubeconfig: "~/.kube/config", versions: ["orange", "default"] },
      },
    ],
    primaries: ["istio-testing"],
    ambient: [],
  },
  {
    file: "multicluster.json",
    commit: "1260b20ad29a7cbec13cd0fca30d1d30457c074d",
    clusters: [
      { clusterName: "primary", network: "network-1", block: 10, kind },
      {
        clusterName: "remote",
        network: "network-1",
        block: 20,
        kind,
        primaryClusterName: "primary",
        meta: { fakeVM: false },
      },
      { clusterName: "cross-network-primary", network: "network-2", block: 30, kind },
    ],
    primaries: ["cross-network-primary", "primary"],
    ambient: ["ambient-remote", "ambient-one-network", acrossNetworks],
  },
  {
    file: "multicluster-large.json",
    commit: "1260b20ad29a7cbec13cd0fca30d1d30457c074d",
    clusters: [
      { clusterName: "primary-1", network: "network-1", block: 10 },
      { clusterName: "remote", network: "network-1", block: 20, controlPlaneClusterName: "primary" },
      { clusterName: "primary-2", network: "network-1", block: 30 },
      { clusterName: "cross-network-primary", network: "network-2", block: 40 },
      { clusterName: "cross-network-remote", network: "network-2", block: 50, controlPlaneClusterName: "primary" },
    ],
    primaries: ["cross-network-primary", "cross-network-remote", "primary-1", "primary-2", "remote"],
    ambient: ["ambient-one-network", acrossNetworks],
  },
  {
    file: "external-istiod.json",
    commit: "c35b21c540fb22d4209ab709cc561e045bf45fca",
    clusters: [configCluster, { ...external, meta: { fakeVM: false } }],
    primaries: [],
    ambient: ["ambient-external"],
  },
  {
    file: "external-istiod.json",
    commit: "15bb5a3cf09b9e019c08e0ca6df45a498d2904d9",
    clusters: [external, configCluster, remote],
    primaries: [],
    ambient: ["ambient-external", acrossNetworks],
  },
  {
    file: "external-istiod-multicluster.json",
    commit: "b249caad039db5a89856c16bd00c00a4b8ea97cf",
    clusters: [configCluster, { ...remote, meta: { fakeVM: false } }, { ...external, meta: { fakeVM: false } }],
    primaries: [],
    ambient: ["ambient-external", acrossNetworks],
  },
  {
    file: "ambient-multicluster.json",
    commit: "de366f748ae59c435556aa752cf7a3957a0b1485",
    clusters: [
      { clusterName: "primary", network: "network-1", block: 10, kind },
      { clusterName: "cross-network-primary", network: "network-2", block: 30, kind },
    ],
    primaries: ["cross-network-primary", "primary"],
    ambient: [acrossNetworks],
  },
  {
    file: "ambient-multicluster-large.json",
    commit: "caeb062c516b445023c0d461f0fd5e9f02edc57b",
    clusters: [
      { clusterName: "primary-1", network: "network-1", block: 10 },
      { clusterName: "primary-2", network: "network-1", block: 30 },
      { clusterName: "cross-network-primary-1", network: "network-2", block: 40 },
    ],
    primaries: ["cross-network-primary-1", "primary-1", "primary-2"],
    ambient: ["ambient-one-network", acrossNetworks],
  },
];

/** The document as it stands in the file. */
const documentOf = ({ clusters }: Topology): object[] =>
  clusters.map(({ block, ...cluster }) => ({
    ...cluster,
    podSubnet: `10.${String(block)}.0.0/16`,
    svcSubnet: `10.255.${String(block)}.0/24`,
  }));

describe("the topologies of Istio's own tests", () => {
  for (const topology of topologies) {
    const title = `${topology.file} at ${topology.commit.slice(0, 7)}`;

    it(`${title} plans as it is`, () => {
      const { issues, plan } = checkConfig(configOfDocument(documentOf(topology)));
      assert.deepEqual(issues, []);
      assert.deepEqual(
        plan?.clusters.map(({ name, network, vpc, serviceCidr }) => [name, network, vpc.cidr, serviceCidr]),
        topology.clusters
          .map(({ clusterName, network, block }) => [
            clusterName,
            String(network),
            `10.${String(block)}.0.0/16`,
            `10.255.${String(block)}.0/24`,
          ])
          .toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
      );
      assert.deepEqual(
        plan?.clusters.filter(({ roles }) => roles.includes("primary")).map(({ name }) => name),
        topology.primaries,
      );
    });

    const refused = topology.ambient.length === 0 ? "plans" : `is refused by ${topology.ambient.join(", ")}`;
    it(`${title} in ambient ${refused}`, () => {
      const config = { ...(configOfDocument(documentOf(topology)) as object), mesh: { dataPlane: "ambient" } };
      const codes = (document: object) => [...new Set(checkConfig(document).issues.map(({ code }) => code))];
      assert.deepEqual(codes(config), topology.ambient);
      assert.deepEqual(
        codes({ ...config, experimental: true }),
        topology.ambient.filter((code) => code !== acrossNetworks),
      );
    });
  }
});

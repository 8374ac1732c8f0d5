/** Random configurations: valid ones, and valid ones with one thing made wrong. */
import fc from "fast-check";
import { overlapCidr } from "cidr-tools";
import { defaultCidr } from "../../topology/addressing.ts";
import type { ClusterConfig, LabConfig } from "../../topology/schema.ts";

const label = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/)
  .filter((name) => !["lab", "trust", "mesh", "access", "kubernetes", "default"].includes(name));

const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
/** A record without its undefined keys, as YAML would give it. */
const record = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(shape).map((value) => JSON.parse(JSON.stringify(value)) as T);

const regions = ["us-east-1", "us-west-2", "ap-northeast-1", "eu-west-1", "sa-east-1"];
const vpcCidr = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 20 }))
  .map(([second, prefix]) => `10.${second}.0.0/${prefix}`);

const gateways = record({
  ingress: some(fc.boolean()),
  egress: some(fc.boolean()),
  replicas: some(fc.integer({ min: 1, max: 4 })),
});
const nodes = record({
  instanceTypes: some(fc.constantFrom(["t3.large"], ["m7g.large", "t4g.xlarge"], ["m6i.large", "m5.large"])),
  count: some(fc.integer({ min: 1, max: 6 })),
  capacityType: some(fc.constantFrom("ON_DEMAND" as const, "SPOT" as const)),
});

const clusterRecord = record({
  region: some(fc.constantFrom(...regions)),
  zones: some(fc.integer({ min: 2, max: 5 })),
  cidr: some(vpcCidr),
  serviceCidr: some(fc.constantFrom("172.20.0.0/16", "172.30.0.0/20", "192.168.4.0/24")),
  controlPlane: some(fc.constantFrom({ ha: true }, { ha: true, replicas: 3 }, { ha: false, replicas: 1 })),
  gateways: some(gateways),
  nodes: some(nodes),
});

/** One to six clusters, each its own primary on a network of its own: everything that is built. */
const clusterRecords: fc.Arbitrary<ClusterConfig[]> = fc
  .uniqueArray(label, { minLength: 1, maxLength: 6 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) => clusterRecord.map((settings): ClusterConfig => ({ ...(settings as object), name }))),
    ),
  );

const mesh = record({
  version: some(fc.constantFrom("1.31.1", "1.31.0-dev.eed52ebb66ad", "1.30.4")),
  profile: some(fc.constantFrom("default" as const, "demo" as const)),
  mtls: some(fc.constantFrom("STRICT" as const, "PERMISSIVE" as const)),
  trustDomain: some(fc.constantFrom("cluster.local", "lab.example")),
  cni: some(fc.boolean()),
});

export const validConfigs: fc.Arbitrary<LabConfig> = record({
  clusters: clusterRecords,
  region: some(fc.constantFrom(...regions)),
  kubernetes: some(fc.constantFrom({ version: "1.35" }, { version: "1.36" })),
  mesh: some(mesh),
  gateways: some(gateways),
  controlPlane: some(fc.constantFrom({ ha: true }, { replicas: 2 })),
  samples: some(fc.subarray(["bookinfo", "helloworld", "httpbin", "curl"] as const)),
  failover: some(fc.constantFrom({ enabled: false }, { attempts: 2 }, { connectTimeout: "500ms" })),
  observability: some(
    record({ prometheus: some(fc.constant(true)), kiali: some(fc.boolean()), grafana: some(fc.boolean()) }),
  ),
  tags: some(fc.dictionary(label, fc.stringMatching(/^[\w .:/+@-]{0,256}$/), { maxKeys: 3 })),
})
  .map((config) => config as LabConfig)
  // Which of several clusters keeps the metrics has to be said.
  .map(({ observability, ...config }) => {
    const [first] = config.clusters ?? [];
    return observability === undefined || first === undefined
      ? config
      : { ...config, observability: { ...observability, cluster: first.name } };
  });

/** What makes a valid configuration wrong, and the code that must say so. */
export const mutations: Readonly<Record<string, (config: LabConfig, first: ClusterConfig) => LabConfig>> = {
  "duplicate-cluster": (config, first) => withClusters(config, (clusters) => [...clusters, { ...first }]),
  "cluster-name": (config) => changed(config, (first) => ({ name: `${first.name}-` })),
  "reserved-cluster-name": (config) => changed(config, () => ({ name: "trust" })),
  "dangling-primary": (config) => changed(config, () => ({ primary: "nobody-at-all" })),
  "dangling-config": (config) => changed(config, () => ({ config: "nobody-at-all" })),
  "cidr-size": (config) => changed(config, () => ({ cidr: "10.10.0.0/24" })),
  "cidr-not-private": (config) => changed(config, () => ({ cidr: "8.8.0.0/16" })),
  "cidr-host-bits": (config) => changed(config, () => ({ cidr: "10.10.0.1/16" })),
  "service-cidr": (config) => changed(config, () => ({ serviceCidr: "203.0.113.0/24" })),
  "service-cidr-overlap": (config) =>
    changed(config, (first) => ({ serviceCidr: first.cidr ?? defaultCidr(first.name) })),
  "too-few-zones": (config) => changed(config, () => ({ zones: 1 })),
  "too-many-zones": (config) => changed(config, () => ({ zones: 9 })),
  "unknown-region": (config) => changed(config, () => ({ region: "us-north-7" })),
  "mixed-architectures": (config) => changed(config, () => ({ nodes: { instanceTypes: ["t3.large", "t4g.large"] } })),
  "ha-one-replica": (config) => changed(config, () => ({ controlPlane: { ha: true, replicas: 1 } })),
  "no-replicas": (config) => changed(config, () => ({ gateways: { replicas: 0 } })),
  "malformed-arn": (config) => ({ ...config, access: { admins: ["me"] } }),
  "broken-istio": (config) => ({ ...config, mesh: { ...config.mesh, version: "1.30.1" } }),
  "istio-version": (config) => ({ ...config, mesh: { ...config.mesh, version: "latest" } }),
  "support-matrix": (config) => ({ ...config, kubernetes: { version: "1.29" } }),
  "retired-host": (config) => ({ ...config, artifacts: { istioImages: "registry.istio.io/release" } }),
  "registry-only-without-entries": (config) => ({
    ...config,
    mesh: { ...config.mesh, outboundTrafficPolicy: "REGISTRY_ONLY" },
  }),
  "failover-without-outlier-detection": (config) => ({
    ...config,
    failover: { enabled: true, outlierDetection: false },
  }),
  "reserved-tag": (config) => ({ ...config, tags: { "aws:x": "y" } }),
  "not-built-yet": (config) => changed(config, () => ({ region: "cn-north-1" })),
  "observability-without-prometheus": (config) => ({ ...config, observability: { kiali: true, prometheus: false } }),
  type: (config) => ({ ...config, zoom: true }) as LabConfig,
};

export const invalidConfigs: fc.Arbitrary<{ code: string; config: LabConfig }> = fc
  .tuple(validConfigs, fc.constantFrom(...Object.keys(mutations)))
  .map(([config, code]) => {
    const first = config.clusters?.[0];
    const mutate = mutations[code];
    if (first === undefined || mutate === undefined) throw new Error(`no cluster, or no mutation ${code}`);
    return { code, config: mutate(config, first) };
  });

/** Clusters with any relations between them, sound or not, for laws about every deployment model. */
export const relatedClusters: fc.Arbitrary<ClusterConfig[]> = fc
  .uniqueArray(label, { minLength: 1, maxLength: 6 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        record({
          name: fc.constant(name),
          network: some(fc.constantFrom("network-1", "network-2")),
          primary: some(fc.constantFrom(...names)),
          config: some(fc.constantFrom(...names)),
        }).map((cluster) => cluster as ClusterConfig),
      ),
    ),
  );

function withClusters(config: LabConfig, change: (clusters: ClusterConfig[]) => ClusterConfig[]): LabConfig {
  return { ...config, clusters: change(config.clusters ?? []) };
}

const changed = (config: LabConfig, change: (first: ClusterConfig) => Partial<ClusterConfig>): LabConfig =>
  withClusters(config, (clusters) =>
    clusters.map((each, index) => (index === 0 ? { ...each, ...change(each) } : each)),
  );

export const overlaps = (a: string, b: string): boolean => overlapCidr(a, b);

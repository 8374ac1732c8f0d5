/** Reads what `lab plan --config-file` takes: a stack file, a configuration, or a topology of Istio's own tests. */

const prefix = "istio-lab:";

/**
 * Names in Istio's test topologies (https://github.com/istio/istio/tree/master/prow/config/topology) and ours. A pod
 * takes an address of the VPC on EKS, so the block of the pods is that of the VPC.
 */
const renamed: Readonly<Record<string, string>> = {
  clusterName: "name",
  primaryClusterName: "primary",
  configClusterName: "config",
  podSubnet: "cidr",
  svcSubnet: "serviceCidr",
};

/** What Pulumi keeps in a stack file beside `config` (https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/). */
const besideConfig: readonly string[] = ["encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/**
 * What those files say about how Istio starts its test clusters, which is nothing to a lab; and a name that Istio's
 * tests no longer know, by which multicluster-large.json has two clusters served by one that it does not describe. As
 * there, each is its own primary (https://github.com/istio/istio/blob/master/pkg/test/framework/components/cluster/config.go).
 */
const ignored: readonly string[] = ["kind", "meta", "controlPlaneClusterName"];

/**
 * A parsed document as the raw configuration that `parseConfig` takes. A stack file gives its `istio-lab:` keys; a bare
 * list is a list of clusters; cluster records may use Istio's names. What is not understood stays as it is, for the
 * schema to refuse.
 */
export function configOfDocument(document: unknown): unknown {
  if (Array.isArray(document)) return withOurNames({ clusters: document });
  if (!isRecord(document)) return document;
  return withOurNames(isStackFile(document) ? keysOfTheLab(document["config"] ?? {}) : document);
}

/** `pulumi stack init` writes a file without `config`, and one whose keys are all commented out has it empty. */
function isStackFile(
  document: Readonly<Record<string, unknown>>,
): document is { readonly config?: Record<string, unknown> } {
  if (isRecord(document["config"])) return true;
  const keys = Object.keys(document);
  const known = keys.every((key) => key === "config" || besideConfig.includes(key));
  return keys.length > 0 && known && (document["config"] ?? null) === null;
}

function keysOfTheLab(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

function withOurNames(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { clusters } = config;
  if (!Array.isArray(clusters) || !clusters.some((cluster) => isRecord(cluster) && "clusterName" in cluster))
    return { ...config };
  const records = clusters.map((cluster: unknown) => (isRecord(cluster) ? translate(cluster) : cluster));
  // Istio's tests join the clusters of one network by routes of their own; on AWS that is peering.
  return { ...(sharesNetwork(records) ? { networkLink: "peering" } : {}), ...config, clusters: records };
}

function translate(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(record).filter(([key]) => !ignored.includes(key));
  // In Istio's topology of one cluster the network is a number.
  const text = (key: string, value: unknown) => (key === "network" && typeof value === "number" ? `${value}` : value);
  return Object.fromEntries(kept.map(([key, value]) => [renamed[key] ?? key, text(key, value)]));
}

function sharesNetwork(records: readonly unknown[]): boolean {
  const carryWorkloads = records.filter(isRecord).filter((record) => !isExternal(record));
  const networks = carryWorkloads.flatMap(({ network }) => (network === undefined ? [] : [network]));
  return new Set(networks).size < networks.length;
}

/** As `isExternalControlPlane`, on a record that nobody has checked. */
const isExternal = ({ name, primary = name, config = primary }: Readonly<Record<string, unknown>>): boolean =>
  primary === name && config !== name;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

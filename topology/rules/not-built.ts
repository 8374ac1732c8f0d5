/** What the schema can say and the components cannot make yet. Each line goes when its model is built. */
import { at, type ClusterDraft } from "../drafts.ts";
import { clustersOfMesh, isExternalControlPlane, isRemote } from "../queries.ts";
import { partitionOf } from "../regions.ts";
import { tenantsIn } from "../tenants.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

const finding = (path: string, what: string): Finding => ({
  path,
  message: `Not built yet: ${what}. Leave it out; CHANGELOG.md says what there is.`,
});

/** Kiali judges a configuration by asking the istiod of its own mesh, which here is a guest in another cluster. */
function observability({ config, clusters }: RuleContext): Finding[] {
  const asked = config.observability?.kiali === true && clusters.some((cluster) => isExternalControlPlane(cluster));
  return asked ? [finding("observability.kiali", "Kiali of an external control plane")] : [];
}

/** The tags of revisions would have to stand in every remote, and ztunnel follows one control plane. */
function meshKeys({ meshes, clusters }: RuleContext): Finding[] {
  return meshes.flatMap(({ path, name, written: { revisions }, dataPlane }) => {
    if (revisions === undefined) return [];
    const place = `${path}.revisions`;
    const serves = clustersOfMesh(clusters, name).some(isRemote);
    return [
      ...(serves ? [finding(place, "revisions of a control plane that serves other clusters")] : []),
      ...(dataPlane === "ambient" ? [finding(place, "revisions in an ambient mesh")] : []),
    ];
  });
}

function clusterKeys(context: RuleContext): Finding[] {
  return context.clusters.flatMap((cluster) => [
    ...partition(context, cluster),
    ...tenantsOfOthers(context, cluster),
    ...remotesThatExist(cluster),
  ]);
}

/** The components write the ARNs of AWS's own policies, which begin otherwise in China and in GovCloud. */
function partition({ config }: RuleContext, cluster: ClusterDraft): Finding[] {
  if (cluster.existing || partitionOf(cluster.region) === "aws") return [];
  const path = cluster.written.region === undefined && config.region !== undefined ? "region" : at(cluster, "region");
  return [finding(path, "AWS's regions in China and in GovCloud, whose ARNs begin otherwise")];
}

/** The remote asks for its primary at the host name of a load balancer, which such a cluster need not have. */
function remotesThatExist(cluster: ClusterDraft): Finding[] {
  return cluster.existing && isRemote(cluster)
    ? [finding(at(cluster, "primary"), "remotes among clusters that exist already")]
    : [];
}

/** Where another's istiod serves a cluster, the tenants' Istio objects would have to stand in that one's. */
function tenantsOfOthers(context: RuleContext, cluster: ClusterDraft): Finding[] {
  const served = isRemote(cluster) && tenantsIn(context, cluster).length > 0;
  const ambient = cluster.dataPlane === "ambient" && tenantsIn(context, cluster).length > 0;
  return [
    ...(served ? [finding(at(cluster, "tenants"), "tenants in clusters that another's istiod serves")] : []),
    // What bounds a tenant is told to sidecars.
    ...(ambient ? [finding("tenants", "tenants in an ambient mesh")] : []),
  ];
}

export const notBuiltRules: readonly Rule[] = [
  {
    code: "not-built-yet",
    severity: "error",
    check: (context) => [...observability(context), ...meshKeys(context), ...clusterKeys(context)],
  },
];

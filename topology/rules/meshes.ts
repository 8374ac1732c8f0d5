/** Data planes, and what keeps two meshes apart. */
import { at, atSetting, type ClusterDraft, type MeshDraft } from "../drafts.ts";
import { serviceTypeOf } from "../gateways.ts";
import { dnsLabel, isDnsName } from "../names.ts";
import { clustersOfMesh, isExternalControlPlane, isRemote, networksOf, pairsOf, workloadClusters } from "../queries.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

/** Judges each mesh whose data plane is ambient (https://istio.io/latest/docs/ambient/install/multicluster/). */
const inAmbient = (context: RuleContext, judge: (mesh: MeshDraft, clusters: ClusterDraft[]) => readonly Finding[]) =>
  context.meshes.flatMap((mesh) => {
    const clusters = clustersOfMesh(context.clusters, mesh.name);
    const ambient = mesh.dataPlane === "ambient" || clusters.some((cluster) => cluster.dataPlane === "ambient");
    return ambient ? judge(mesh, clusters) : [];
  });

const twins = (meshes: readonly MeshDraft[], key: "trustDomain" | "rootName" | "name"): MeshDraft[] =>
  pairsOf(meshes)
    .filter(([a, b]) => a[key] === b[key])
    .map(([, second]) => second);

export const meshRules: readonly Rule[] = [
  {
    code: "duplicate-mesh",
    severity: "error",
    check: ({ meshes }) =>
      twins(meshes, "name").map(({ path, name }) => ({
        path: `${path}.name`,
        message: `Another mesh is named "${name}" too, and clusters could not say which they mean. Rename one.`,
      })),
  },
  {
    code: "mesh-name",
    severity: "error",
    check: ({ meshes }) =>
      meshes
        .filter(({ name }) => !dnsLabel.test(name) || name.length > 63)
        .map(({ path, name }) => ({
          path: path === "mesh" ? "mesh.id" : `${path}.name`,
          message: `"${name}" cannot be the id of a mesh, which becomes part of names and telemetry. Use up to 63 lower-case letters, digits and hyphens.`,
        })),
  },
  {
    code: "trust-domain",
    severity: "error",
    check: ({ meshes }) =>
      meshes
        .filter(({ trustDomain }) => !isDnsName(trustDomain))
        .map(({ path, trustDomain }) => ({
          path: `${path}.trustDomain`,
          message: `"${trustDomain}" is no DNS name, and a trust domain stands as one in every certificate (spiffe://<trust domain>/...). Write it like cluster.local.`,
        })),
  },
  {
    code: "same-trust-domain",
    severity: "error",
    check: ({ meshes }) =>
      twins(meshes, "trustDomain").map(({ path, trustDomain }) => ({
        path: `${path}.trustDomain`,
        message: `Another mesh has the trust domain "${trustDomain}" too, so that an identity of one would pass for the other's. Give each its own.`,
      })),
  },
  {
    code: "same-root-name",
    severity: "error",
    check: ({ meshes }) =>
      twins(meshes, "rootName").map(({ path, rootName }) => ({
        path: `${path}.rootName`,
        message: `Another mesh has a root certificate named "${rootName}" too. Roots of equal name break verification where both are trusted (https://github.com/istio/istio/issues/39987). Give each its own.`,
      })),
  },
  {
    code: "mixed-data-planes",
    severity: "error",
    check: ({ clusters, meshes }) =>
      clusters.flatMap((cluster) => {
        const mesh = meshes.find((each) => each.name === cluster.mesh);
        if (mesh === undefined || cluster.dataPlane === mesh.dataPlane) return [];
        return [
          {
            path: at(cluster, "dataPlane"),
            message: `"${cluster.name}" is ${cluster.dataPlane} in a mesh that is ${mesh.dataPlane}; clusters of both kinds do not interoperate across networks. Use one, or put the cluster into a mesh of its own.`,
          },
        ];
      }),
  },
  {
    code: "ambient-remote",
    severity: "error",
    check: (context) =>
      inAmbient(context, (_mesh, clusters) =>
        clusters
          .filter(
            (cluster) =>
              isRemote(cluster) &&
              clusters.some((each) => each.name === cluster.primary && !isExternalControlPlane(each)),
          )
          .map((cluster) => ({
            path: at(cluster, "primary"),
            message: `Ambient has no remote clusters: "${cluster.name}" needs an istiod of its own. Leave \`primary\` out, or use sidecars.`,
          })),
      ),
  },
  {
    code: "ambient-external",
    severity: "error",
    check: (context) =>
      inAmbient(context, (_mesh, clusters) =>
        clusters.filter(isExternalControlPlane).map((cluster) => ({
          path: at(cluster, "config"),
          message: `Ambient has no external control plane, which "${cluster.name}" would be. Use sidecars, or let every cluster be its own primary.`,
        })),
      ),
  },
  {
    code: "ambient-one-network",
    severity: "error",
    check: (context) =>
      inAmbient(context, (mesh, clusters) =>
        workloadClusters(clusters).length > networksOf(clusters).length
          ? [
              {
                path: `${mesh.path}.dataPlane`,
                message:
                  "Istio supports ambient across networks only, and has just begun to test several clusters on one network " +
                  "(https://github.com/istio/istio/issues/61067). Give each cluster its own network, or use sidecars.",
              },
            ]
          : [],
      ),
  },
  {
    code: "ambient-load-balancer-name",
    severity: "error",
    check: (context) =>
      inAmbient(context, (mesh, clusters) =>
        networksOf(clusters).length > 1 &&
        context.config.platform !== "existing" &&
        context.config.experimental !== true
          ? [
              {
                path: `${mesh.path}.dataPlane`,
                message:
                  "Across networks ztunnel must find the east-west gateway, and on EKS its address is a host name, which ztunnel does " +
                  "not resolve. Use sidecars across clusters, or set experimental: true to try a way around.",
              },
            ]
          : [],
      ),
  },
  {
    code: "ambient-egress",
    severity: "error",
    check: (context) =>
      inAmbient(context, (_mesh, clusters) =>
        clusters
          .filter(({ gateways }) => gateways.egress)
          .map((cluster) => ({
            path: atSetting(cluster, "gateways", "egress"),
            message:
              "The way to an egress gateway is told to sidecars, and in ambient there are none: requests would leave the " +
              "mesh past it. Leave the gateway out, or use sidecars.",
          })),
      ),
  },
  {
    code: "ambient-node-port",
    severity: "error",
    check: (context) =>
      inAmbient(context, (_mesh, clusters) =>
        clusters
          .filter((cluster) => cluster.existing && networksOf(clusters).length > 1)
          .filter((cluster) => serviceTypeOf(cluster) === "NodePort")
          .map((cluster) => ({
            path: atSetting(cluster, "gateways", "service"),
            message:
              `ztunnel calls the east-west gateway of "${cluster.name}" at port 15008 of the address in the Gateway's status, ` +
              "which no port of a node can be. Set gateways.service.type: LoadBalancer.",
          })),
      ),
  },
  {
    code: "revision-with-local-injector",
    severity: "error",
    check: ({ meshes, clusters }) =>
      meshes
        .filter(({ written }) => written.revisions !== undefined)
        .filter(({ written }) => written.localInjector !== false)
        .filter((mesh) => clustersOfMesh(clusters, mesh.name).some((cluster) => isRemote(cluster)))
        .map(({ path }) => ({
          path: `${path}.revisions`,
          message:
            "With a revision, Istio's chart names the Service of a remote's control plane after it, while its proxies keep asking " +
            "for istiod-remote without one. Leave the revisions out; without the local injector they are not built yet either.",
        })),
  },
];

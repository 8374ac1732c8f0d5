/** Services that one mesh offers to another. */
import { firstLabel } from "../federation.ts";
import { serviceTypeOf } from "../gateways.ts";
import { dnsLabel, isDnsName } from "../names.ts";
import { clustersOfMesh, workloadClusters } from "../queries.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

interface Export {
  readonly mesh: string;
  /** `meshes[0].exports[1]`. */
  readonly path: string;
  readonly host: string;
  readonly namespace: string;
  readonly to: string;
  readonly service: string;
  readonly serviceAccount: string;
}

const exportsOf = ({ meshes }: RuleContext): Export[] =>
  meshes.flatMap(({ name, path, written }) =>
    (written.exports ?? []).map(
      ({ host, namespace, to, service = firstLabel(host), serviceAccount = service }, index) => ({
        mesh: name,
        path: `${path}.exports[${index}]`,
        ...{ host, namespace, to, service, serviceAccount },
      }),
    ),
  );

const judged = (context: RuleContext, key: string, wrong: (each: Export) => string | undefined): Finding[] =>
  exportsOf(context).flatMap((each) => {
    const message = wrong(each);
    return message === undefined ? [] : [{ path: `${each.path}.${key}`, message }];
  });

/** Hosts that mean something in the mesh that calls already: its own Services, what lies outside, other imports. */
function takenHosts(context: RuleContext): Finding[] {
  const outside = (context.config.serviceEntries ?? []).flatMap(({ hosts }) => hosts);
  const all = exportsOf(context);
  return judged(context, "host", (each) => {
    if (!isDnsName(each.host) || !each.host.includes("."))
      return `"${each.host}" is no host name that callers could look up. Use labels of lower-case letters, digits and hyphens with dots between, such as api.${each.mesh}.example.`;
    if (each.host.endsWith(".cluster.local"))
      return `"${each.host}" is a name by which mesh "${each.to}" knows a Service of its own. Choose one outside cluster.local.`;
    if (outside.includes(each.host))
      return `"${each.host}" is also the host of a serviceEntry, and callers could not say which they mean. Rename one.`;
    const first = all.find(({ to, host }) => to === each.to && host === each.host);
    return first !== undefined && first.path !== each.path
      ? `Mesh "${each.to}" is offered "${each.host}" twice, and one would hide the other. Rename one.`
      : undefined;
  });
}

const badName = (name: string): boolean => !dnsLabel.test(name) || name.length > 63;

export const federationRules: readonly Rule[] = [
  {
    code: "empty-mesh",
    severity: "error",
    check: ({ meshes, clusters }) =>
      meshes
        .filter(({ name }) => workloadClusters(clustersOfMesh(clusters, name)).length === 0)
        .map(({ path, name }) => ({
          path,
          message: `No cluster that runs workloads belongs to mesh "${name}". Give one \`mesh: ${name}\`, or take the mesh away.`,
        })),
  },
  {
    code: "export-to",
    severity: "error",
    check: (context) =>
      judged(context, "to", ({ mesh, to }) => {
        const others = context.meshes.map(({ name }) => name).filter((name) => name !== mesh);
        if (others.includes(to)) return undefined;
        const choice =
          others.length > 0 ? `Name one of: ${others.join(", ")}.` : "This lab has no other: take it away.";
        return to === mesh
          ? `Mesh "${mesh}" offers a service to itself, whose workloads call it anyway. ${choice}`
          : `Mesh "${mesh}" offers a service to "${to}", which is no mesh of this lab. ${choice}`;
      }),
  },
  { code: "export-host", severity: "error", check: takenHosts },
  {
    code: "export-service",
    severity: "error",
    check: (context) =>
      judged(context, "service", ({ namespace, service, serviceAccount }) => {
        const wrong = [namespace, service, serviceAccount].find(badName);
        return wrong === undefined
          ? undefined
          : `"${wrong}" cannot name a Kubernetes object, so this names no Service, namespace or account. Use lower-case letters, digits and hyphens.`;
      }),
  },
  {
    code: "export-on-node-port",
    severity: "error",
    check: (context) =>
      exportsOf(context).flatMap(({ path, mesh, to }) =>
        workloadClusters(clustersOfMesh(context.clusters, mesh))
          .filter((cluster) => cluster.existing && serviceTypeOf(cluster) === "NodePort")
          .map(({ name }) => ({
            path,
            message:
              `Mesh "${to}" calls gateways at port 15443, which a NodePort of "${name}" is not. Set ` +
              "gateways.service.type: LoadBalancer, or take the export away.",
          })),
      ),
  },
  {
    code: "export-behind-peering",
    severity: "error",
    check: (context) =>
      context.exposure === "peering"
        ? exportsOf(context).map(({ path, to }) => ({
            path,
            message:
              `East-west gateways are inside their VPCs, and the VPCs of mesh "${to}" are joined with none of another mesh, so ` +
              "nobody could call. Set eastWest.exposure: internet, or take the export away.",
          }))
        : [],
  },
];

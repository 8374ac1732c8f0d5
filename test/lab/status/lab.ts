/** A stack as it stands when all is well, as far as `lab status` looks at it. */
import type { KubernetesObject } from "../../../istio/object.ts";
import { externalIstiodNamespace, istioNamespace } from "../../../topology/names.ts";
import { isExternalControlPlane } from "../../../topology/queries.ts";
import type { ClusterPlan, LabPlan } from "../../../topology/types.ts";
import { fakeLab, type FakeCluster, type FakeLab } from "../experiment/fake-lab.ts";
import { intermediate, rootA, rootB } from "./certificates.ts";

export function standingLab(stack = "multi"): FakeLab {
  const lab = fakeLab({}, stack);
  for (const plan of lab.plan.clusters) stand(lab.clusters.get(plan.name)!, plan, lab.plan);
  const clusters = Object.fromEntries(
    lab.plan.clusters.map(({ name, region, roles, primary, network, kubernetesVersion, controlPlane, gateways }) => [
      name,
      {
        ...{ region, roles, primary, network, kubernetesVersion, eksName: `${name}-eksCluster-1a2b3c4` },
        apiServer: `https://${name}.example`,
        ...(gateways.some(({ kind }) => kind === "east-west") ? { eastWestHostname: `${name}.elb.example` } : {}),
        ...(controlPlane === undefined ? {} : { controlPlanes: [{ revision: "default", version: "1.31.1" }] }),
      },
    ]),
  );
  return { ...lab, outputs: { ...lab.outputs, clusters } };
}

function stand(cluster: FakeCluster, plan: ClusterPlan, lab: LabPlan): void {
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } },
    ...nodesOf(plan),
    ...istiodNamespacesOf(plan).flatMap((namespace) => istiodIn(namespace, plan)),
    ...plan.gateways.flatMap((gateway) => gatewayOf(gateway, cluster.name)),
    ...plan.samples.map(({ namespace }) => sampleIn(namespace, lab)),
    ...(isAmbient(lab) ? ambientOf(plan) : []),
    rootOf(plan, lab),
  ];
  for (const object of objects) cluster.put(object as KubernetesObject);
  const read = lab.remoteSecrets.filter(({ to }) => to === cluster.name);
  cluster.admits = admits;
  // curl before 8 forgets that it had connected where the handshake then comes to nothing, as it does at a gateway.
  cluster.prints = (_at, [command, ...rest]) =>
    command === "curl"
      ? `connected ${rest.some((each) => each.startsWith("https:")) ? "0.000000" : "0.010000"} answered 000`
      : JSON.stringify(read.map(({ from }) => ({ id: from, syncStatus: "synced" })));
}

const isAmbient = ({ meshes }: LabPlan): boolean => meshes.some(({ dataPlane }) => dataPlane === "ambient");

/** An external control plane stands beside the istiod of its gateway. */
const istiodNamespacesOf = (plan: ClusterPlan): string[] => [
  ...(plan.controlPlane === undefined ? [] : [plan.istioNamespace]),
  ...(isExternalControlPlane(plan) ? [externalIstiodNamespace] : []),
];

const nodesOf = ({ nodes }: ClusterPlan): object[] =>
  ["a", "b", "c"].slice(0, nodes.count).map((letter) => ({
    ...{ apiVersion: "v1", kind: "Node", metadata: { name: `node-${letter}` } },
    status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1.36.3" } },
  }));

function istiodIn(namespace: string, { controlPlane }: ClusterPlan): object[] {
  const labels = { app: "istiod", "istio.io/rev": "default" };
  const replicas = controlPlane!.replicas;
  const pods = ["istiod-1", "istiod-2"].slice(0, replicas);
  return [
    {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "istiod", namespace, labels } },
      ...{ spec: { replicas }, status: { readyReplicas: replicas } },
    },
    ...pods.map((name) =>
      pod(namespace, name, { name: "discovery", image: "docker.io/istio/pilot:1.31.1" }, { labels }),
    ),
    {
      ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "cacerts", namespace } },
      data: { "ca-cert.pem": Buffer.from(intermediate).toString("base64"), "ca-key.pem": "c2VjcmV0" },
    },
  ];
}

function gatewayOf({ release, namespace, exposure }: ClusterPlan["gateways"][number], cluster: string): object[] {
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: release, namespace } };
  const status = { loadBalancer: { ingress: [{ hostname: `${cluster}.elb.example` }] } };
  const balanced = { ...service, spec: { type: "LoadBalancer" }, status };
  return [proxied(namespace, `${release}-1`), ...(exposure === "none" ? [] : [balanced])];
}

/** In ambient mode without a proxy of its own. */
function sampleIn(namespace: string, lab: LabPlan): object {
  const app = { name: "app", image: "app:1" };
  return isAmbient(lab) ? pod(namespace, `${namespace}-1`, app, {}) : proxied(namespace, `${namespace}-1`, app);
}

/** On every node a ztunnel, which says of which revision it is by a label alone, and a waypoint for each sample. */
const ambientOf = (plan: ClusterPlan): object[] => [
  ...["ztunnel-1", "ztunnel-2"].map((name) => ztunnel(name)),
  ...plan.samples.map(({ namespace }) => proxied(namespace, "waypoint-1")),
];

export const ztunnel = (name: string, version = "1.31.1") =>
  pod(
    istioNamespace,
    name,
    { name: "istio-proxy", image: `docker.io/istio/ztunnel:${version}` },
    { labels: { app: "ztunnel", "istio.io/rev": "default" } },
  );

/** Each mesh has its own. */
function rootOf({ mesh, istioNamespace: namespace }: ClusterPlan, lab: LabPlan): object {
  const root = mesh === lab.meshes[0]?.name ? rootA : rootB;
  const metadata = { name: "istio-ca-root-cert", namespace };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "root-cert.pem": root } };
}

interface Container {
  readonly name: string;
  readonly image: string;
}

const pod = (namespace: string, name: string, container: Container, more: object) => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name, namespace, ...more } },
  ...{ spec: { containers: [container] }, status: { phase: "Running", podIP: "10.0.0.9" } },
});

export function proxied(namespace: string, name: string, app?: Container, version = "1.31.1") {
  const proxy = { name: "istio-proxy", image: `docker.io/istio/proxyv2:${version}` };
  const made = pod(namespace, name, proxy, { annotations: { "istio.io/rev": "default" } });
  return app === undefined ? made : { ...made, spec: { containers: [app, proxy] } };
}

/** As Istio's webhooks do. */
function admits(object: KubernetesObject): unknown {
  if (object.kind !== "Pod") throw new Error('admission webhook "validation.istio.io" denied the request: no route');
  return proxied("istio-system", object.metadata.name, { name: "app", image: "app:1" });
}

/** The multi stack as it stands when all is well, as far as `lab status` looks at it. */
import type { KubernetesObject } from "../../../istio/object.ts";
import { fakeLab, type FakeCluster, type FakeLab } from "../experiment/fake-lab.ts";
import { intermediate, rootA } from "./certificates.ts";

const istioSystem = "istio-system";

export function standingLab(stack = "multi"): FakeLab {
  const lab = fakeLab({}, stack);
  for (const cluster of lab.clusters.values()) stand(cluster, [...lab.clusters.keys()]);
  const clusters = Object.fromEntries(
    lab.plan.clusters.map(({ name, region, roles, primary, network, kubernetesVersion }) => [
      name,
      {
        ...{ region, roles, primary, network, kubernetesVersion, eksName: `${name}-eksCluster-1a2b3c4` },
        ...{ apiServer: `https://${name}.example`, eastWestHostname: `${name}.elb.example` },
        controlPlanes: [{ revision: "default", version: "1.31.1" }],
      },
    ]),
  );
  return { ...lab, outputs: { ...lab.outputs, clusters } };
}

function stand(cluster: FakeCluster, all: readonly string[]): void {
  const put = (object: object): void => {
    cluster.put(object as KubernetesObject);
  };
  put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } });
  for (const name of ["node-a", "node-b"]) {
    const status = { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1.36.3" } };
    put({ apiVersion: "v1", kind: "Node", metadata: { name }, status });
  }
  const labels = { app: "istiod", "istio.io/rev": "default" };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "istiod", namespace: istioSystem, labels },
  };
  put({ ...deployment, spec: { replicas: 2 }, status: { readyReplicas: 2 } });
  for (const name of ["istiod-1", "istiod-2"])
    put(pod(istioSystem, name, { name: "discovery", image: "docker.io/istio/pilot:1.31.1" }, { labels }));
  put(proxied(istioSystem, "istio-eastwestgateway-1"));
  put(proxied("helloworld", "helloworld-1", { name: "app", image: "app:1" }));
  const balancer = { loadBalancer: { ingress: [{ hostname: `${cluster.name}.elb.example` }] } };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "istio-eastwestgateway", namespace: istioSystem },
  };
  put({ ...service, spec: { type: "LoadBalancer" }, status: balancer });
  const metadata = { name: "istio-ca-root-cert", namespace: istioSystem };
  put({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "root-cert.pem": rootA } });
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "cacerts", namespace: istioSystem } };
  put({ ...secret, data: { "ca-cert.pem": Buffer.from(intermediate).toString("base64"), "ca-key.pem": "c2VjcmV0" } });
  cluster.admits = admits;
  // curl before 8 forgets that it had connected where the handshake then comes to nothing, as it does at a gateway.
  cluster.prints = (_at, [command, ...rest]) =>
    command === "curl"
      ? `connected ${rest.some((each) => each.startsWith("https:")) ? "0.000000" : "0.010000"} answered 000`
      : JSON.stringify(all.filter((name) => name !== cluster.name).map((id) => ({ id, syncStatus: "synced" })));
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

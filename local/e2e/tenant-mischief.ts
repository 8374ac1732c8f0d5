/** What a tenant's people could try against another tenant. */
import assert from "node:assert/strict";
import type { Principal } from "./principal.ts";
import { sh, type Stack } from "./shell.ts";
import { curlImage } from "../versions.ts";

/** A route of red's for a host of blue's, told to the whole mesh: whoever may call both would be led astray. */
export const thief = {
  apiVersion: "networking.istio.io/v1",
  kind: "VirtualService",
  metadata: { name: "thief", namespace: "red" },
  spec: {
    hosts: ["httpbin.blue.svc.cluster.local"],
    exportTo: ["*"],
    http: [
      {
        fault: { abort: { httpStatus: 418, percentage: { value: 100 } } },
        route: [{ destination: { host: "httpbin.red.svc.cluster.local" } }],
      },
    ],
  },
};

const istio = (kind: string, spec: object): object => ({ ...thief, kind, spec: { exportTo: ["."], ...spec } });

/** Other ways to the same end, each as narrow as it could be written. */
export const accomplices: readonly object[] = [
  istio("VirtualService", { hosts: ["httpbin"], http: thief.spec.http, gateways: ["istio-system/lab-ingress"] }),
  istio("DestinationRule", {
    host: "httpbin.blue.svc.cluster.local",
    trafficPolicy: { tls: { mode: "DISABLE" } },
  }),
  istio("ServiceEntry", {
    hosts: ["httpbin.blue.svc.cluster.local"],
    ports: [{ number: 8000, name: "http", protocol: "HTTP" }],
    resolution: "STATIC",
    endpoints: [{ address: "192.0.2.1" }],
  }),
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "thief", namespace: "red" },
    spec: { selector: { app: "httpbin" }, ports: [{ port: 80 }], externalIPs: ["192.0.2.1"] },
  },
];

/** A client that a tenant's people start without a proxy, which they may: what holds it back is below the mesh. */
export function bareClient(stack: Stack, cluster: string, namespace: string) {
  const kubectl = `kubectl --kubeconfig ${stack.kubeconfig(cluster)}`;
  return {
    async start(people: Principal): Promise<void> {
      const { exitCode, stderr } = await people.apply(bareDeployment(namespace));
      assert.equal(exitCode, 0, stderr);
      await stack.kubectl(cluster, `rollout status -n ${namespace} deploy/bare --timeout 120s`);
    },
    /** Whether a TCP connection comes about, and the status of what is said on it then; 0 is no answer. */
    async asks(tenant: string): Promise<{ connected: boolean; status: number }> {
      const curl = `curl -s -m 3 -o /dev/null -w '%{time_connect} %{http_code}' http://httpbin.${tenant}:8000/headers`;
      const { stdout } = await sh(`${kubectl} exec -n ${namespace} deploy/bare -- ${curl}`);
      assert.match(stdout, /^[\d.]+ \d{3}$/, "curl ran");
      const [connect, status] = stdout.split(" ").map(Number);
      return { connected: Number(connect) > 0, status: Number(status) };
    },
  };
}

function bareDeployment(namespace: string): object {
  const labels = { app: "bare", "sidecar.istio.io/inject": "false" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "bare", namespace },
    spec: {
      selector: { matchLabels: { app: "bare" } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "curl",
              image: curlImage,
              command: ["/bin/sleep", "infinity"],
              resources: { requests: { cpu: "10m", memory: "32Mi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  };
}

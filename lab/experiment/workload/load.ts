/**
 * The load: k6 in a pod of the mesh, with a constant arrival rate (an open loop: a request is sent when its time has
 * come, whether earlier ones were answered or not, so that an outage counts in full;
 * https://grafana.com/docs/k6/latest/using-k6/scenarios/concepts/open-vs-closed/). It tells a line for each request.
 */
import type { KubernetesObject } from "../../../istio/object.ts";
import { serviceHost } from "../../../topology/names.ts";
import type { Request } from "../measure/request.ts";
import { client, namespace } from "./names.ts";
import { answererHeader } from "./server.ts";

export const k6Image = "grafana/k6:1.8.1";

export const serviceUrl = (service: string, inNamespace: string, at: number): string =>
  `http://${serviceHost(service, inNamespace)}:${at}/`;

export interface LoadOptions {
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
  /** Seconds after which a request is given up. */
  readonly timeout: number;
}

/** Tells `start latency status cluster/node/pod`, with a hyphen at the end where no server answered. */
export const loadScript = `
import http from "k6/http";

const { URL, RATE, DURATION, TIMEOUT } = __ENV;

export const options = {
  discardResponseBodies: true,
  noUsageReport: true,
  // A name that leads elsewhere after a while is asked for again.
  dns: { ttl: "1s" },
  scenarios: {
    load: {
      executor: "constant-arrival-rate",
      rate: Number(RATE),
      timeUnit: "1s",
      duration: DURATION + "s",
      // While nobody answers, each request occupies a user until it is given up. No more are made later, because that takes
      // time and requests are dropped meanwhile.
      preAllocatedVUs: Number(RATE) * (Number(TIMEOUT) + 1),
      gracefulStop: TIMEOUT + "s",
    },
  },
};

export default function () {
  const start = Date.now();
  const { status, timings, headers } = http.get(URL, { timeout: TIMEOUT + "s" });
  const latency = status === 0 ? Date.now() - start : timings.blocked + timings.duration;
  console.log(start + " " + latency.toFixed(2) + " " + status + " " + (headers["${headerCase(answererHeader)}"] || "-"));
}
`;

/** As Go, and so k6, writes the names of headers. */
function headerCase(name: string): string {
  return name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** What k6 is told beside its script. */
export function k6Environment({ url, rate, duration, timeout }: LoadOptions): Record<string, string> {
  return {
    URL: url,
    RATE: String(rate),
    DURATION: String(duration),
    TIMEOUT: String(timeout),
    // Nothing is fetched from, and nothing told to, anybody outside.
    K6_AUTO_EXTENSION_RESOLUTION: "false",
    K6_NO_USAGE_REPORT: "true",
  };
}

export const k6Arguments = (script: string): string[] => ["run", "--quiet", "--log-format", "raw", script];

/** Where a client's proxy is to think that it stands; absent for where it does stand. */
export interface ClientPlace {
  /** `region/zone/subzone` (https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/). */
  readonly locality?: string;
  /** Nodes of this zone only. */
  readonly zone?: string;
}

/**
 * The container that prints what k6 told, half a second's worth at a time. If k6 itself printed it line by line, two
 * clients' lines would cost containerd, the kubelet and the API server more time than the requests take.
 */
export const teller = "teller";
export const logFile = "/log/k6.log";
// Each `cat` goes on where the one before has ended.
const tell = `until [ -e ${logFile} ]; do sleep 0.1; done; while :; do cat; sleep 0.5; done < ${logFile}`;

/** The pod of one run: a new one each time, so that no proxy remembers whom it ejected before. */
export function clientObjects(
  images: string,
  name: string,
  options: LoadOptions,
  place: ClientPlace,
): KubernetesObject[] {
  const labels = {
    app: client,
    ...(place.locality === undefined ? {} : { "istio-locality": place.locality.replaceAll("/", ".") }),
  };
  const image = `${images}/${k6Image}`;
  const log = { name: "log", mountPath: "/log" };
  const env = Object.entries(k6Environment(options)).map(([key, value]) => ({ name: key, value }));
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: client, namespace, labels: { app: client } },
      data: { "load.js": loadScript },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels },
      spec: {
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 0,
        ...(place.zone === undefined ? {} : { nodeSelector: { "topology.kubernetes.io/zone": place.zone } }),
        containers: [
          {
            name: client,
            image,
            imagePullPolicy: "IfNotPresent",
            args: [...k6Arguments("/etc/load/load.js"), "--log-output", `file=${logFile}`],
            env,
            resources: { requests: { cpu: "100m", memory: "128Mi" } },
            volumeMounts: [{ name: "script", mountPath: "/etc/load" }, log],
          },
          {
            name: teller,
            image,
            imagePullPolicy: "IfNotPresent",
            command: ["/bin/sh", "-c", tell],
            resources: { requests: { cpu: "10m", memory: "16Mi" } },
            volumeMounts: [log],
          },
        ],
        volumes: [
          { name: "script", configMap: { name: client } },
          { name: "log", emptyDir: { medium: "Memory" } },
        ],
      },
    },
  ];
}

const line = /^(\d+) (\d+(?:\.\d+)?) (\d+) (?:-|([^/ ]+)\/([^/ ]+)\/([^/ ]+))$/;

/**
 * A line of k6's output as a request; undefined for a line that is none, such as a warning.
 *
 * @param zoneOf the zone of a cluster's node
 */
export function requestOf(
  text: string,
  asker: string,
  zoneOf: (cluster: string, node: string) => string,
): Request | undefined {
  const [, start, latency, status, cluster, node, pod] = line.exec(text) ?? [];
  if (start === undefined) return undefined;
  const answered =
    cluster === undefined || node === undefined || pod === undefined
      ? {}
      : { answered: { cluster, zone: zoneOf(cluster, node), pod } };
  return { client: asker, start: Number(start), latency: Number(latency), status: Number(status), ...answered };
}

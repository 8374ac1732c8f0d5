/** Where charts and images come from, and whether they can be had. */
import { dashboardUrls } from "../../istio/grafana.ts";
import type { ClusterPlan, LabPlan } from "../../topology/types.ts";
import { failed, type Finding, ok, skipped } from "../checks/check.ts";

/** A place to ask, and the answers that show that it is there. */
export interface Host {
  readonly name: string;
  readonly url: string;
  readonly fine: readonly number[];
  /** The key of `istio-lab:artifacts` that names it. */
  readonly key: string;
}

/** Folders of this machine are left out: the program reads them, and says when one is missing. */
export function hostsOf(plan: LabPlan): Host[] {
  const { artifacts } = plan;
  const all = [
    ...charts("Istio's charts", artifacts.istioCharts, "istioCharts"),
    ...charts("the controller's charts", artifacts.loadBalancerControllerCharts, "loadBalancerControllerCharts"),
    ...file("Gateway API's definitions", artifacts.gatewayApiCrds, "gatewayApiCrds"),
    registry("Istio's images", artifacts.istioImages, "istioImages"),
    registry("samples' images", artifacts.sampleImages, "sampleImages"),
    ...observabilityHosts(plan),
  ];
  return all.filter((host, index) => all.findIndex(({ url }) => url === host.url) === index);
}

/** Prometheus is in each cluster that has observability; Kiali and Grafana in one of a mesh. */
function observabilityHosts(plan: LabPlan): Host[] {
  const { artifacts, clusters } = plan;
  const observed = clusters.filter(({ observability }) => observability !== undefined);
  if (observed.length === 0) return [];
  const kiali = observed.some(({ observability }) => observability?.kiali !== undefined);
  const meshes = new Set(observed.flatMap(({ mesh, observability }) => (observability?.grafana === true ? mesh : [])));
  return [
    registry("Prometheus's and Grafana's images", artifacts.observabilityImages, "observabilityImages"),
    ...(kiali ? charts("Kiali's chart", artifacts.kialiCharts, "kialiCharts") : []),
    ...(kiali ? [registry("Kiali's image", artifacts.kialiImages, "kialiImages")] : []),
    ...plan.meshes
      .filter(({ name }) => meshes.has(name))
      // One of them shows that the host and the version are there.
      .flatMap((mesh) =>
        file(`Grafana's dashboards of ${mesh.version}`, dashboardUrls(plan, mesh)[0], "grafanaDashboards"),
      ),
  ];
}

function charts(name: string, place: string, key: string): Host[] {
  if (place.startsWith("oci://")) return [registry(name, place.slice("oci://".length), key)];
  return file(name, `${place.replace(/\/$/, "")}/index.yaml`, key);
}

const file = (name: string, url: string | undefined, key: string): Host[] =>
  url !== undefined && /^https?:/.test(url) ? [{ name, url, fine: [200], key }] : [];

/** A registry that is there asks who one is (https://distribution.github.io/distribution/spec/api/). */
function registry(name: string, place: string, key: string): Host {
  const host = place.split("/")[0] ?? "";
  const api = host === "docker.io" ? "registry-1.docker.io" : host;
  return { name, url: `https://${api}/v2/`, fine: [200, 401, 403], key };
}

/** @param answer the status, or why there was none */
export function judgeHost({ name, url, fine, key }: Host, answer: number | string): Finding {
  if (typeof answer === "number" && fine.includes(answer)) return ok(url);
  const why = typeof answer === "number" ? `answers ${answer}` : `does not answer (${answer})`;
  return failed(
    `${url}, where ${name} come from, ${why}.`,
    `Look whether this machine is let out, or name a mirror as \`${key}\` in \`istio-lab:artifacts\`.`,
    "https://istio.io/latest/blog/2026/retirement-of-gcp/",
  );
}

/** What Docker Hub allows to an address that does not log in. Undefined where it names no limit. */
export interface PullLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly hours: number;
}

/** `100;w=21600` is a hundred in six hours (https://docs.docker.com/docker-hub/usage/pulls/). */
export function pullLimitOf(limit: string | null, remaining: string | null): PullLimit | undefined {
  const [, allowed, seconds] = /^(\d+);w=(\d+)$/.exec(limit ?? "") ?? [];
  const [, left] = /^(\d+)/.exec(remaining ?? "") ?? [];
  if (allowed === undefined || seconds === undefined) return undefined;
  return { limit: Number(allowed), remaining: Number(left ?? allowed), hours: Number(seconds) / 3600 };
}

/** How many images of each kind there are at most on one node. */
const images = {
  ...{ istio: 2, cni: 1, ztunnel: 1, bookinfo: 6, helloworld: 1, httpbin: 1, curl: 1 },
  ...{ prometheus: 1, grafana: 1, kiali: 1 },
} as const;

/** Pulls from Docker Hub through the address that has most of them: a node's own, or that of a NAT gateway. */
export function pullsThroughOneAddress(plan: LabPlan): number {
  const { artifacts } = plan;
  const fromHub = (place: string, count: number): number => (place.split("/")[0] === "docker.io" ? count : 0);
  const ofNode = ({ mesh, samples, observability }: ClusterPlan): number => {
    const { cni, dataPlane } = plan.meshes.find(({ name }) => name === mesh) ?? { cni: false, dataPlane: "sidecar" };
    const istio = images.istio + (cni ? images.cni : 0) + (dataPlane === "ambient" ? images.ztunnel : 0);
    const sample = samples.reduce(
      (sum, { name, versions }) => sum + images[name] * (name === "helloworld" ? versions.length : 1),
      0,
    );
    const shown =
      observability === undefined ? 0 : images.prometheus + (observability.grafana ? images.grafana + images.curl : 0);
    return (
      fromHub(artifacts.istioImages, istio) +
      fromHub(artifacts.sampleImages, sample) +
      fromHub(artifacts.observabilityImages, shown) +
      fromHub(artifacts.kialiImages, observability?.kiali === undefined ? 0 : images.kiali)
    );
  };
  const pulls = plan.clusters.map((each) => ofNode(each) * (each.nodes.private ? each.nodes.count : 1));
  // Clusters on this machine, such as kind's, share its address.
  return plan.platform === "existing" ? pulls.reduce((sum, each) => sum + each, 0) : Math.max(0, ...pulls);
}

/**
 * @param found undefined where Docker Hub names no limit, and a text where it could not be asked
 * @param here whether this machine's address is the one that pulls
 */
export function judgePulls(needed: number, found: PullLimit | string | undefined, here: boolean): Finding {
  if (typeof found === "string") return skipped(`Docker Hub did not say: ${found}`);
  if (needed === 0) return skipped("no image comes from Docker Hub");
  if (found === undefined) return ok("Docker Hub names no limit to this address");
  const { limit, remaining, hours } = found;
  const room = here ? remaining : limit;
  const says = `${needed} pulls through one address, ${here ? `${remaining} left of ${limit}` : `${limit} allowed`} in ${hours} hours`;
  if (needed <= room) return ok(says);
  return failed(
    `Docker Hub allows too few: ${says}.`,
    "Name a mirror in `istio-lab:artifacts` (istioImages, sampleImages, observabilityImages), give nodes addresses of their own, or wait.",
    "https://docs.docker.com/docker-hub/usage/pulls/",
  );
}

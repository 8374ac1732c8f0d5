/**
 * Calls between meshes with separate roots. TLS goes from workload to workload: the gateway in between reads the SNI and
 * has no part in it, so that both ends prove an identity of their own trust domain
 * (https://istio.io/latest/docs/ops/deployment/deployment-models/#trust-between-meshes).
 */
import type { IDestinationRule, IServiceEntry } from "@kubernetes-models/istio/networking.istio.io/v1";
import type { IAuthorizationPolicy } from "@kubernetes-models/istio/security.istio.io/v1";
import { istioNamespace, serviceHost } from "../topology/names.ts";
import type { ClusterPlan, HelmValues, ImportedServicePlan, MeshPlan } from "../topology/types.ts";
import { type KubernetesObject, networkingApi, securityApi } from "./object.ts";

/** The root of another mesh. */
export interface TrustedRoot {
  readonly trustDomain: string;
  /** PEM. */
  readonly certificate: string;
}

/**
 * What istiod tells its proxies about other meshes' roots. `trustDomains` has them accept callers from there; an alias
 * of the own trust domain would do that too, but make the same account of either mesh one and the same caller
 * (https://github.com/istio/istio/issues/41666). A proxy hears of further roots only when its agent asks for its
 * configuration (istio/istio: tests/integration/security/ca_custom_root/main_test.go).
 */
export function federationValues(mesh: MeshPlan, roots: readonly TrustedRoot[]): HelmValues {
  if (roots.length === 0) return {};
  return {
    env: { ISTIO_MULTIROOT_MESH: "true" },
    meshConfig: {
      caCertificates: roots.map(({ certificate, trustDomain }) => ({ pem: certificate, trustDomains: [trustDomain] })),
      defaultConfig: {
        proxyMetadata: {
          PROXY_CONFIG_XDS_AGENT: "true",
          ...nameCapture(mesh),
        },
      },
    },
  };
}

/** Kubernetes does not know the names of imported services; the proxy answers for them. */
export function nameCapture({ imports }: Pick<MeshPlan | ClusterPlan, "imports">): HelmValues {
  return imports.length > 0 ? { ISTIO_META_DNS_CAPTURE: "true" } : {};
}

/** The server name by which proxies and AUTO_PASSTHROUGH gateways tell a Service's port. */
function sniOf({ service, namespace, port }: ImportedServicePlan): string {
  return `outbound_.${String(port)}_._.${serviceHost(service, namespace)}`;
}

/** An imported service by its own name, at the other side's gateways, in the root namespace, where no tenant may write. */
export function importEntry(service: ImportedServicePlan, gateways: readonly string[]): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "ServiceEntry",
    metadata: { name: importName(service), namespace: istioNamespace },
    spec: {
      hosts: [service.host],
      ...toldTo(service),
      location: "MESH_INTERNAL",
      ports: [{ number: service.port, name: "http", protocol: "HTTP" }],
      resolution: "DNS",
      endpoints: gateways.map((address) => ({ address, ports: { http: 15443 } })),
    } satisfies IServiceEntry["spec"],
  };
}

/** Whom the callers must meet behind the gateway: the very account, of that side's trust domain. */
export function importRule(service: ImportedServicePlan): KubernetesObject {
  return {
    apiVersion: networkingApi,
    kind: "DestinationRule",
    metadata: { name: importName(service), namespace: istioNamespace },
    spec: {
      host: service.host,
      ...toldTo(service),
      trafficPolicy: {
        tls: { mode: "ISTIO_MUTUAL", sni: sniOf(service), subjectAltNames: [service.identity] },
      },
    } satisfies IDestinationRule["spec"],
  };
}

const toldTo = ({ exportTo }: ImportedServicePlan): { exportTo?: string[] } =>
  exportTo === undefined ? {} : { exportTo: [...exportTo] };

/** Two meshes may offer a service of one name under different hosts. */
function importName({ host }: ImportedServicePlan): string {
  return `import-${host.replaceAll(".", "-")}`;
}

/**
 * Trust in another root says who somebody is, not what they may do: whoever comes from there is refused everything but
 * what is exported to them, also where a gateway or a network would let them through.
 */
export function peerPolicy(mesh: MeshPlan, peer: MeshPlan["trusts"][number]): KubernetesObject {
  const allowed = mesh.exports.filter(({ to }) => to === peer.mesh).map(sniOf);
  return {
    apiVersion: securityApi,
    kind: "AuthorizationPolicy",
    metadata: { name: `only-exports-to-${peer.mesh}`, namespace: istioNamespace },
    spec: {
      action: "DENY",
      rules: [
        {
          from: [{ source: { principals: [`${peer.trustDomain}/*`] } }],
          ...(allowed.length > 0 ? { when: [{ key: "connection.sni", notValues: allowed }] } : {}),
        },
      ],
    } satisfies IAuthorizationPolicy["spec"],
  };
}

/** What lies outside the mesh. */
import { dnsLabel } from "../names.ts";
import type { ServiceEntryConfig } from "../schema.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

const findings = (
  { config }: RuleContext,
  key: keyof ServiceEntryConfig,
  wrong: (entry: ServiceEntryConfig, index: number) => string | undefined,
) =>
  (config.serviceEntries ?? []).flatMap((entry, index): Finding[] => {
    const message = wrong(entry, index);
    return message === undefined ? [] : [{ path: `serviceEntries[${index}].${key}`, message }];
  });

const isWildcard = (host: string): boolean => host.startsWith("*");

/**
 * Protocols that name a host of their own, which DYNAMIC_DNS needs
 * (https://github.com/istio/istio/blob/release-1.31/pkg/config/validation/validation.go).
 */
const namesHost = ["HTTP", "HTTP2", "GRPC", "TLS"];

/** The port of the egress gateway that a port outside goes through; undefined for one that does not pass it. */
function egressPort(protocol: string): 80 | 443 | undefined {
  if (["TLS", "HTTPS"].includes(protocol.toUpperCase())) return 443;
  return protocol.toUpperCase() === "HTTP" ? 80 : undefined;
}

/**
 * The egress gateway tells requests apart by host alone (SNI or Host header), so it cannot know which of two ports of
 * one host was meant. Wildcards and what is inside the mesh do not pass it
 * (https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/).
 */
function egressPortsMeet({ config, clusters }: RuleContext): Finding[] {
  if (!clusters.some(({ gateways }) => gateways.egress)) return [];
  const first = new Map<string, number>();
  return (config.serviceEntries ?? []).flatMap(({ hosts, ports, location }, index) =>
    hosts
      .filter((host) => location !== "MESH_INTERNAL" && !isWildcard(host))
      .flatMap((host) =>
        ports.flatMap(({ number, protocol }): Finding[] => {
          const gatewayPort = egressPort(protocol);
          if (gatewayPort === undefined) return [];
          const meeting = `${host}:${gatewayPort}`;
          const other = first.get(meeting);
          if (other === undefined) {
            first.set(meeting, number);
            return [];
          }
          return [
            {
              path: `serviceEntries[${index}].ports`,
              message:
                `Ports ${other} and ${number} of "${host}" would meet on port ${gatewayPort} of the egress gateway, which knows only the host a ` +
                "request is for and would send all to one of them. Keep one, or do without the egress gateway.",
            },
          ];
        }),
      ),
  );
}

export const outsideRules: readonly Rule[] = [
  {
    code: "registry-only-without-entries",
    severity: "error",
    check: ({ meshes, config }) =>
      meshes
        .filter(({ written }) => written.outboundTrafficPolicy === "REGISTRY_ONLY")
        .filter(() => (config.serviceEntries ?? []).length === 0)
        .map(({ path }) => ({
          path: `${path}.outboundTrafficPolicy`,
          message:
            "REGISTRY_ONLY blocks every host that the mesh does not know, and no serviceEntries say which it should know: " +
            "nothing outside could be called. List the hosts under serviceEntries, or use ALLOW_ANY.",
        })),
  },
  {
    code: "service-entry-name",
    severity: "error",
    check: (context) =>
      findings(context, "name", ({ name }, index) => {
        if (!dnsLabel.test(name) || name.length > 63)
          return `"${name}" cannot name a Kubernetes object. Use lower-case letters, digits and hyphens.`;
        const first = (context.config.serviceEntries ?? []).findIndex((entry) => entry.name === name);
        return first < index
          ? `Another entry is named "${name}" too, and one would overwrite the other. Rename it.`
          : undefined;
      }),
  },
  {
    code: "service-entry-endpoints",
    severity: "error",
    check: (context) =>
      findings(context, "endpoints", ({ name, resolution = "DNS", endpoints = [] }) => {
        if (resolution === "STATIC" && endpoints.length === 0)
          return `"${name}" has STATIC resolution, which means its endpoints are listed, and lists none. Add them, or use DNS.`;
        if (resolution === "NONE" && endpoints.length > 0)
          return `"${name}" has resolution NONE, which means the caller's address is used, and yet lists endpoints. Take them away, or use STATIC.`;
        if (resolution === "DYNAMIC_DNS" && endpoints.length > 0)
          return `"${name}" has resolution DYNAMIC_DNS, which looks up the host of each request, and yet lists endpoints. Take them away, or use STATIC.`;
        if (resolution === "DNS_ROUND_ROBIN" && endpoints.length > 1)
          return `"${name}" has resolution DNS_ROUND_ROBIN, which Istio takes with one endpoint at most, and lists ${endpoints.length}. Keep one, or use DNS.`;
        return undefined;
      }),
  },
  { code: "egress-ports-meet", severity: "error", check: egressPortsMeet },
  {
    code: "service-entry-wildcard",
    severity: "error",
    check: (context) =>
      findings(context, "hosts", ({ name, hosts, resolution = "DNS", endpoints = [] }) => {
        const wildcard = hosts.find(isWildcard);
        if (wildcard === undefined || !["DNS", "DNS_ROUND_ROBIN"].includes(resolution) || endpoints.length > 0)
          return undefined;
        return `"${name}" would look up "${wildcard}", but DNS has no address for a wildcard. Name the hosts, or set resolution: NONE or DYNAMIC_DNS.`;
      }),
  },
  {
    code: "dynamic-dns-host",
    severity: "error",
    check: (context) =>
      findings(context, "hosts", ({ name, hosts, resolution }) => {
        const single = hosts.find((host) => !isWildcard(host));
        if (resolution !== "DYNAMIC_DNS" || single === undefined) return undefined;
        return `"${name}" has resolution DYNAMIC_DNS, which Istio has for wildcards alone, and "${single}" is none. Use DNS for it.`;
      }),
  },
  {
    code: "dynamic-dns-protocol",
    severity: "error",
    check: (context) =>
      findings(context, "ports", ({ name, ports, resolution }) => {
        const port = ports.find(({ protocol }) => !namesHost.includes(protocol.toUpperCase()));
        if (resolution !== "DYNAMIC_DNS" || port === undefined) return undefined;
        return `"${name}" has resolution DYNAMIC_DNS, which takes the host from a request or from its SNI, and ${port.protocol} of port ${port.number} is not among ${namesHost.join(", ")}. Use one of them, or resolution: NONE.`;
      }),
  },
  {
    // https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Resolution
    code: "ambient-dynamic-dns",
    severity: "error",
    check: (context) =>
      findings(context, "resolution", ({ name, resolution }) =>
        resolution === "DYNAMIC_DNS" &&
        [...context.meshes, ...context.clusters].some(({ dataPlane }) => dataPlane === "ambient")
          ? `In ambient a waypoint looks up the hosts of "${name}", and an entry for the whole mesh is bound to none: istiod would pass it over. Use resolution: NONE, name the hosts, or use sidecars.`
          : undefined,
      ),
  },
];

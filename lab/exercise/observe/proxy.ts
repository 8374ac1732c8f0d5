/** What Envoy's administration prints, as far as checks read it. */
import * as z from "zod";
import type { Certificate, Upstream } from "./eye.ts";

/** Envoy leaves out what is 0, false or empty (https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--clusters). */
const clustersz = z.object({
  cluster_statuses: z
    .array(
      z.object({
        name: z.string(),
        circuit_breakers: z
          .object({
            thresholds: z
              .array(z.object({ priority: z.string().default("DEFAULT"), max_connections: z.number().optional() }))
              .default([]),
          })
          .default({ thresholds: [] }),
        host_statuses: z
          .array(
            z.object({
              address: z.object({
                socket_address: z.object({ address: z.string(), port_value: z.number() }).optional(),
              }),
              stats: z.array(z.object({ name: z.string(), value: z.coerce.number().default(0) })).default([]),
              health_status: z.object({ failed_outlier_check: z.boolean().default(false) }).default({
                failed_outlier_check: false,
              }),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** The path to ask Envoy for. */
export const upstreamsPath = "clusters?format=json";

export function upstreamsIn(printed: string): Upstream[] {
  return clustersz.parse(JSON.parse(printed)).cluster_statuses.map((status) => ({
    name: status.name,
    maxConnections: status.circuit_breakers.thresholds.find(({ priority }) => priority === "DEFAULT")?.max_connections,
    hosts: status.host_statuses.map(({ address, stats, health_status }) => ({
      address: address.socket_address === undefined ? "" : hostOf(address.socket_address),
      requests: stats.find(({ name }) => name === "rq_total")?.value ?? 0,
      ejected: health_status.failed_outlier_check,
    })),
  }));
}

const hostOf = ({ address, port_value }: { address: string; port_value: number }): string =>
  `${address}:${String(port_value)}`;

/** https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--certs */
const certsz = z.object({
  certificates: z
    .array(
      z.object({
        cert_chain: z
          .array(
            z.object({
              serial_number: z.string().default(""),
              subject_alt_names: z.array(z.object({ uri: z.string().optional() })).default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

export const certificatePath = "certs";

/** The first that names a SPIFFE id is the workload's own; others in the list only verify. */
export function certificateIn(printed: string): Certificate | undefined {
  const all = certsz.parse(JSON.parse(printed)).certificates.flatMap(({ cert_chain }) => cert_chain);
  for (const { serial_number, subject_alt_names } of all) {
    const identity = subject_alt_names.find(({ uri }) => uri?.startsWith("spiffe://"))?.uri;
    if (identity !== undefined) return { identity, serial: plainSerial(serial_number) };
  }
  return undefined;
}

/** openssl, Envoy and istioctl each write it in their own way. */
export const plainSerial = (serial: string): string =>
  serial
    .toLowerCase()
    .replaceAll(":", "")
    .replace(/^0x/, "")
    .replace(/^0+(?=.)/, "");

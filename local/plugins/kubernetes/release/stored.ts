import { gunzipSync } from "node:zlib";
import { pluck } from "../object/object.ts";
import type { Properties } from "../../host/values.ts";
import type { Cluster } from "../cluster.ts";

/** A release as Helm recorded it in a Secret (helm.sh/helm/v4/pkg/release/v1). */
export interface StoredRelease {
  name: string;
  namespace: string;
  /** The revision. */
  version: number;
  info: { status: string; description?: string };
  chart: { metadata: { name: string; version: string; appVersion?: string } };
  /** The values given. */
  config?: Properties;
  manifest: string;
}

/** The newest revision of a release, or undefined when Helm knows none. */
export async function storedRelease(
  cluster: Cluster,
  namespace: string,
  name: string,
): Promise<StoredRelease | undefined> {
  const mapping = await cluster.discovery.get("v1", "Secret");
  const secrets = await cluster.list(mapping, namespace, `owner=helm,name=${name}`);
  const revision = (secret: Properties) => Number(pluck(secret, "metadata", "labels", "version"));
  const newest = secrets.sort((left, right) => revision(left) - revision(right)).at(-1);
  const data = pluck(newest, "data", "release");
  return typeof data === "string" ? decodeRelease(data) : undefined;
}

/** Base64 as in every Secret, around Helm's own base64, around gzip, around JSON. */
export function decodeRelease(data: string): StoredRelease {
  const packed = Buffer.from(Buffer.from(data, "base64").toString("utf8"), "base64");
  return JSON.parse(gunzipSync(packed).toString("utf8")) as StoredRelease;
}

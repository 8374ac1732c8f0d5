/** What a cut is of: questions that every platform with subnets has to ask before it cuts. */
import { normalizeCidr } from "cidr-tools";
import * as z from "zod";
import type { ClusterOutputs } from "../../../topology/outputs.ts";
import type { Cut } from "./platform.ts";

export interface EksCluster {
  readonly eksName: string;
  readonly region: string;
}

/** @throws Error when the lab has no such cluster, or the cluster is none of EKS */
export function eksClusterOf(clusters: Readonly<Record<string, ClusterOutputs>>, { cluster, says }: Cut): EksCluster {
  const outputs = clusters[cluster];
  if (outputs === undefined) {
    const names = Object.keys(clusters).join(", ");
    throw new Error(`"${says}" is of cluster "${cluster}", but the lab's clusters are ${names}.`);
  }
  const { eksName, region } = outputs;
  if (eksName === undefined) throw new Error(`"${says}" is of cluster "${cluster}", which is no EKS cluster.`);
  return { eksName, region };
}

/**
 * The subnets that lose something.
 * @throws Error when there is none, or none in a zone that the cut names
 */
export function subnetsToCut<T extends { readonly zone: string }>(cut: Cut, subnets: readonly T[]): readonly T[] {
  const zones = new Set(subnets.map(({ zone }) => zone));
  const wanted = cut.zones ?? [...zones];
  const unknown = wanted.filter((zone) => !zones.has(zone));
  if (wanted.length === 0 || unknown.length > 0) {
    const found = zones.size === 0 ? "no subnets" : `subnets in ${[...zones].sort().join(", ")}`;
    const asked = unknown.length === 0 ? "" : `, and none in ${unknown.join(", ")}`;
    throw new Error(`"${cut.says}" cannot be done: cluster "${cut.cluster}" has ${found}${asked}.`);
  }
  return subnets.filter(({ zone }) => wanted.includes(zone));
}

/**
 * The blocks, each once.
 * @throws Error for one that is no IPv4 block, or has bits set behind its prefix
 */
export function blocksToCut({ blocks, says }: Cut): readonly string[] {
  if (blocks.length === 0) throw new Error(`"${says}" names no blocks, so nothing would be lost.`);
  for (const block of blocks) {
    if (isBlock(block)) continue;
    throw new Error(`"${says}" names ${block}, which is no IPv4 block such as 198.51.100.7/32 or 10.0.0.0/8.`);
  }
  return [...new Set(blocks)];
}

const isBlock = (text: string): boolean => z.cidrv4().safeParse(text).success && normalizeCidr(text) === text;

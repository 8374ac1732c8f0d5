/** A partner with many hosts, which exercises let the mesh know by a wildcard: Services in a namespace without proxies. */
import type { KubernetesObject } from "../../istio/object.ts";
import { serviceHost } from "../../topology/names.ts";
import type { ClusterPlan } from "../../topology/types.ts";
import type { Judgement, Stage } from "./exercise.ts";
import {
  clientIn,
  confinedClient,
  outside,
  sample,
  serviceEntry,
  spaceOf,
  specsIn,
  withEachContainer,
} from "./ground.ts";
import type { Eye } from "./observe/eye.ts";

export interface Partner {
  /** The namespace of its client. */
  readonly space: string;
  /** The namespace of its hosts. */
  readonly beyond: string;
  /** Whatever the partner calls its hosts, their names end so. */
  readonly suffix: string;
  readonly wildcard: string;
}

export const partnerPort = 8000;
/** The hosts that it has so far, by the part of their names that differs. */
export const partnerHosts = ["first", "second"] as const;

export function partnerOf(exercise: string): Partner {
  const beyond = spaceOf(exercise, "outside");
  const suffix = serviceHost("", beyond);
  return { space: spaceOf(exercise), beyond, suffix, wildcard: `*${suffix}` };
}

/** Nothing of it is declared yet. Each of its servers tells its own name at `/hostname`. */
export const partnerAndClient = (stage: Stage, { space, beyond }: Partner): KubernetesObject[] => [
  ...confinedClient(stage, stage.near, space),
  outside(beyond),
  ...withEachContainer(
    { env: [{ name: "USE_REAL_HOSTNAME", value: "true" }] },
    partnerHosts.flatMap((as) => sample(stage, stage.near, "httpbin", beyond, { as })),
  ),
];

/** What declares all of its hosts at once. */
export const partnerEntry = ({ space, wildcard }: Partner, resolution: "NONE" | "DYNAMIC_DNS"): KubernetesObject =>
  serviceEntry(space, "partner", {
    hosts: [wildcard],
    location: "MESH_EXTERNAL",
    ports: [{ number: partnerPort, name: "http", protocol: "HTTP" }],
    resolution,
  });

/**
 * A name that the wildcard does not cover. A short one would not do: for a host that ends as the client's own names do Istio
 * makes the shorter names as well, of a wildcard too (generateAltVirtualHosts in
 * https://github.com/istio/istio/blob/release-1.31/pilot/pkg/networking/core/httproute.go).
 */
const undeclared = "elsewhere.example";

const urlOf = (host: string): string => `http://${host}:${String(partnerPort)}/status/200`;

/** What the client's mesh knows of the partner, and whom the client reaches. */
export async function seenOf({ space, suffix, wildcard }: Partner, near: ClusterPlan, eye: Eye) {
  const from = clientIn(near, space);
  const entries = await specsIn(eye, near, "ServiceEntry", space);
  const statuses: [string, number][] = [];
  for (const each of partnerHosts) {
    const [answer] = await eye.call({ from, url: urlOf(`${each}${suffix}`) });
    statuses.push([`${each}${suffix}`, answer?.status ?? 0]);
  }
  const [past] = await eye.call({ from, url: urlOf(`${partnerHosts[0]}${suffix}`), headers: [`Host: ${undeclared}`] });
  return { entries, entry: entries.find(({ hosts }) => hosts.includes(wildcard)), statuses, past };
}

type Seen = Awaited<ReturnType<typeof seenOf>>;

/** What is asked of the entry, whatever its resolution. */
export function declared({ space, wildcard }: Partner, { entries, entry, statuses, past }: Seen): readonly Judgement[] {
  const named = entries.flatMap(({ hosts }) => hosts).filter((host) => host !== wildcard);
  const silent = statuses.filter(([, status]) => status !== 200);
  return [
    [entry !== undefined, `No ServiceEntry in ${space} has the host ${wildcard}.`],
    [
      named.length === 0,
      `${named.join(", ")}: nobody is to write down each host of the partner. One entry is to do for all that there will be.`,
    ],
    [
      entry === undefined || (entry.location ?? "MESH_EXTERNAL") === "MESH_EXTERNAL",
      "The entry says that the partner is part of the mesh. It has no proxy, and nobody here vouches for who it is.",
    ],
    [
      silent.length === 0,
      `curl gets ${silent.map(([host, status]) => `${status || "no answer"} from ${urlOf(host)}`).join(", ")}. To which port are requests to go, and by which protocol?`,
    ],
    [
      past?.status !== 200,
      `A request that names ${undeclared} gets an answer as well. Only what is declared is to be reached: leave the Sidecar as it was.`,
    ],
  ];
}

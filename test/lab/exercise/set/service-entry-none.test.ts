import { serviceEntry } from "../../../../lab/exercise/ground.ts";
import { serviceEntryNone } from "../../../../lab/exercise/set/service-entry-none.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import type { Sight } from "../world.ts";

const [space = "", beyond = ""] = serviceEntryNone.namespaces;
const suffix = `.${beyond}.svc.cluster.local`;

/** What a proxy lets out: hosts that an entry covers, by its port. */
const right: Sight = {
  call: ({ url }, { near }) => {
    const { hostname, port } = new URL(url);
    const declared = [...near.objects.values()].flatMap(({ kind, spec }) =>
      kind === "ServiceEntry" ? [spec as { hosts: string[]; ports: { number: number }[] }] : [],
    );
    const covers = (host: string): boolean =>
      host === hostname || (host.startsWith("*.") && hostname.endsWith(host.slice(1)));
    return declared.some(
      ({ hosts, ports }) => hosts.some(covers) && ports.some(({ number }) => String(number) === port),
    )
      ? 200
      : 0;
  },
};
const entry = (name: string, change: Partial<Parameters<typeof serviceEntry>[2]> = {}) =>
  serviceEntry(space, name, {
    hosts: [`*${suffix}`],
    location: "MESH_EXTERNAL",
    ports: [{ number: 8000, name: "http", protocol: "HTTP" }],
    resolution: "NONE",
    ...change,
  });
const gone = reference("networking.istio.io/v1", "ServiceEntry", "partner", space);

tries(serviceEntryNone, {
  before: right,
  solved: right,
  right: [
    {
      title: "without the words that are the default",
      steps: ({ near }) => [
        ...remove(near.name, gone),
        ...apply(near.name, {
          apiVersion: "networking.istio.io/v1",
          kind: "ServiceEntry",
          metadata: { name: "partner", namespace: space },
          spec: { hosts: [`*${suffix}`], ports: [{ number: 8000, name: "http", protocol: "HTTP" }] },
        }),
      ],
    },
  ],
  wrong: [
    {
      title: "host by host",
      steps: ({ near }) => [
        ...remove(near.name, gone),
        ...apply(near.name, entry("first", { hosts: [`first${suffix}`, `second${suffix}`], resolution: "DNS" })),
      ],
      says: /^No ServiceEntry .* has the host \*\.[^]*nobody is to write down each host/,
    },
    {
      title: "by having the proxy look the wildcard up",
      steps: ({ near }) => apply(near.name, entry("partner", { resolution: "DNS" })),
      says: /which resolution takes its word/,
    },
    {
      title: "as a part of the mesh",
      steps: ({ near }) => apply(near.name, entry("partner", { location: "MESH_INTERNAL" })),
      says: /^The entry says that the partner is part of the mesh/,
    },
    {
      title: "on another port",
      steps: ({ near }) =>
        apply(near.name, entry("partner", { ports: [{ number: 80, name: "http", protocol: "HTTP" }] })),
      says: /^curl gets no answer from http:\/\/first.*, no answer from http:\/\/second.*To which port/,
    },
    {
      title: "by declaring everything",
      steps: ({ near }) => apply(near.name, entry("partner", { hosts: [`*${suffix}`, "*.local", `first.${beyond}`] })),
      says: /nobody is to write down each host[^]*Only what is declared is to be reached/,
    },
  ],
});

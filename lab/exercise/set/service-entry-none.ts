import { serviceHost } from "../../../topology/names.ts";
import { exercise } from "../exercise.ts";
import { clientIn, confinedClient, outside, sample, serviceEntry, spaceOf, specsIn } from "../ground.ts";
import { apply } from "../step.ts";

const space = spaceOf("service-entry-none");
const beyond = spaceOf("service-entry-none", "outside");
const port = 8000;
/** Whatever the partner calls its hosts, their names end so. */
const suffix = serviceHost("", beyond);
const wildcard = `*${suffix}`;
const shops = ["first", "second"] as const;
const urlOf = (host: string): string => `http://${host}:${String(port)}/status/200`;

export const serviceEntryNone = exercise({
  name: "service-entry-none",
  title: "All hosts of a partner, by a wildcard: requests go where the application has looked them up, resolution NONE",
  stack: "single",
  needs: {},
  namespaces: [space, beyond],
  start: (stage) => {
    const { near } = stage;
    return apply(
      near.name,
      ...confinedClient(stage, near, space),
      outside(beyond),
      ...shops.flatMap((as) => sample(stage, near, "httpbin", beyond, { as })),
    );
  },
  async observe({ near }, eye) {
    const from = clientIn(near, space);
    const entries = await specsIn(eye, near, "ServiceEntry", space);
    const statuses: [string, number][] = [];
    for (const shop of shops) {
      const [answer] = await eye.call({ from, url: urlOf(`${shop}${suffix}`) });
      statuses.push([`${shop}${suffix}`, answer?.status ?? 0]);
    }
    // The same server under a name that the wildcard does not cover.
    const [past] = await eye.call({ from, url: urlOf(`${shops[0]}.${beyond}`) });
    return { entries, statuses, past };
  },
  judge: ({ entries, statuses, past }) => {
    const entry = entries.find(({ hosts }) => hosts.includes(wildcard));
    const named = entries.flatMap(({ hosts }) => hosts).filter((host) => host !== wildcard);
    const silent = statuses.filter(([, status]) => status !== 200);
    return [
      [entry !== undefined, `No ServiceEntry in ${space} has the host ${wildcard}.`],
      [
        named.length === 0,
        `${named.join(", ")}: nobody is to write down each host of the partner. One entry is to do for all that there will be.`,
      ],
      [
        entry === undefined || (entry.resolution ?? "NONE") === "NONE",
        "A proxy cannot look a wildcard up. The application has looked the host up already: which resolution takes its word?",
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
        `curl reaches ${shops[0]}.${beyond} as well. Only what is declared is to be reached: leave the Sidecar as it was.`,
      ],
    ];
  },
  solve: ({ near }) =>
    apply(
      near.name,
      serviceEntry(space, "partner", {
        hosts: [wildcard],
        location: "MESH_EXTERNAL",
        ports: [{ number: port, name: "http", protocol: "HTTP" }],
        resolution: "NONE",
      }),
    ),
});

import { serviceHost } from "../../../topology/names.ts";
import { exercise } from "../exercise.ts";
import { clientIn, confinedClient, specsIn, outside, sample, serviceEntry, spaceOf, withNames } from "../ground.ts";
import { apply } from "../step.ts";

const space = spaceOf("service-entry-dns");
const beyond = spaceOf("service-entry-dns", "outside");
const host = "outside.example";
const port = 8000;
/** The name by which the one outside is found, as a DNS server has it. */
const found = serviceHost("httpbin", beyond);

export const serviceEntryDns = exercise({
  name: "service-entry-dns",
  title: "A host outside of the mesh becomes known to it: MESH_EXTERNAL, found by DNS",
  stack: "single",
  needs: {},
  namespaces: [space, beyond],
  start: (stage) => {
    const { near } = stage;
    return apply(
      near.name,
      ...confinedClient(stage, near, space, { pod: withNames }),
      outside(beyond),
      ...sample(stage, near, "httpbin", beyond),
    );
  },
  async observe({ near }, eye) {
    const from = clientIn(near, space);
    const entries = await specsIn(eye, near, "ServiceEntry", space);
    const [reached] = await eye.call({ from, url: `http://${host}:${String(port)}/status/200` });
    const [past] = await eye.call({ from, url: `http://${found}:${String(port)}/status/200` });
    return { entry: entries.find(({ hosts }) => hosts.includes(host)), reached, past };
  },
  judge: ({ entry, reached, past }) => [
    [entry !== undefined, `No ServiceEntry in ${space} has the host ${host}.`],
    [
      entry === undefined || entry.location === "MESH_EXTERNAL",
      "The entry says that the host is part of the mesh. It has no proxy, and nobody here vouches for who it is.",
    ],
    [
      entry === undefined || ["DNS", "DNS_ROUND_ROBIN"].includes(entry.resolution ?? ""),
      `The addresses behind ${host} change, so nobody is to write them down: the proxy is to look them up. Which resolution does that?`,
    ],
    [
      reached?.status === 200,
      `curl gets ${reached?.status || "no answer"} from http://${host}:${String(port)}/status/200. Under which name can the proxy look up where ${host} is?`,
    ],
    [
      past?.status !== 200,
      `curl reaches ${found} as well. Only what is declared is to be reached: leave the Sidecar as it was, and declare one host.`,
    ],
  ],
  solve: ({ near }) =>
    apply(
      near.name,
      serviceEntry(space, "outside", {
        hosts: [host],
        location: "MESH_EXTERNAL",
        ports: [{ number: port, name: "http", protocol: "HTTP" }],
        resolution: "DNS",
        endpoints: [{ address: found }],
      }),
    ),
});

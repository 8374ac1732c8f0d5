import { type PodObject, runs } from "../../status/shapes.ts";
import { exercise, type Stage } from "../exercise.ts";
import { clientIn, specsIn, meshed, outside, sample, serviceEntry, spaceOf, withNames } from "../ground.ts";
import type { Eye } from "../observe/eye.ts";
import { apply } from "../step.ts";
import { listed, versionsOf } from "../versions.ts";

const space = spaceOf("service-entry-static");
const machines = spaceOf("service-entry-static", "machines");
const host = "machines.example";
const port = 5000;

/** Addresses of what stands for machines: pods that no Service leads to. */
async function addresses({ near }: Stage, eye: Eye): Promise<string[]> {
  const pods = await eye.list<PodObject>(near.name, "v1", "Pod", { namespace: machines });
  return pods
    .filter(runs)
    .flatMap(({ status }) => status.podIP ?? [])
    .sort();
}

export const serviceEntryStatic = exercise({
  name: "service-entry-static",
  title: "Machines that Kubernetes has no Service for become one of the mesh: MESH_INTERNAL, with fixed addresses",
  stack: "single",
  needs: {},
  namespaces: [space, machines],
  start: (stage) => {
    const { near } = stage;
    return apply(
      near.name,
      meshed(stage, near, space),
      ...sample(stage, near, "curl", space, { pod: withNames }),
      outside(machines),
      ...sample(stage, near, "helloworld", machines).filter(({ kind }) => kind !== "Service"),
    );
  },
  async observe(stage, eye) {
    const { near } = stage;
    const entries = await specsIn(eye, near, "ServiceEntry", space);
    const answered = await eye.call({
      from: clientIn(near, space),
      url: `http://${host}:${String(port)}/hello`,
      times: 20,
    });
    return {
      entry: entries.find(({ hosts }) => hosts.includes(host)),
      machines: await addresses(stage, eye),
      answered: versionsOf(answered),
    };
  },
  judge: ({ entry, machines: there, answered }) => [
    [entry !== undefined, `No ServiceEntry in ${space} has the host ${host}.`],
    [
      entry === undefined || entry.location === "MESH_INTERNAL",
      "The machines are ours, and are to count as part of the mesh. Which location says so?",
    ],
    [
      entry === undefined || entry.resolution === "STATIC",
      "Nobody is to look anything up: the addresses stand in the entry. Which resolution says so?",
    ],
    [
      there.every((address) => entry?.endpoints?.some((endpoint) => endpoint.address === address) === true),
      `Not every machine is an endpoint of the entry: there are ${String(there.length)} in ${machines}.`,
    ],
    [
      ["v1", "v2"].every((version) => answered.includes(version)) && answered.every((each) => /^v\d/.test(each)),
      `Of 20 requests to http://${host}:${String(port)}/hello some are to be answered by each machine, and none is to fail; answered: ${listed(answered)}.`,
    ],
  ],
  solve: async (stage, eye) =>
    apply(
      stage.near.name,
      serviceEntry(space, "machines", {
        hosts: [host],
        location: "MESH_INTERNAL",
        ports: [{ number: port, name: "http", protocol: "HTTP" }],
        resolution: "STATIC",
        endpoints: (await addresses(stage, eye)).map((address) => ({ address })),
      }),
    ),
});

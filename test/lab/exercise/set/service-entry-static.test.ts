import { networkingApi } from "../../../../istio/object.ts";
import { serviceEntry } from "../../../../lab/exercise/ground.ts";
import { serviceEntryStatic } from "../../../../lab/exercise/set/service-entry-static.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { objectsOf, requestOf } from "../mesh.ts";
import { tries } from "../trial.ts";
import { type Caller, hello, type World } from "../world.ts";

const [space = "", machines = ""] = serviceEntryStatic.namespaces;

/** Machines that run, with their addresses. */
const there = ({ near }: World) =>
  [...near.objects.values()]
    .filter(({ kind, metadata }) => kind === "Pod" && metadata.namespace === machines)
    .map(({ metadata, status }) => ({
      version: /-(v\d+)-pod-/.exec(metadata.name)?.[1] ?? "?",
      address: (status as { podIP: string }).podIP,
    }));

/** Each endpoint in turn; 503 where nobody is at its address. */
const mesh: Caller = (call, world) => {
  const { host, port } = requestOf(call);
  const entry = objectsOf(world.near, "ServiceEntry").find(({ spec }) => spec.hosts.includes(host))?.spec;
  if (entry === undefined) return 0;
  if (entry.ports?.some(({ number }) => number === port) !== true) return 502;
  const endpoints = entry.endpoints ?? [];
  return Array.from({ length: call.times ?? 1 }, (_, at) => {
    const address = endpoints[at % endpoints.length]?.address;
    const machine = there(world).find((each) => each.address === address);
    return machine === undefined ? { status: 503 } : hello(1, machine.version)[0]!;
  });
};

const addresses = (world: World): { address: string }[] => there(world).map(({ address }) => ({ address }));
const entry = (world: World, change: Partial<Parameters<typeof serviceEntry>[2]>) =>
  apply(
    world.near.name,
    serviceEntry(space, "machines", {
      hosts: ["machines.example"],
      location: "MESH_INTERNAL",
      ports: [{ number: 5000, name: "http", protocol: "HTTP" }],
      resolution: "STATIC",
      endpoints: addresses(world),
      ...change,
    }),
  );

tries(serviceEntryStatic, {
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "with one machine of two",
      steps: (world) => entry(world, { endpoints: addresses(world).slice(1) }),
      says: /^Not every machine is an endpoint.*there are 2[^]*answered: v2\./,
    },
    {
      title: "outside of the mesh",
      steps: (world) => entry(world, { location: "MESH_EXTERNAL" }),
      says: /Which location says so/,
    },
    {
      title: "by looking addresses up",
      steps: (world) => entry(world, { resolution: "DNS" }),
      says: /Which resolution says so/,
    },
    {
      title: "with an address where nobody is",
      steps: (world) => entry(world, { endpoints: [...addresses(world), { address: "10.9.9.9" }] }),
      says: /none is to fail; answered: 503 and v1 and v2/,
    },
    {
      title: "with a port that nobody calls",
      steps: (world) => entry(world, { ports: [{ number: 80, name: "http", protocol: "HTTP" }] }),
      says: /none is to fail; answered: 502/,
    },
    {
      title: "with the addresses that machines had before they were made anew",
      steps: ({ near }) => {
        const machine = near.objectOf(reference("apps/v1", "Deployment", "helloworld-v1", machines))!;
        return apply(near.name, machine as never);
      },
      says: /^Not every machine is an endpoint[^]*answered: 503 and v2/,
    },
    {
      title: "without an entry",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "ServiceEntry", "machines", space)),
      says: /^No ServiceEntry in exercise-service-entry-static has the host machines\.example/,
    },
  ],
});

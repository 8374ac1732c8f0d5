import { serviceEntry } from "../../../../lab/exercise/ground.ts";
import { serviceEntryStatic } from "../../../../lab/exercise/set/service-entry-static.ts";
import { apply } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import { hello, type Sight, type World } from "../world.ts";

const [space = "", machines = ""] = serviceEntryStatic.namespaces;

const right: Sight = {
  call: ({ times }, { near }) => (near.objects.has(`ServiceEntry ${space}/machines`) ? hello(times, "v1", "v2") : 0),
};
const addresses = ({ near }: World): string[] =>
  [...near.objects.values()]
    .filter(({ kind, metadata }) => kind === "Pod" && metadata.namespace === machines)
    .map(({ status }) => (status as { podIP: string }).podIP);
const entry = (world: World, change: Partial<Parameters<typeof serviceEntry>[2]>) =>
  serviceEntry(space, "machines", {
    hosts: ["machines.example"],
    location: "MESH_INTERNAL",
    ports: [{ number: 5000, name: "http", protocol: "HTTP" }],
    resolution: "STATIC",
    endpoints: addresses(world).map((address) => ({ address })),
    ...change,
  });

tries(serviceEntryStatic, {
  before: { call: () => 0 },
  solved: right,
  wrong: [
    {
      title: "with one machine of two",
      steps: (world) =>
        apply(
          world.near.name,
          entry(world, {
            endpoints: addresses(world)
              .slice(1)
              .map((address) => ({ address })),
          }),
        ),
      sight: { call: ({ times }) => hello(times, "v2") },
      says: /^Not every machine is an endpoint.*there are 2[^]*answered: v2\./,
    },
    {
      title: "outside of the mesh",
      steps: (world) => apply(world.near.name, entry(world, { location: "MESH_EXTERNAL" })),
      says: /Which location says so/,
    },
    {
      title: "by looking addresses up",
      steps: (world) => apply(world.near.name, entry(world, { resolution: "DNS" })),
      says: /Which resolution says so/,
    },
    {
      title: "at an address where nobody is",
      sight: { call: ({ times }) => [...hello((times ?? 1) - 2, "v1", "v2"), { status: 503 }, { status: 503 }] },
      says: /none is to fail; answered: 503 and v1 and v2/,
    },
  ],
});

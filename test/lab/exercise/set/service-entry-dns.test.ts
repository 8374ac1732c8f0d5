import { serviceEntry } from "../../../../lab/exercise/ground.ts";
import { serviceEntryDns } from "../../../../lab/exercise/set/service-entry-dns.ts";
import { apply } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import type { Sight } from "../world.ts";

const [space = "", beyond = ""] = serviceEntryDns.namespaces;

const right: Sight = {
  call: ({ url }, { near }) =>
    url.startsWith("http://outside.example") && near.objects.has(`ServiceEntry ${space}/outside`) ? 200 : 0,
};
const entry = (change: Partial<Parameters<typeof serviceEntry>[2]>) =>
  serviceEntry(space, "outside", {
    hosts: ["outside.example"],
    location: "MESH_EXTERNAL",
    ports: [{ number: 8000, name: "http", protocol: "HTTP" }],
    resolution: "DNS",
    endpoints: [{ address: `httpbin.${beyond}.svc.cluster.local` }],
    ...change,
  });

tries(serviceEntryDns, {
  before: { call: () => 0 },
  solved: right,
  wrong: [
    {
      title: "as a part of the mesh",
      steps: ({ near }) => apply(near.name, entry({ location: "MESH_INTERNAL" })),
      says: /^The entry says that the host is part of the mesh/,
    },
    {
      title: "with addresses that somebody wrote down",
      steps: ({ near }) => apply(near.name, entry({ resolution: "STATIC", endpoints: [{ address: "10.0.0.1" }] })),
      says: /Which resolution does that/,
    },
    {
      title: "where nobody answers under the name that is looked up",
      steps: ({ near }) => apply(near.name, entry({ endpoints: [{ address: "nobody.example" }] })),
      sight: { call: () => 503 },
      says: /^curl gets 503 from/,
    },
    { title: "by letting everything out", sight: { call: () => 200 }, says: /Only what is declared/ },
  ],
});

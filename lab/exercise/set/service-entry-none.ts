import { exercise } from "../exercise.ts";
import { serviceEntry } from "../ground.ts";
import { declared, partnerAndClient, partnerOf, partnerPort, seenOf } from "../partner.ts";
import { apply } from "../step.ts";

const partner = partnerOf("service-entry-none");

export const serviceEntryNone = exercise({
  name: "service-entry-none",
  title: "All hosts of a partner, by a wildcard: requests go where the application has looked them up, resolution NONE",
  stack: "single",
  needs: {},
  namespaces: [partner.space, partner.beyond],
  start: (stage) => apply(stage.near.name, ...partnerAndClient(stage, partner)),
  observe: ({ near }, eye) => seenOf(partner, near, eye),
  judge: (seen) => [
    ...declared(partner, seen),
    [
      seen.entry === undefined || (seen.entry.resolution ?? "NONE") === "NONE",
      "Nobody is to look the hosts up once more: the application has done that already. Which resolution takes its word?",
    ],
  ],
  solve: ({ near }) =>
    apply(
      near.name,
      serviceEntry(partner.space, "partner", {
        hosts: [partner.wildcard],
        location: "MESH_EXTERNAL",
        ports: [{ number: partnerPort, name: "http", protocol: "HTTP" }],
        resolution: "NONE",
      }),
    ),
});

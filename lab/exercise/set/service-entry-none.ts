import { exercise } from "../exercise.ts";
import { declared, partnerAndClient, partnerEntry, partnerOf, seenOf } from "../partner.ts";
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
  solve: ({ near }) => apply(near.name, partnerEntry(partner, "NONE")),
});

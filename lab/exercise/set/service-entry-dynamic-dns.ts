import { exercise } from "../exercise.ts";
import { clientIn } from "../ground.ts";
import { declared, partnerAndClient, partnerEntry, partnerHosts, partnerOf, partnerPort, seenOf } from "../partner.ts";
import { apply } from "../step.ts";

const partner = partnerOf("service-entry-dynamic-dns");
const [meant, other] = partnerHosts.map((host) => `${host}${partner.suffix}`) as [string, string];

export const serviceEntryDynamicDns = exercise({
  name: "service-entry-dynamic-dns",
  title: "The same wildcard, but the proxy looks up the host of each request itself: resolution DYNAMIC_DNS",
  stack: "single",
  needs: {},
  namespaces: [partner.space, partner.beyond],
  start: (stage) => apply(stage.near.name, ...partnerAndClient(stage, partner)),
  async observe({ near }, eye) {
    // A request that says one host, to the address of another (https://curl.se/docs/manpage.html#--connect-to).
    const [astray] = await eye.call({
      from: clientIn(near, partner.space),
      url: `http://${meant}:${String(partnerPort)}/hostname`,
      options: ["--connect-to", `::${other}:${String(partnerPort)}`],
    });
    return { ...(await seenOf(partner, near, eye)), astray };
  },
  judge: ({ astray, ...seen }) => [
    ...declared(partner, seen),
    [
      seen.entry === undefined || seen.entry.resolution === "DYNAMIC_DNS",
      "The word of the application is not to be taken. Which resolution has the proxy look up the host of each request?",
    ],
    [
      astray?.status !== 200 || astray.body.includes(`"${partnerHosts[0]}-`),
      `A request that says ${meant} and goes to the address of ${other} ends there. The host that it names is to answer.`,
    ],
  ],
  solve: ({ near }) => apply(near.name, partnerEntry(partner, "DYNAMIC_DNS")),
});

import { exercise } from "../exercise.ts";
import { clientIn, destinationRule, serverAndClient, spaceOf, virtualService } from "../ground.ts";
import { versionSubsets } from "../routes.ts";
import { apply } from "../step.ts";
import { listed, versionsOf } from "../versions.ts";

const space = spaceOf("routing");
const url = `http://helloworld.${space}:5000/hello`;
const header = "x-tester";
const times = 60;
/** A fifth of 60 is 12; in one of a thousand tries chance leads further away than this. */
const share = { least: 3, most: 23 };

export const routing = exercise({
  name: "routing",
  title: "Routes by header and by weight: testers see v2 always, everybody else in one of five requests",
  stack: "single",
  needs: {},
  namespaces: [space],
  start: (stage) => apply(stage.near.name, ...serverAndClient(stage, stage.near, space, "helloworld")),
  async observe({ near }, eye) {
    const from = clientIn(near, space);
    return {
      testers: versionsOf(await eye.call({ from, url, headers: [`${header}: yes`], times: 10 })),
      others: versionsOf(await eye.call({ from, url, times })),
    };
  },
  judge({ testers, others }) {
    const second = others.filter((version) => version === "v2").length;
    return [
      [
        testers.every((version) => version === "v2"),
        `Requests with the header "${header}: yes" are to be answered by v2 alone; answered: ${listed(testers)}. The first route that matches is taken.`,
      ],
      [
        second >= share.least && second <= share.most,
        `Without the header one of five requests is to be answered by v2; of ${String(times)} it was ${String(second)}.`,
      ],
      [
        others.every((version) => /^v\d/.test(version)),
        `Every request is to be answered; without the header: ${listed(others)}. Are the subsets there that the route names?`,
      ],
    ];
  },
  solve: ({ near }) =>
    apply(
      near.name,
      destinationRule(space, "helloworld", {
        host: "helloworld",
        subsets: versionSubsets,
      }),
      virtualService(space, "helloworld", {
        hosts: ["helloworld"],
        http: [
          {
            match: [{ headers: { [header]: { exact: "yes" } } }],
            route: [{ destination: { host: "helloworld", subset: "v2" } }],
          },
          {
            route: [
              { destination: { host: "helloworld", subset: "v1" }, weight: 80 },
              { destination: { host: "helloworld", subset: "v2" }, weight: 20 },
            ],
          },
        ],
      }),
    ),
});

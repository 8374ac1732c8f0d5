import { serviceHost } from "../../../topology/names.ts";
import { type PodObject, runs } from "../../status/shapes.ts";
import { exercise } from "../exercise.ts";
import { clientIn, destinationRule, serverAndClient, spaceOf, specsIn, virtualService } from "../ground.ts";
import type { Upstream } from "../observe/eye.ts";
import { apply } from "../step.ts";
import { versionsOf } from "../versions.ts";

const space = spaceOf("subsets");
const limit = 10;
const port = 5000;
const requests = 40;
/** Of the requests; chance alone takes fewer than one check in a thousand beyond. */
const fewest = 10;

/** The name by which a proxy knows a subset; of all pods together where it is empty. */
const upstream = (subset: string): string => `outbound|${String(port)}|${subset}|${serviceHost("helloworld", space)}`;

/** Whether a subset has pods of another version than its own. */
function hasOthers(subset: Upstream | undefined, version: string, pods: readonly PodObject[]): boolean {
  const others = pods.filter((pod) => runs(pod) && pod.metadata.labels?.["version"] !== version);
  return others.some(({ status }) => subset?.hosts.some(({ address }) => address.startsWith(`${status.podIP ?? ""}:`)));
}

export const subsets = exercise({
  name: "subsets",
  title: "Subsets with a policy of their own, and why a DestinationRule does nothing before a route leads to it",
  stack: "single",
  needs: {},
  namespaces: [space],
  start: (stage) => apply(stage.near.name, ...serverAndClient(stage, stage.near, space, "helloworld")),
  async observe({ near }, eye) {
    const from = clientIn(near, space);
    const answered = await eye.call({ from, url: `http://helloworld.${space}:${String(port)}/hello`, times: requests });
    const upstreams = await eye.upstreams(from);
    const rules = await specsIn(eye, near, "DestinationRule", space);
    const pods = await eye.list<PodObject>(near.name, "v1", "Pod", { namespace: space, labels: "app=helloworld" });
    const of = (subset: string) => upstreams.find(({ name }) => name === upstream(subset));
    const [v1, v2] = [of("v1"), of("v2")];
    const strangers = hasOthers(v1, "v1", pods) || hasOthers(v2, "v2", pods);
    return { answered: versionsOf(answered), rules, v1, v2, whole: of(""), strangers };
  },
  judge: ({ answered, rules, v1, v2, whole, strangers }) => [
    [
      v1 !== undefined && v2 !== undefined,
      "The client's proxy does not know both subsets, v1 and v2, of helloworld. Which object names them, and by which label?",
    ],
    [!strangers, "In the subset of a version are pods of another. By which label is a pod in a subset?"],
    [
      v2?.maxConnections === limit,
      `The subset v2 is to take at most ${String(limit)} TCP connections, and its limit is ${String(v2?.maxConnections ?? "not there")}.`,
    ],
    [
      v1?.maxConnections !== limit && whole?.maxConnections !== limit,
      "The limit holds for more than v2. Where in the object does it have to stand to be that of one subset?",
    ],
    [
      rules.every(({ trafficPolicy }) => trafficPolicy === undefined),
      "The rule has a policy for the whole host. Only v2 is to have one.",
    ],
    [
      [v1, v2].every((each) => requestsOf(each) > 0),
      "No request went through both subsets: the subsets are there, and nothing leads to them. What decides where a request goes?",
    ],
    [
      ["v1", "v2"].every((version) => countOf(answered, version) >= fewest),
      `Of ${String(requests)} requests v1 and v2 are to answer half each; v1 answered ${String(countOf(answered, "v1"))} and v2 ${String(countOf(answered, "v2"))}.`,
    ],
  ],
  solve: ({ near }) =>
    apply(
      near.name,
      destinationRule(space, "helloworld", {
        host: "helloworld",
        subsets: [
          { name: "v1", labels: { version: "v1" } },
          {
            name: "v2",
            labels: { version: "v2" },
            trafficPolicy: { connectionPool: { tcp: { maxConnections: limit } } },
          },
        ],
      }),
      virtualService(space, "helloworld", {
        hosts: ["helloworld"],
        http: [
          {
            route: ["v1", "v2"].map((subset) => ({ destination: { host: "helloworld", subset }, weight: 50 })),
          },
        ],
      }),
    ),
});

const countOf = (answered: readonly string[], version: string): number =>
  answered.filter((each) => each === version).length;

const requestsOf = (upstream: { readonly hosts: readonly { readonly requests: number }[] } | undefined): number =>
  (upstream?.hosts ?? []).reduce((sum, { requests }) => sum + requests, 0);

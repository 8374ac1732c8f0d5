import { destinationRule, virtualService } from "../../../../lab/exercise/ground.ts";
import { versionSubsets } from "../../../../lab/exercise/routes.ts";
import { twoClusters } from "../../../../lab/exercise/set/two-clusters.ts";
import { apply, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { inTurns, requestOf, routeOf, rulesFor, versionsBehind } from "../mesh.ts";
import { tries } from "../trial.ts";
import { hello, type Sight, type World } from "../world.ts";

const [space = ""] = twoClusters.namespaces;
const host = `helloworld.${space}.svc.cluster.local`;

/** Each cluster keeps to itself where its own istiod has been told when an endpoint is out. */
const sight: Sight = {
  call: (call, world) => {
    const config = world.clusters.get(call.from.cluster)!;
    const taken = routeOf(config, requestOf(call))!;
    const [to] = inTurns(taken);
    const behind = (home: World["near"]) => versionsBehind(to!, taken.namespace, config, home);
    const all = [...behind(world.near), ...behind(world.far)];
    if (all.length === 0) return 503;
    const home = behind(config);
    const keeps = rulesFor(config, host).some(({ trafficPolicy }) => trafficPolicy?.outlierDetection !== undefined);
    return hello(call.times, ...(keeps && home.length > 0 ? home : all));
  },
};
const rules = {
  host: "helloworld",
  trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1, maxEjectionPercent: 100 } },
};
const rule = { apiVersion: networkingApi, kind: "DestinationRule", metadata: { name: "helloworld", namespace: space } };

tries(twoClusters, {
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "by a route to the version at home",
      steps: ({ near }) =>
        apply(near.name, destinationRule(space, "helloworld", { ...rules, subsets: versionSubsets })),
      says: /^In east helloworld is split by version.*answered by nobody when it is sick\.$/,
    },
    {
      title: "by a route to a subset that nothing names",
      steps: ({ far }) =>
        apply(
          far.name,
          virtualService(space, "helloworld", {
            hosts: ["helloworld"],
            http: [{ route: [{ destination: { host: "helloworld", subset: "v2" } }] }],
          }),
        ),
      says: /^curl in west is to be answered by v2.*answered: 503\.\nIn west helloworld is split by version/,
    },
    {
      title: "with Istio's default of who may be put out",
      steps: ({ near }) =>
        apply(
          near.name,
          destinationRule(space, "helloworld", {
            host: "helloworld",
            trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1 } },
          }),
        ),
      says: /^By default only some of the endpoints.*at home in east/,
    },
    {
      title: "with a rule in one cluster alone",
      steps: ({ far }) => remove(far.name, rule),
      says: /^curl in west is to be answered by v2.*answered: v1 and v2\.\nNothing tells the proxies of west/,
    },
    {
      title: "without a word of when an endpoint is out",
      steps: ({ near }) =>
        apply(
          near.name,
          destinationRule(space, "helloworld", {
            host: "helloworld",
            trafficPolicy: { loadBalancer: { localityLbSetting: { enabled: true } } },
          }),
        ),
      says: /^curl in east.*\nNothing tells the proxies of east/,
    },
    {
      title: "by taking the other away",
      steps: ({ far }) =>
        remove(far.name, {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "helloworld-v2", namespace: space },
        }),
      says: /^helloworld v2 is to run in west/,
    },
  ],
});

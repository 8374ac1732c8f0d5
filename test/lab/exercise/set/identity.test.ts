import assert from "node:assert/strict";
import { resetExercise, type Running, solveExercise, startExercise } from "../../../../lab/exercise/run.ts";
import { answers } from "../../../../lab/exercise/ground.ts";
import { identity } from "../../../../lab/exercise/set/identity.ts";
import { apply, reference, remove, restart, type Step } from "../../../../lab/exercise/step.ts";
import { tries } from "../trial.ts";
import { putDeployment } from "../../experiment/fake-lab.ts";
import { type Sight, World } from "../world.ts";

const [space = ""] = identity.namespaces;
const who = `spiffe://cluster.local/ns/${space}/sa/httpbin`;
const secret = (name: string) => reference("v1", "Secret", name, "istio-system");
const [given, kept, selfSigned] = ["cacerts", "cacerts-before-exercise", "istio-ca-secret"].map(secret) as [
  ReturnType<typeof secret>,
  ReturnType<typeof secret>,
  ReturnType<typeof secret>,
];
const common = { "ca-cert.pem": "YQ==" };

/** Callers believe whom they have a common root with: who got a certificate of an istiod that has read what it was given. */
const sight: Sight = {
  call(_, { far }) {
    const last = (call: string): number => far.calls.findLastIndex((each) => each.startsWith(call));
    const [put, read, got] = [
      last("apply Secret istio-system/cacerts"),
      last("merge Deployment istio-system/istiod"),
      last(`merge Deployment ${space}/httpbin-v1`),
    ] as [number, number, number];
    const shared = JSON.stringify(far.objectOf(given)?.["data"]) === JSON.stringify(common);
    return shared && put < read && read < got ? 200 : 503;
  },
  certificate: ({ app, cluster }, { far }) =>
    app === "httpbin" && cluster === far.name ? { identity: who, serial: "1" } : undefined,
};

function furnish({ far }: World): void {
  far.put({ ...given, type: "Opaque", data: common });
  for (const name of istio) putDeployment(far, "istio-system", name, 1);
}

const istio = ["istiod", "istio-eastwestgateway"];
const putBack = ({ far }: World): Step[] => [
  { do: "copy", cluster: far.name, from: kept, to: given },
  ...remove(far.name, selfSigned),
];
const written = ({ near }: World) => apply(near.name, answers(space, { identity: who }));

tries(identity, {
  furnish,
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "with the identity of a pod instead of its account's",
      steps: ({ near }) => apply(near.name, answers(space, { identity: `${who}-v1` })),
      says: /^"identity" in the ConfigMap/,
    },
    {
      title: "while istiod signs with its own root",
      steps: ({ far }) => remove(far.name, given),
      says: /^istiod of west still signs with a root of its own[^]*gets 503/,
    },
    {
      title: "while the workload has its old certificate",
      instead: true,
      steps: (world) => [...putBack(world), ...restart(world.far.name, "istio-system", ...istio), ...written(world)],
      says: /^curl in east gets 503 from httpbin in west\. Whose root/,
    },
    {
      title: "where the workload was restarted before its istiod",
      instead: true,
      steps: (world) => [
        ...putBack(world),
        ...restart(world.far.name, space, "httpbin-v1"),
        ...restart(world.far.name, "istio-system", ...istio),
        ...written(world),
      ],
      says: /^curl in east gets 503 from httpbin in west\. Whose root/,
    },
    {
      title: "with a root of one's own",
      steps: ({ far }) => [
        ...apply(far.name, { ...given, type: "Opaque", data: { "ca-cert.pem": "Yg==" } }),
        ...restart(far.name, "istio-system", ...istio),
        ...restart(far.name, space, "httpbin-v1"),
      ],
      says: /^curl in east gets 503 from httpbin in west\. Whose root/,
    },
  ],
});

describe("the trust that the exercise identity breaks", () => {
  let world: World;
  let of: Running;
  const restarted = () =>
    world.far.calls.filter((call) => /^merge Deployment istio-system\/.*restartedAt/.test(call)).length;

  beforeEach(async () => {
    world = new World("multi");
    world.sight = sight;
    furnish(world);
    of = {
      ...{ lab: world.lab, eye: world.eye(), patience: 0.3 },
      ...{ signal: new AbortController().signal, say: () => undefined },
    };
    await startExercise(identity, of);
    world.far.put({ ...reference("v1", "Secret", "istio-ca-secret", "istio-system"), data: {} });
    world.far.calls.length = 0;
  });

  it("is broken in one cluster, and what was given is kept there", () => {
    assert.equal(world.far.objectOf(given), undefined);
    assert.deepEqual(world.far.objectOf(kept)?.["data"], { "ca-cert.pem": "YQ==" });
    assert.ok(!world.near.calls.some((call) => call.includes("istio-system")));
  });

  for (const [title, learner] of [
    ["when nothing was done", () => undefined],
    [
      "when istiod has not read yet what was put back",
      () => world.far.put({ ...given, data: { "ca-cert.pem": "YQ==" } }),
    ],
  ] as const)
    it(`is whole again after reset ${title}`, async () => {
      learner();
      await resetExercise(identity, of);
      assert.deepEqual(world.far.objectOf(given)?.["data"], { "ca-cert.pem": "YQ==" });
      for (const name of ["cacerts-before-exercise", "istio-ca-secret"])
        assert.equal(world.far.objectOf(reference("v1", "Secret", name, "istio-system")), undefined, name);
      assert.equal(restarted(), 2, "istiod and the gateway have read it");
    });

  it("is left alone by a reset after the solution", async () => {
    await solveExercise(identity, of);
    world.far.calls.length = 0;
    await resetExercise(identity, of);
    assert.equal(restarted(), 0);
    assert.notEqual(world.far.objectOf(given), undefined);
  });
});

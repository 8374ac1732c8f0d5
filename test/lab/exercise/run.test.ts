import assert from "node:assert/strict";
import { exercise, type Exercise } from "../../../lab/exercise/exercise.ts";
import { outside, sample } from "../../../lab/exercise/ground.ts";
import { NothingToAsk } from "../../../lab/exercise/observe/eye.ts";
import { checkExercise, resetExercise, type Running, solveExercise, startExercise } from "../../../lab/exercise/run.ts";
import { apply, exerciseLabel, reference, remove, restart, type Step } from "../../../lab/exercise/step.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { World } from "./world.ts";

const space = "exercise-trial";
const secret = (name: string, namespace: string) => reference("v1", "Secret", name, namespace);

const trial = (change: Partial<Exercise> = {}): Exercise => ({
  ...exercise({
    name: "trial",
    title: "A trial",
    stack: "single",
    needs: {},
    namespaces: [space],
    start: (stage) => apply(stage.near.name, outside(space), ...sample(stage, stage.near, "curl", space)),
    observe: (stage, eye) => eye.list(stage.near.name, "v1", "ConfigMap", { namespace: space }),
    judge: (found) => [[found.length > 0, "There is no ConfigMap yet."]],
    solve: (stage) => apply(stage.near.name, { ...reference("v1", "ConfigMap", "any", space), data: {} }),
  }),
  ...change,
});

describe("an exercise", () => {
  let world: World;
  let controller: AbortController;
  let said: string[];
  let of: Running;

  beforeEach(() => {
    world = new World("single");
    controller = new AbortController();
    said = [];
    of = {
      ...{ lab: world.lab, eye: world.eye(), patience: 0.3 },
      ...{ signal: controller.signal, say: (line) => void said.push(line) },
    };
  });

  it("is begun, found wanting, solved and removed", async () => {
    await startExercise(trial(), of);
    assert.deepEqual(await checkExercise(trial(), of), ["There is no ConfigMap yet."]);
    await solveExercise(trial(), of);
    assert.deepEqual(await checkExercise(trial(), of), []);
    await resetExercise(trial(), of);
    assert.deepEqual(world.leftOf(trial()), []);
  });

  it("marks what it makes as its own", async () => {
    await startExercise(trial(), of);
    for (const kind of [`Namespace /${space}`, `Deployment ${space}/curl`, `Service ${space}/curl`])
      assert.equal(world.near.objects.get(kind)?.metadata.labels?.[exerciseLabel], "trial", kind);
  });

  it("is neither begun twice, nor checked or solved before it was begun", async () => {
    await assert.rejects(
      checkExercise(trial(), of),
      /has not been started\. To start it: npm run lab -- exercise start trial --stack single$/,
    );
    await assert.rejects(solveExercise(trial(), of), UsageError);
    await startExercise(trial(), of);
    const calls = world.near.calls.length;
    await assert.rejects(
      startExercise(trial(), of),
      /has been started already\. To reset it: .* reset trial --stack single$/,
    );
    assert.equal(world.near.calls.length, calls, "nothing was done");
  });

  it("is refused where the lab lacks something, before anything is made", async () => {
    for (const [needs, why] of [
      [{ clusters: 2 }, /cannot run on the stack single\. It needs two clusters/],
      [
        { definitions: ["a.example"] },
        /needs the definition a\.example.*kubectl --context primary apply --server-side -f http/,
      ],
      [{ service: "kiali" }, /needs a Service kiali in primary, and there is none\. The stack single brings it\.$/],
    ] as const)
      await assert.rejects(startExercise(trial({ needs }), of), why);
    assert.deepEqual(world.near.calls, []);
  });

  it("removes what it has made when its beginning fails", async () => {
    const broken = trial({
      start: async (stage, eye) => [...(await trial().start(stage, eye)), ...restart("primary", space, "nobody")],
    });
    await assert.rejects(startExercise(broken, of), /no Deployment exercise-trial\/nobody/);
    assert.deepEqual(world.leftOf(broken), []);
    assert.ok(said.includes("removes what was made"));
  });

  it("is ended by Ctrl-C: at its beginning nothing stays, half solved it says so", async () => {
    const reason = new UsageError("Interrupted.");
    const ending = (steps: readonly Step[]) => {
      controller.abort(reason);
      return steps;
    };
    const early = trial({ start: async (stage, eye) => ending(await trial().start(stage, eye)) });
    await assert.rejects(startExercise(early, of), reason);
    assert.deepEqual(world.leftOf(early), []);
    controller = new AbortController();
    of = { ...of, signal: controller.signal };
    await startExercise(trial(), of);
    const late = trial({ solve: async (stage, eye) => ending(await trial().solve(stage, eye)) });
    await assert.rejects(
      solveExercise(late, of),
      /^UsageError: Interrupted; the exercise trial is half solved\. To reset it/,
    );
    controller = new AbortController();
    of = { ...of, signal: controller.signal };
    const unseen = trial({ solve: () => [] });
    setTimeout(() => controller.abort(reason), 50);
    await assert.rejects(
      solveExercise(unseen, { ...of, patience: 60 }),
      /half solved/,
      "while it waits until its check agrees",
    );
  });

  it("is ended by Ctrl-C while it is removed: it says so, and another reset goes on", async () => {
    const reason = new UsageError("Interrupted.");
    const says =
      "Interrupted; the exercise trial is half removed, and another reset goes on. " +
      "To reset it: npm run lab -- exercise reset trial --stack single";
    const interrupted = (error: Error) => error instanceof UsageError && error.message === says;
    const stays = trial({
      undo: () => {
        controller.abort(reason);
        return [];
      },
    });
    await startExercise(trial(), of);
    await assert.rejects(resetExercise(stays, of), interrupted);
    assert.notDeepEqual(world.leftOf(trial()), [], "nothing more was begun");
    controller = new AbortController();
    const { near } = world;
    const remove = near.remove.bind(near);
    // Kubernetes takes its time.
    near.remove = () => Promise.resolve();
    setTimeout(() => controller.abort(reason), 50);
    await assert.rejects(resetExercise(trial(), { ...of, signal: controller.signal, patience: 60 }), interrupted);
    near.remove = remove;
    await resetExercise(trial(), { ...of, signal: new AbortController().signal });
    assert.deepEqual(world.leftOf(trial()), []);
  });

  it("says what is missing where its solution does not convince its check", async () => {
    await startExercise(trial(), of);
    const wrong = trial({ solve: () => [] });
    await assert.rejects(
      solveExercise(wrong, of),
      /Waited 0\.3 s until the exercise trial is solved\. Seen last: There is no ConfigMap yet\./,
    );
  });

  it("takes what cannot be asked for something that is missing, and no other error", async () => {
    await startExercise(trial(), of);
    const says = (error: Error) => trial({ check: () => Promise.reject(error) });
    assert.deepEqual(await checkExercise(says(new NothingToAsk("No pod runs.")), of), ["No pod runs."]);
    await assert.rejects(checkExercise(says(new Error("the cluster is away")), of), /the cluster is away/);
  });

  it("can begin with what does not get ready, and waits for all else", async () => {
    const [deployment] = apply("primary", {
      ...reference("apps/v1", "Deployment", "never", space),
      spec: { replicas: 1, template: { metadata: { labels: {} }, spec: { containers: [] } } },
    });
    world.near.apply = async (object) => {
      world.near.put(object.kind === "Deployment" ? { ...object, status: { readyReplicas: 0 } } : object);
      return Promise.resolve();
    };
    const space_ = apply("primary", outside(space));
    await startExercise(trial({ start: () => [...space_, { ...deployment!, unready: true } as Step] }), of);
    await resetExercise(trial(), of);
    await assert.rejects(
      startExercise(trial({ start: () => [...space_, deployment!] }), of),
      /until never of primary is rolled out/,
    );
  });

  describe("takes steps that", () => {
    const does = async (...steps: Step[]) => {
      await startExercise(trial(), of);
      await solveExercise(trial({ solve: async (stage, eye) => [...steps, ...(await trial().solve(stage, eye))] }), of);
    };

    it("copy a Secret as it is, without a mark, and complain where it is not there", async () => {
      world.near.put({ ...secret("a", "x"), type: "kubernetes.io/tls", data: { "tls.key": "c2VjcmV0" } });
      const step = { do: "copy", cluster: "primary", from: secret("a", "x"), to: secret("b", "y") } as const;
      await does(step);
      const { type, data, metadata } = world.near.objectOf(secret("b", "y")) as never as Record<string, object>;
      assert.deepEqual([type, data], ["kubernetes.io/tls", { "tls.key": "c2VjcmV0" }]);
      assert.equal("labels" in metadata!, false);
      const missing = trial({ solve: () => [{ ...step, from: secret("c", "x") }] });
      await assert.rejects(solveExercise(missing, of), /^Error: There is no Secret x\/c in primary\.$/);
    });

    it("remove what may be gone already", async () => {
      await does(...remove("primary", secret("nothing", "x")));
    });

    it("run a command in each pod that runs, in the container that is named", async () => {
      await does({
        ...{ do: "exec", cluster: "primary", namespace: space, labels: "app=curl" },
        ...{ container: "istio-proxy", command: ["drain", "it"] },
      });
      const executed = world.near.calls.filter((call) => call.startsWith("exec "));
      assert.match(executed.join("\n"), /^exec exercise-trial\/curl-pod-\d+\/istio-proxy drain it$/);
    });
  });
});

/** Exercises of the `lab` command: each fails before, passes once it is solved, and leaves nothing. */
import assert from "node:assert/strict";
import { exercises } from "../../lab/exercise/set/all.ts";
import { must, sh, type Outcome } from "./shell.ts";

/** Declares a test for each exercise whose page uses a stack, and for further ones by name. */
export function exercisesHold(stack: string, ...further: readonly string[]): void {
  const wanted = exercises.filter(
    (each) => (each.stack === stack && each.notOnLocalCloud === undefined) || further.includes(each.name),
  );
  assert.ok(wanted.length > 0, `${stack} has exercises`);
  for (const { name } of wanted)
    it(`[full] has the exercise ${name}, which fails before, passes once solved, and leaves nothing`, () =>
      exerciseHolds(name, stack));
}

/** @throws AssertionError with all that a command said where it did not end as it should */
async function exerciseHolds(name: string, stack: string): Promise<void> {
  const lab = (verb: string): Promise<Outcome> =>
    sh(`npm run --silent lab -- exercise ${verb} ${name} --stack ${stack}`);
  const said = ({ stdout, stderr }: Outcome): string => `${name}: ${stdout}\n${stderr}`;
  try {
    const started = await startedWithDefinitions(lab);
    assert.equal(started.exitCode, 0, said(started));
    const before = await lab("check");
    assert.equal(before.exitCode, 1, said(before));
    assert.match(before.stdout, /^✘ /m, said(before));
    const solved = await lab("solve");
    assert.equal(solved.exitCode, 0, said(solved));
    const after = await lab("check");
    assert.equal(after.exitCode, 0, said(after));
  } finally {
    const reset = await lab("reset");
    assert.equal(reset.exitCode, 0, said(reset));
  }
  const again = await lab("check");
  assert.match(again.stderr, /has not been started/, said(again));
  assert.equal(await leftOf(name), "", `${name} has left something`);
}

/** What may have its label, and copies that an exercise keeps for its end. */
const kinds = [
  ...["namespaces", "all", "secrets", "configmaps", "serviceaccounts"],
  ...["gateways.networking.istio.io", "virtualservices", "destinationrules", "serviceentries", "sidecars"],
  ...["authorizationpolicies", "peerauthentications"],
];

/** Objects of an exercise in every cluster, a line each. */
async function leftOf(name: string): Promise<string> {
  const printed = await must(`for cluster in $(kubectl config get-contexts -o name); do
kubectl --context "$cluster" get ${kinds.join(",")} -A -l istio-lab/exercise=${name} -o name --ignore-not-found
kubectl --context "$cluster" get secrets -A -o name | grep before-exercise
done; true`);
  return printed.trim();
}

/** Does what `start` says where a definition is missing: it prints the command. */
async function startedWithDefinitions(lab: (verb: string) => Promise<Outcome>): Promise<Outcome> {
  const started = await lab("start");
  const command = /needs the definition .* Install it: (kubectl .*)$/m.exec(started.stderr)?.[1];
  if (command === undefined) return started;
  await must(command);
  return lab("start");
}

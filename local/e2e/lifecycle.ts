/** The beginning and the end that every stack has: typed as README says, nothing left undone, nothing left behind. */
import assert from "node:assert/strict";
import { ledger } from "./ledger.ts";
import { must, type Stack } from "./shell.ts";

/** Declares the tests that bring a stack up from nothing. Afterwards its clusters can be asked. */
export function comesUp(stack: Stack, clusters: readonly string[]): void {
  let announced: string[] = [];

  it("starts from nothing, as typed, in one pass", async () => {
    await must(`pulumi stack init ${stack.name}`);
    announced = await stack.previewed();
    await stack.pulumi("up --yes");
    await stack.connect();
    assert.deepEqual(stack.clusters, [...clusters].sort());
  });

  it("makes what the preview announced", async () => {
    assert.deepEqual(await stack.exported(), announced);
  });

  it("changes nothing when it runs again, nor finds anything changed", async () => {
    await stack.pulumi("up --yes --expect-no-changes");
    await stack.pulumi("refresh --yes --expect-no-changes");
  });
}

/** Declares the test that destroys a stack and looks for what is left: in its state and in the account. */
export function goesAway(stack: Stack): void {
  it("leaves nothing behind", async () => {
    await stack.pulumi("destroy --yes");
    assert.deepEqual(await stack.exported(), []);
    assert.deepEqual(await ledger(), []);
    await must(`pulumi stack rm ${stack.name} --yes`);
  });
}

/**
 * A cloud of the tests' own, beside one that somebody may be using: other files, other namespaces. What an earlier
 * run left there, even one that was killed, goes first; what this one leaves is looked for at the end.
 */
process.env["ISTIO_LAB_RUN"] ??= "/var/lib/istio-lab-e2e";
process.env["ISTIO_LAB_PREFIX"] ??= "ile-";

// Imported late, because the paths are read from the environment when they load.
const { compileCache } = await import("../paths.ts");
// Each command of the tests starts Node.
process.env["NODE_COMPILE_CACHE"] = compileCache;
const { localCloud } = await import("./shell.ts");

async function down(): Promise<string> {
  const { stdout, stderr, exitCode } = await localCloud("down");
  if (exitCode !== 0) throw new Error(`npm run local -- down: ${stdout}\n${stderr}`);
  return stdout;
}

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(120_000);
    await down();
  },
  /** A failed run is left as it is, to be looked at: ISTIO_LAB_RUN and ISTIO_LAB_PREFIX say where. */
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(120_000);
    const failed = this.test?.parent?.suites.some(hasFailed) ?? false;
    if (failed && process.env["CI"] === undefined) return;
    await down();
  },
};

function hasFailed(suite: Mocha.Suite): boolean {
  return suite.tests.some(({ state }) => state === "failed") || suite.suites.some(hasFailed);
}

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

const module = new URL("../../../lab/stack/interruptible.ts", import.meta.url).href;

/** Work that tells when it begins, and takes a moment to undo when it is asked to end. */
const program = (undo: string) => `
  import { interruptible } from ${JSON.stringify(module)};
  const work = async (signal) => {
    console.log("begun");
    await new Promise((resolve) => { signal.addEventListener("abort", resolve); setTimeout(() => {}, 60_000); });
    ${undo}
    console.log("undone");
    throw signal.reason;
  };
  try { await interruptible("undoing what was done", (line) => console.log(line), work); }
  catch (error) { console.log(String(error)); process.exit(1); }
`;

/** @param again milliseconds after which it is sent a second time; absent for once */
async function run(undo: string, again?: number) {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program(undo)]);
  const exit = once(child, "exit") as Promise<[number | null]>;
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const until = async (text: string): Promise<void> => {
    while (!printed.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await until("begun");
  child.kill("SIGINT");
  await until("SIGINT");
  if (again !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, again));
    child.kill("SIGINT");
  }
  const [code] = await exit;
  return { code, printed };
}

describe("a command that Ctrl-C ends", function () {
  this.timeout(20_000);

  it("undoes what it did, says so, and tells the shell", async () => {
    const { code, printed } = await run("");
    assert.equal(code, 1);
    assert.equal(
      printed,
      "begun\nSIGINT: undoing what was done; once more ends at once\nundone\nUsageError: Interrupted.\n",
    );
  });

  it("undoes what it did where npm passes on what the terminal has sent already", async () => {
    const { code, printed } = await run("await new Promise((done) => setTimeout(done, 500));", 0);
    assert.equal(code, 1);
    assert.match(printed, /^undone$/m);
  });

  it("ends at once when it comes a second time", async () => {
    const { code, printed } = await run("await new Promise(() => {});", 700);
    assert.equal(code, 130);
    assert.ok(!printed.includes("undone\n"));
  });
});

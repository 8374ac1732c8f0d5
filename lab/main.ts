/** The `lab` command. */
import { Command, InvalidArgumentError, Option } from "commander";
import type { LabOptions, RunCommandOptions } from "./experiment/command.ts";
import { planCommand, type PlanCommandOptions } from "./plan/command.ts";
import { knownStacks } from "./plan/source.ts";
import { UsageError } from "./plan/usage-error.ts";

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const program = new Command("lab")
  .description("Plans and looks after an Istio lab on EKS.")
  .showHelpAfterError("(lab --help lists the commands)");

program
  .command("plan")
  .argument("[stack]", `a stack of the project: ${knownStacks().join(", ")} (default: single)`)
  .description("Shows what `pulumi up` would make, without AWS and without Pulumi's command: topology, cost, files.")
  .option("--config-file <file>", "plan this stack file, or JSON with cluster records, instead of a stack")
  .option("--out <dir>", "write the files to DIR/<stack> (default: out/<stack>)")
  .option("--json", "print one JSON document and write no files, unless --out says where")
  .action(async (stack: string | undefined, options: PlanCommandOptions) => planCommand(stack, options));

const experiment = program
  .command("experiment")
  .description("Does something to a running lab, measures what its clients notice, and undoes it.");

/** Loaded late: what speaks to clusters takes longer to load than a plan to make. */
const experiments = () => import("./experiment/command.ts");

const stackOption = () => new Option("--stack <stack>", "the stack that `pulumi up` has made").makeOptionMandatory();
const configFileOption = () =>
  new Option("--config-file <file>", "the stack file that it was made from, where it is not the stack's own");
const outOption = () => new Option("--out <dir>", "the folder of all results (default: out/experiments)");

experiment
  .command("list")
  .description("Lists the experiments that there are.")
  .action(async () => {
    (await experiments()).listCommand();
  });

experiment
  .command("run")
  .argument("<name...>", "experiments, one after the other; `all` for every one that can run on the stack")
  .description("Runs experiments. Ends with 0 if all that was expected held, and with 1 otherwise.")
  .addOption(stackOption())
  .addOption(configFileOption())
  .addOption(outOption())
  .option("--repeats <n>", "how often", counted, 5)
  .option("--rate <n>", "requests a second from the client in each cluster", counted, 200)
  .option("--keep", "leave the service under load in the clusters")
  .action(async (names: string[], options: RunCommandOptions) => {
    if (!(await (await experiments()).runCommand(names, options))) process.exitCode = 1;
  });

experiment
  .command("undo")
  .description("Undoes what a run that was killed has left in the lab.")
  .addOption(stackOption())
  .addOption(configFileOption())
  .addOption(outOption())
  .action(async (options: LabOptions) => (await experiments()).undoCommand(options));

experiment
  .command("compare")
  .argument("<a>", "the folder of a run")
  .argument("<b>", "the folder of another run of the same experiment")
  .description("Prints what differs between two runs, in Markdown.")
  .action(async (a: string, b: string) => (await experiments()).compareCommand(a, b));

experiment
  .command("verify")
  .argument("<folder>", "the folder of a run")
  .description("Computes every figure again from the raw logs. Ends with 1 where the result says something else.")
  .action(async (folder: string) => {
    if (!(await (await experiments()).verifyCommand(folder))) process.exitCode = 1;
  });

function counted(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

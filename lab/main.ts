/** The `lab` command. */
import { Command } from "commander";
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

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** What can be typed after `lab`: commands, arguments, options. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { AuditOptions } from "./audit/command.ts";
import type { DashboardOptions } from "./dashboard/command.ts";
import { type DashboardName, dashboardNames } from "./dashboard/target.ts";
import type { DoctorOptions } from "./doctor/command.ts";
import type { ExerciseOptions, ListOptions } from "./exercise/command.ts";
import type { LabOptions, RunCommandOptions } from "./experiment/command.ts";
import type { KubeconfigOptions } from "./kubeconfig/command.ts";
import type { PauseOptions } from "./pause/command.ts";
import { planCommand, type PlanCommandOptions } from "./plan/command.ts";
import { knownStacks } from "./plan/stacks.ts";
import type { RetrofitOptions } from "./retrofit/command.ts";
import type { StatusOptions } from "./status/command.ts";

export const program = new Command("lab")
  .description("Plans and looks after an Istio lab on EKS.")
  .showHelpAfterError("(lab --help lists the commands)");

program
  .command("plan")
  .argument("[stack]", `a stack of the project: ${knownStacks().join(", ")} (default: single)`)
  .description("Shows what `pulumi up` would make, without AWS and without Pulumi's command: topology, cost, files.")
  .option("--config-file <file>", "plan this stack file, or JSON with cluster records, instead of a stack")
  .option("--out <dir>", "write the files to DIR/<stack> (default: out)")
  .option("--json", "print one JSON document and write no files, unless --out says where")
  .action(async (stack: string | undefined, options: PlanCommandOptions) => planCommand(stack, options));

/** Commands that look or act say by their exit code whether all is well. */
const exitUnless = (well: boolean): void => {
  if (!well) process.exitCode = 1;
};
const configFileOption = () =>
  new Option("--config-file <file>", "the stack file that it was made from, where it is not the stack's own");
/** No default here, as with a file it is the file's name: lab/plan/source.ts. */
const stackArgument = () =>
  new Argument(
    "[stack]",
    `a stack of the project: ${knownStacks().join(", ")} (default: single, or what --config-file is named)`,
  );
const theStackOption = () =>
  new Option(
    "--stack <stack>",
    "the stack that `pulumi up` has made (default: single, or what --config-file is named)",
  );

program
  .command("doctor")
  .addArgument(stackArgument())
  .description("Looks whether `pulumi up` would work here: commands, credentials, quotas, versions, hosts.")
  .option("--config-file <file>", "look at this stack file instead of the stack's own")
  .option("--json", "print one JSON document")
  .action(async (stack: string | undefined, options: DoctorOptions) => {
    exitUnless(await (await import("./doctor/command.ts")).doctorCommand(stack, options));
  });

program
  .command("status")
  .addArgument(stackArgument())
  .description(
    "Looks whether a lab that stands is what it is to be: nodes, istiods, versions, webhooks, who reaches whom.",
  )
  .addOption(configFileOption())
  .option("--json", "print one JSON document")
  .action(async (stack: string | undefined, options: StatusOptions) => {
    exitUnless(await (await import("./status/command.ts")).statusCommand(stack, options));
  });

program
  .command("audit")
  .argument("[stack]", `a stack of the project, up or destroyed: ${knownStacks().join(", ")}`)
  .description(
    "Lists whatever AWS still has of a lab, with the command that removes it. Ends with 0 if that is nothing.",
  )
  .addOption(configFileOption())
  .option("--lab-id <id>", "the lab's id, which its resources carry as the tag istio-lab/id")
  .option("--region <region...>", "look in these regions instead of the stack's, or of all")
  .option("--json", "print one JSON document")
  .action(async (stack: string | undefined, options: AuditOptions) => {
    exitUnless(await (await import("./audit/command.ts")).auditCommand(stack, options));
  });

program
  .command("retrofit")
  .argument("<namespace>", "a namespace that is there already")
  .description("Brings the pods of a namespace into the mesh: labels it, restarts them in a safe order, proves it.")
  .addOption(theStackOption())
  .addOption(configFileOption())
  .option("--cluster <name>", "in this cluster only; else in each that has the namespace")
  .option("--undo", "bring them out of the mesh again")
  .option(
    "--restart",
    "only renew proxies of another version than their istiod, or of a revision that their namespace has left",
  )
  .action(async (namespace: string, options: RetrofitOptions) => {
    await (await import("./retrofit/command.ts")).retrofitCommand(namespace, options);
  });

program
  .command("kubeconfig")
  .addArgument(stackArgument())
  .description("Writes one kubeconfig with a context for each cluster, named as it, and prints how to use it.")
  .addOption(configFileOption())
  .option("--out <file>", "the file (default: out/<stack>/kubeconfig)")
  .action(async (stack: string | undefined, options: KubeconfigOptions) => {
    await (await import("./kubeconfig/command.ts")).kubeconfigCommand(stack, options);
  });

program
  .command("dashboard")
  .addArgument(new Argument("<name>", "which").choices(dashboardNames))
  .description("Shows Kiali, Grafana or Prometheus of a lab on this machine, until Ctrl-C.")
  .addOption(theStackOption())
  .addOption(configFileOption())
  .option("--cluster <name>", "that of this cluster; else of the first that has it")
  .option("--port <number>", "the port of this machine; 0 for any that is free", portNumber)
  .action(async (name: DashboardName, options: DashboardOptions) => {
    await (await import("./dashboard/command.ts")).dashboardCommand(name, options);
  });

program
  .command("pause")
  .addArgument(stackArgument())
  .description("Brings all node groups to zero nodes, and says what that saves.")
  .addOption(configFileOption())
  .option("--no-wait", "do not wait until the nodes are gone")
  .action(async (stack: string | undefined, options: PauseOptions) => {
    await (await import("./pause/command.ts")).pauseCommand(stack, options);
  });

program
  .command("resume")
  .addArgument(stackArgument())
  .description("Brings all node groups back to the size that the stack file says.")
  .addOption(configFileOption())
  .option("--no-wait", "do not wait until the nodes are ready")
  .action(async (stack: string | undefined, options: PauseOptions) => {
    await (await import("./pause/command.ts")).resumeCommand(stack, options);
  });

const experiment = program
  .command("experiment")
  .description("Does something to a running lab, measures what its clients notice, and undoes it.");

/** Loaded late: what speaks to clusters takes longer to load than a plan to make. */
const experiments = () => import("./experiment/command.ts");

const stackOption = () => new Option("--stack <stack>", "the stack that `pulumi up` has made").makeOptionMandatory();
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

const exercise = program
  .command("exercise")
  .description("Guided exercises on a running lab: begins them, says what is still missing, solves and removes them.");
const exercises = () => import("./exercise/command.ts");

exercise
  .command("list")
  .description("Lists the exercises that there are, and the stack of each.")
  .option("--json", "print one JSON document")
  .action(async (options: ListOptions) => {
    (await exercises()).listCommand(options);
  });

/** The stack may be left out: each exercise has one that its page uses. */
const onExercise = (verb: string, description: string) =>
  exercise
    .command(verb)
    .argument("<name>", "an exercise of `lab exercise list`")
    .description(description)
    .addOption(new Option("--stack <stack>", "the stack that `pulumi up` has made (default: that of the exercise)"))
    .addOption(configFileOption());

onExercise("start", "Makes the beginning of an exercise, in namespaces of its own.").action(
  async (name: string, options: ExerciseOptions) => (await exercises()).startCommand(name, options),
);
onExercise("check", "Says what is still missing. Ends with 0 when nothing is.").action(
  async (name: string, options: ExerciseOptions) => {
    exitUnless(await (await exercises()).checkCommand(name, options));
  },
);
onExercise("solve", "Does what solves an exercise.").action(async (name: string, options: ExerciseOptions) =>
  (await exercises()).solveCommand(name, options),
);
onExercise("reset", "Removes all that an exercise made, and puts back what it changed.").action(
  async (name: string, options: ExerciseOptions) => (await exercises()).resetCommand(name, options),
);

function portNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
  throw new InvalidArgumentError("It must be a port, 0 to 65535.");
}

function counted(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}

import { Command } from "commander";
import { say } from "./commands/say.ts";

/**
 * `npm run local -- <command>`: the local cloud. Each command loads only what it needs, so that `--help` and errors
 * are quick. The exit code is that of the program that was run, or 1.
 */
export const program = new Command("npm run local --")
  .description("Real clusters on this machine for the istio-lab program, without Docker or AWS")
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command("build")
  .description("build the tools that are missing (everything else does so too)")
  .option("--previous-istio", "also the Istio of the minor before, from which upgrades start")
  .action(async (options: { previousIstio?: true }) => {
    const { buildTools } = await import("./tools/build.ts");
    say(`tools are in ${(await buildTools(options)).dir}`);
  });

for (const [action, description] of [
  ["up", "build what is missing, start the cloud, run `pulumi up` for a stack"],
  ["preview", "run `pulumi preview` for a stack"],
  ["destroy", "run `pulumi destroy` for a stack; the cloud goes on running"],
] as const) {
  program
    .command(action)
    .description(description)
    .argument("[stack]", "single, multi, or the name of a file in stacks/", "single")
    .argument("[arguments...]", "further arguments for Pulumi, after a --")
    .action(async (stack: string, extra: string[]) => {
      const { runStack } = await import("./commands/stack.ts");
      process.exitCode = await runStack(action, stack, extra);
    });
}

program
  .command("status")
  .description("what runs: clusters, nodes, processes, memory, stacks")
  .action(async () => {
    const { printStatus } = await import("./commands/status.ts");
    process.exitCode = await printStatus();
  });

program
  .command("shell")
  .description("a shell inside the local cloud, where pulumi, kubectl and istioctl work as typed")
  .option("-c <line>", "run one line instead")
  .action(async ({ c: line }: { c?: string }) => {
    const { openShell } = await import("./commands/shell.ts");
    process.exitCode = await openShell(line);
  });

program
  .command("exec")
  .description("run a command inside the local cloud: exec -- COMMAND ...")
  .argument("<command...>")
  .passThroughOptions()
  .action(async (argv: string[]) => {
    const { execute } = await import("./commands/shell.ts");
    process.exitCode = await execute(argv);
  });

program
  .command("kubeconfig")
  .description("print a kubeconfig with a context for each cluster; it works inside the local cloud")
  .action(async () => {
    const { kubeconfig } = await import("./commands/kubeconfig.ts");
    const { runDir } = await import("./paths.ts");
    process.stdout.write(await kubeconfig(runDir));
  });

program
  .command("down")
  .description("end the cloud and remove everything of it but the built tools")
  .action(async () => {
    const { takeDown } = await import("./commands/down.ts");
    await takeDown();
  });

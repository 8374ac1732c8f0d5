import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import proto from "@pulumi/pulumi/proto/language_pb.js";
import type { ChildProcess } from "node:child_process";
import { shellSplit } from "./shell-split.ts";

/** By this code the SDK says that it has told the user already what went wrong (nodejsProcessExitedAfterLoggingUserActionableMessage). */
const bailCode = 32;

/** The programs that this host has started. */
export class Programs {
  readonly #engine: string;
  readonly #running = new Set<ChildProcess>();

  /** @param engine the engine's address */
  constructor(engine: string) {
    this.#engine = engine;
  }

  /** Runs a program to its end. What it prints goes to this process's output, where the engine reads it. */
  async run(request: proto.RunRequest): Promise<proto.RunResponse> {
    const child = spawn(process.execPath, programArguments(request, this.#engine), {
      cwd: request.getPwd(),
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...programEnvironment(request) },
    });
    this.#running.add(child);
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    this.#running.delete(child);
    const response = new proto.RunResponse();
    if (code === 0) return response;
    if (code === bailCode) return response.setBail(true);
    return response.setError(
      code === null ? `Program was ended by ${signal}` : `Program exited with non-zero exit code: ${code}`,
    );
  }

  cancel(): void {
    for (const child of this.#running) child.kill("SIGINT");
  }
}

/** Node's arguments: the project's own `nodeargs`, the SDK's run script, what it has to know, the program. */
export function programArguments(request: proto.RunRequest, engine: string): string[] {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() || request.getPwd();
  const entry = info?.getEntryPoint() || request.getProgram() || ".";
  const runScript = createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  return [
    ...shellSplit(String(options(request)["nodeargs"] ?? "")),
    runScript,
    ...["--monitor", request.getMonitorAddress()],
    ...["--engine", engine],
    ...["--organization", request.getOrganization()],
    ...["--project", request.getProject()],
    ...["--stack", request.getStack()],
    ...["--pwd", request.getPwd()],
    ...["--root_directory", info?.getRootDirectory() || request.getPwd()],
    ...(request.getDryrun() ? ["--dry-run"] : []),
    ...(request.getQuerymode() ? ["--query-mode"] : []),
    ...["--parallel", String(request.getParallel())],
    entry,
    ...request.getArgsList(),
  ];
}

function programEnvironment(request: proto.RunRequest): Record<string, string> {
  const config: Record<string, string> = {};
  request.getConfigMap().forEach((value, key) => (config[key] = value));
  return {
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(options(request)["typescript"] ?? true),
  };
}

/** The `runtime: options:` of Pulumi.yaml. */
function options(request: proto.RunRequest): Record<string, unknown> {
  return (request.getInfo()?.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
}

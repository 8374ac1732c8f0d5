import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import proto from "@pulumi/pulumi/proto/language_pb.js";
import type { ServerWritableStream } from "@grpc/grpc-js";

type Call = ServerWritableStream<proto.RunPluginRequest, proto.RunPluginResponse>;

/**
 * Runs a policy pack for as long as the engine listens: the SDK's own runner, in the pack's folder, as the scripts that
 * come with the SDK do (https://github.com/pulumi/pulumi, sdk/nodejs/dist/pulumi-analyzer-policy). The pack prints the
 * port that it listens on, which the engine reads off the stream.
 */
export function runPolicyPack(call: Call): void {
  const pack = packFolder(call.request);
  const runner = createRequire(join(pack, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [runner, ...call.request.getArgsList(), "."], {
    cwd: pack,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment(call.request) },
  });
  child.stdout.on("data", (text: Buffer) => call.write(new proto.RunPluginResponse().setStdout(text)));
  child.stderr.on("data", (text: Buffer) => call.write(new proto.RunPluginResponse().setStderr(text)));
  child.on("close", (code) => {
    call.write(new proto.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill());
}

export function isPolicyPack(request: proto.RunPluginRequest): boolean {
  return request.getKind() === "analyzer";
}

function packFolder(request: proto.RunPluginRequest): string {
  return request.getInfo()?.getProgramDirectory() ?? request.getPwd();
}

/** Entries such as `NAME=value`. */
function environment(request: proto.RunPluginRequest): Record<string, string> {
  const entries = request.getEnvList().map((entry) => entry.split(/=(.*)/s));
  return Object.fromEntries(entries.map(([name = "", value = ""]) => [name, value]));
}

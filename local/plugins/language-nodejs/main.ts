import { createRequire } from "node:module";
import grpc from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/language_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import type { Message } from "google-protobuf";
import { engineAddress, listen } from "../host/server.ts";
import { installedDependencies } from "./dependencies.ts";
import { isPolicyPack, runPolicyPack } from "./policy-pack.ts";
import { Programs } from "./run.ts";

/**
 * A stand-in for `pulumi-language-nodejs`, which is not served as a Go module: it starts programs the way the real one
 * does (https://github.com/pulumi/pulumi, sdk/nodejs/cmd/pulumi-language-nodejs) and declares no plugins, so that the
 * engine takes those on PATH.
 */
const sdk = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
const programs = new Programs(engineAddress(process.argv.slice(2)) ?? "");

function unary<Request extends Message, Response extends Message>(
  answer: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: String(error) }, null),
      );
  };
}

function unimplemented<Request extends Message, Response extends Message>(
  method: string,
): grpc.handleUnaryCall<Request, Response> {
  const details = `the local cloud's language host has no ${method}`;
  return (_call, callback) => callback({ code: grpc.status.UNIMPLEMENTED, details }, null);
}

function refusedStream<Request extends Message, Response extends Message>(
  details: string,
): grpc.handleServerStreamingCall<Request, Response> {
  return (call) => call.emit("error", { code: grpc.status.FAILED_PRECONDITION, details });
}

await listen(languageService.LanguageRuntimeService, {
  handshake: unary(() => new proto.LanguageHandshakeResponse()),
  getPluginInfo: unary(() => new pluginProto.PluginInfo().setVersion(sdk.version)),
  getRequiredPackages: unary(() => new proto.GetRequiredPackagesResponse()),
  getRequiredPlugins: unary(() => new proto.GetRequiredPluginsResponse()),
  runtimeOptionsPrompts: unary(() => new proto.RuntimeOptionsResponse()),
  about: unary(() => new proto.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
  getProgramDependencies: unary((request: proto.GetProgramDependenciesRequest) => {
    const found = installedDependencies(request.getInfo()?.getProgramDirectory() ?? request.getPwd());
    return new proto.GetProgramDependenciesResponse().setDependenciesList(
      found.map(({ name, version }) => new proto.DependencyInfo().setName(name).setVersion(version)),
    );
  }),
  run: unary((request: proto.RunRequest) => programs.run(request)),
  cancel: unary(() => {
    programs.cancel();
    return new emptyProto.Empty();
  }),
  installDependencies: refusedStream(
    "the local cloud's workspace links the project's node_modules; run `npm ci` in the project instead",
  ),
  template: unimplemented("Template"),
  generateProgram: unimplemented("GenerateProgram"),
  generateProject: unimplemented("GenerateProject"),
  generatePackage: unimplemented("GeneratePackage"),
  pack: unimplemented("Pack"),
  link: unimplemented("Link"),
  runPlugin: (call: grpc.ServerWritableStream<proto.RunPluginRequest, proto.RunPluginResponse>) => {
    if (isPolicyPack(call.request)) runPolicyPack(call);
    else refusedStream("the local cloud's language host runs no plugins but policy packs")(call);
  },
});

/**
 * The policy pack as `pulumi up --policy-pack policy` starts it: a plugin that the engine asks. It speaks the engine's
 * protocol itself (https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto), because @pulumi/policy
 * hands policies neither what is secret nor, of a stack, the inputs, and gives up at the first value that is not known.
 */
import grpc from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import type { Message } from "google-protobuf";
import { asked, SeenProgram } from "./seen.ts";
import { analyzerInfo, diagnostics, type Levels, levelsOf } from "./words.ts";

const program = new SeenProgram();
let levels: Levels = new Map();

function answer<Request extends Message, Response extends Message>(
  respond: (request: Request) => Response,
): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    try {
      callback(null, respond(request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: String(error) }, null);
    }
  };
}

const limit = 400 * 1024 * 1024;
const server = new grpc.Server({ "grpc.max_receive_message_length": limit });
server.addService(service.AnalyzerService, {
  getPluginInfo: answer(() => new pluginProto.PluginInfo()),
  getAnalyzerInfo: answer(analyzerInfo),
  configure: answer((request: proto.ConfigureAnalyzerRequest) => {
    levels = levelsOf(request);
    return new emptyProto.Empty();
  }),
  // One resource alone says too little: it is remembered for the stack, which is judged when all are known.
  analyze: answer((request: proto.AnalyzeRequest) => {
    program.remember(asked(request));
    return new proto.AnalyzeResponse();
  }),
  analyzeStack: answer((request: proto.AnalyzeStackRequest) =>
    new proto.AnalyzeResponse().setDiagnosticsList(diagnostics(program.graph(request.getResourcesList()), levels)),
  ),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(String(port));
});

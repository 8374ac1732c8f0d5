/**
 * The other end of a program's connection: a resource monitor and an engine that answer at once, with the recorder's
 * canned outputs. What a program takes against it is its own time and the SDK's, not a provider's.
 * Services: https://github.com/pulumi/pulumi, proto/pulumi/resource.proto and engine.proto.
 */
import * as grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import monitorService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/resource_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { fakeCall, fakeOutputs } from "../../lab/recorder/fakes.ts";
import type { JsonObject } from "../../lab/recorder/graph.ts";
import { asSecret } from "../../lab/recorder/wire.ts";

/** As the real engine allows: a stack's outputs may exceed gRPC's 4 MiB. */
const messageLimit = 400 * 1024 * 1024;

/** All that an engine may be able to do, by number. */
const features = Object.values(proto.ResourceMonitorFeature).filter((feature) => typeof feature === "number");

/** By this call the SDK makes an object of a reference to a component that a plugin holds. */
const getResource = "pulumi:pulumi:getResource";

export class FakeEngine {
  readonly #server: grpc.Server;
  readonly #regions = new Map<string, string>();
  readonly #components = new Map<string, JsonObject>();
  #counts = new Map<string, number>();
  #messages: string[] = [];

  private constructor() {
    this.#server = new grpc.Server({
      "grpc.max_receive_message_length": messageLimit,
      "grpc.max_send_message_length": messageLimit,
    });
    this.#server.addService(monitorService.ResourceMonitorService, this.#monitor());
    this.#server.addService(engineService.EngineService, this.#engine());
  }

  /** Serves on a free port of the loopback interface. */
  static async start(): Promise<{ engine: FakeEngine; address: string }> {
    const engine = new FakeEngine();
    const port = await new Promise<number>((resolve, reject) => {
      engine.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    return { engine, address: `127.0.0.1:${port}` };
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  /** What was registered and logged since the last call: resources by type, and the texts of warnings and errors. */
  take(): { counts: ReadonlyMap<string, number>; messages: readonly string[] } {
    const taken = { counts: this.#counts, messages: this.#messages };
    this.#counts = new Map();
    this.#messages = [];
    this.#regions.clear();
    this.#components.clear();
    return taken;
  }

  #monitor(): grpc.UntypedServiceImplementation {
    return {
      getDeploymentInfo: unary(() => new proto.DeploymentInfo().setSupportedfeaturesList(features)),
      registerResource: unary((request: proto.RegisterResourceRequest) => this.#register(request)),
      registerResourceOutputs: unary(() => new emptyProto.Empty()),
      invoke: unary((request: proto.ResourceInvokeRequest) => this.#invoke(request)),
      signalAndWaitForShutdown: unary(() => new emptyProto.Empty()),
    };
  }

  #engine(): grpc.UntypedServiceImplementation {
    return {
      setRootResource: unary(() => new engineProto.SetRootResourceResponse()),
      log: unary((request: engineProto.LogRequest) => {
        if (request.getSeverity() > engineProto.LogSeverity.INFO) this.#messages.push(request.getMessage());
        return new emptyProto.Empty();
      }),
    };
  }

  #register(request: proto.RegisterResourceRequest): proto.RegisterResourceResponse {
    const [type, name] = [request.getType(), request.getName()];
    const inputs = plain(request.getObject());
    const urn = `urn:pulumi:bench::istio-lab::${type}::${name}`;
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
    if (typeof inputs["region"] === "string") this.#regions.set(urn, inputs["region"]);
    const response = new proto.RegisterResourceResponse().setUrn(urn);
    if (!request.getCustom() && !request.getRemote()) return response.setObject(new structProto.Struct());
    const outputs = fakeOutputs(type, request.getRemote(), false, { name, inputs });
    for (const key of request.getAdditionalsecretoutputsList()) {
      if (outputs[key] !== undefined) outputs[key] = asSecret(outputs[key]);
    }
    if (request.getCustom()) response.setId(`${name}-id`);
    if (request.getRemote()) this.#components.set(urn, outputs);
    return response.setObject(structProto.Struct.fromJavaScript(outputs));
  }

  #invoke(request: proto.ResourceInvokeRequest): proto.ResourceInvokeResponse {
    const inputs = plain(request.getArgs());
    const answer = this.#answer(request.getTok(), inputs, request.getProvider());
    return new proto.ResourceInvokeResponse().setReturn(structProto.Struct.fromJavaScript(answer));
  }

  #answer(token: string, inputs: JsonObject, provider: string): JsonObject {
    if (token === getResource) {
      const urn = inputs["urn"] as string;
      return { urn, id: "", state: this.#components.get(urn) ?? {} };
    }
    return fakeCall(token, inputs, this.#regions.get(provider.slice(0, provider.lastIndexOf("::"))) ?? "no-region");
  }
}

function plain(properties: structProto.Struct | undefined): JsonObject {
  return properties?.toJavaScript() ?? {};
}

/** A handler that answers at once; what it throws becomes the caller's error. */
function unary<Request, Response>(answer: (request: Request) => Response): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    try {
      callback(null, answer(call.request));
    } catch (error) {
      callback({ code: grpc.status.INTERNAL, details: String(error) });
    }
  };
}

/** The policy pack as a process, and what the engine would tell it of a recorded program. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import * as pulumi from "@pulumi/pulumi";
import service from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { JsonObject, ResourceGraph, ResourceNode } from "../../lab/recorder/graph.ts";

const { specialSecretSig, specialSigKey } = pulumi.runtime;

export class Pack {
  readonly #process: ChildProcess;
  readonly #client: InstanceType<typeof service.AnalyzerClient>;

  private constructor(process: ChildProcess, port: string) {
    this.#process = process;
    this.#client = new service.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  /** By the SDK's own runner, as Pulumi's language host does. */
  static async start(): Promise<Pack> {
    const folder = fileURLToPath(new URL("../../policy", import.meta.url));
    const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const process_ = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(process_.stdout, "data")) as [Buffer];
    return new Pack(process_, port.toString().trim());
  }

  stop(): void {
    this.#client.close();
    this.#process.kill();
  }

  info(): Promise<proto.AnalyzerInfo> {
    return ask((callback) => this.#client.getAnalyzerInfo(new emptyProto.Empty(), callback));
  }

  async configure(id: string, level: proto.EnforcementLevel): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    request.getPolicyconfigMap().set(id, new proto.PolicyConfig().setEnforcementlevel(level));
    await ask((callback) => this.#client.configure(request, callback));
  }

  /** Tells every resource, then asks about the stack. */
  async judge(graph: ResourceGraph): Promise<proto.AnalyzeDiagnostic[]> {
    for (const node of graph.nodes) await ask((callback) => this.#client.analyze(analyzeRequest(node), callback));
    const request = new proto.AnalyzeStackRequest().setResourcesList(graph.nodes.map(stackResource));
    const response = await ask<proto.AnalyzeResponse>((callback) => this.#client.analyzeStack(request, callback));
    return response.getDiagnosticsList();
  }
}

function ask<Response>(
  call: (callback: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

const analyzeRequest = (node: ResourceNode): proto.AnalyzeRequest =>
  new proto.AnalyzeRequest()
    .setUrn(node.urn)
    .setType(node.type)
    .setName(node.name)
    .setProperties(structProto.Struct.fromJavaScript(onTheWire(node)));

/** Outputs, of which laws know nothing, in place of the inputs. */
function stackResource(node: ResourceNode): proto.AnalyzerResource {
  const resource = new proto.AnalyzerResource()
    .setUrn(node.urn)
    .setType(node.type)
    .setName(node.name)
    .setParent(node.parent ?? "")
    .setProperties(structProto.Struct.fromJavaScript({}))
    .setOptions(optionsOf(node))
    .setDependenciesList([...node.dependsOn]);
  for (const [property, urns] of Object.entries(node.propertyDeps)) {
    const dependencies = new proto.AnalyzerPropertyDependencies().setUrnsList([...urns]);
    resource.getPropertydependenciesMap().set(property, dependencies);
  }
  return node.provider === undefined
    ? resource
    : resource.setProvider(new proto.AnalyzerProviderResource().setUrn(node.provider));
}

/** The engine tells seconds. */
function optionsOf({ options }: ResourceNode): proto.AnalyzerResourceOptions {
  const minutes = Number.parseInt(options.customTimeouts?.delete ?? "0", 10);
  return new proto.AnalyzerResourceOptions()
    .setProtect(options.protect ?? false)
    .setCustomtimeouts(new proto.AnalyzerResourceOptions.CustomTimeouts().setDelete(minutes * 60));
}

/** Secrets carry their mark. */
function onTheWire({ inputs, secretInputs }: ResourceNode): JsonObject {
  const marked = secretInputs.filter((path) => inputs[path] !== undefined);
  return {
    ...inputs,
    ...Object.fromEntries(
      marked.map((path) => [path, { [specialSigKey]: specialSecretSig, value: inputs[path] ?? null }]),
    ),
  };
}

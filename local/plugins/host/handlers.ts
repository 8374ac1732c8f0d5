import grpc from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { Message } from "google-protobuf";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { CheckRequest as RawCheck, DiffRequest as RawDiff } from "@pulumi/pulumi/proto/provider_pb.js";
import { markedLike, markingFailure } from "./marks.ts";
import { diffMessage, failureMessage, initFailedError, subjectOf } from "./messages.ts";
import { InitFailed } from "./provider.ts";
import { decode, deepEqual, encode } from "./values.ts";
import type { CheckRequest, CheckResult, DiffRequest, PluginProvider } from "./provider.ts";

type Unary<Request extends Message, Response extends Message> = grpc.handleUnaryCall<Request, Response>;

/**
 * The engine's ResourceProvider service over a PluginProvider. Secrets are accepted: a provider gets
 * bare values, and the marks are restored on what it answers. Resource references and output values are not accepted;
 * previews are supported.
 * (proto/pulumi/provider.proto of https://github.com/pulumi/pulumi)
 */
export function handlers(provider: PluginProvider, version: string): IResourceProviderServer {
  return {
    ...configuration(provider),
    ...resources(provider),
    getPluginInfo: unary<emptyProto.Empty, pluginProto.PluginInfo>(() =>
      Promise.resolve(new pluginProto.PluginInfo().setVersion(version)),
    ),
    getSchema: unary(() => Promise.resolve(new proto.GetSchemaResponse().setSchema("{}"))),
    attach: unary(() => Promise.resolve(new emptyProto.Empty())),
    cancel: unary(async () => {
      await provider.cancel?.();
      return new emptyProto.Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest) => {
      if (!provider.invoke) throw new Error(`unknown function ${request.getTok()}`);
      const answer = await provider.invoke(request.getTok(), decode(request.getArgs()));
      return new proto.InvokeResponse()
        .setReturn(encode(answer.result))
        .setFailuresList((answer.failures ?? []).map(failureMessage));
    }),
    handshake: unimplemented("Handshake"),
    parameterize: unimplemented("Parameterize"),
    call: unimplemented("Call"),
    construct: unimplemented("Construct"),
    getMapping: unimplemented("GetMapping"),
    getMappings: unimplemented("GetMappings"),
    list: (call) => call.emit("error", { code: grpc.status.UNIMPLEMENTED, details: "List" }),
  };
}

function configuration(provider: PluginProvider) {
  return {
    checkConfig: unary(async (request: RawCheck) => {
      const checked = checkRequest(request);
      const result = provider.checkConfig ? await provider.checkConfig(checked) : { inputs: checked.news };
      return checkMessage(result, request);
    }),
    diffConfig: unary(async (request: RawDiff) => {
      const compared = diffRequest(request);
      if (provider.diffConfig) return diffMessage(await provider.diffConfig(compared));
      return diffMessage({ changes: !deepEqual(compared.oldInputs, compared.news) });
    }),
    configure: unary(async (request: proto.ConfigureRequest) => {
      await provider.configure(decode(request.getArgs()));
      return new proto.ConfigureResponse().setSupportspreview(true).setAcceptsecrets(true);
    }),
  };
}

function resources(provider: PluginProvider) {
  return {
    check: unary(async (request: RawCheck) => checkMessage(await provider.check(checkRequest(request)), request)),
    diff: unary(async (request: RawDiff) => diffMessage(await provider.diff(diffRequest(request)))),
    create: unary(async (request: proto.CreateRequest) => {
      const given = request.getProperties();
      const made = await markingFailure(given, () =>
        provider.create({
          ...subjectOf(request.getUrn()),
          inputs: decode(given),
          preview: request.getPreview(),
          timeout: request.getTimeout(),
        }),
      );
      return new proto.CreateResponse().setId(made.id).setProperties(encode(markedLike(made.properties, given)));
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const recorded = request.getProperties();
      const found = await markingFailure(recorded, () =>
        provider.read({
          ...subjectOf(request.getUrn()),
          id: request.getId(),
          properties: decode(recorded),
          inputs: decode(request.getInputs()),
        }),
      );
      if (!found) return new proto.ReadResponse();
      return new proto.ReadResponse()
        .setId(found.id)
        .setProperties(encode(markedLike(found.properties, recorded)))
        .setInputs(encode(markedLike(found.inputs, request.getInputs())));
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const given = request.getNews();
      const properties = await markingFailure(given, () =>
        provider.update({
          ...subjectOf(request.getUrn()),
          id: request.getId(),
          olds: decode(request.getOlds()),
          oldInputs: decode(request.getOldInputs()),
          news: decode(given),
          preview: request.getPreview(),
          timeout: request.getTimeout(),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      );
      return new proto.UpdateResponse().setProperties(encode(markedLike(properties, given)));
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      await provider.delete({
        ...subjectOf(request.getUrn()),
        id: request.getId(),
        properties: decode(request.getProperties()),
        oldInputs: decode(request.getOldInputs()),
        timeout: request.getTimeout(),
      });
      return new emptyProto.Empty();
    }),
  };
}

function checkRequest(request: RawCheck): CheckRequest {
  return {
    ...subjectOf(request.getUrn()),
    olds: decode(request.getOlds()),
    news: decode(request.getNews()),
    randomSeed: Buffer.from(request.getRandomseed_asU8()).toString("hex"),
  };
}

function diffRequest(request: RawDiff): DiffRequest {
  return {
    ...subjectOf(request.getUrn()),
    id: request.getId(),
    olds: decode(request.getOlds()),
    oldInputs: decode(request.getOldInputs()),
    news: decode(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

function checkMessage(result: CheckResult, request: RawCheck): proto.CheckResponse {
  return new proto.CheckResponse()
    .setInputs(encode(markedLike(result.inputs, request.getNews())))
    .setFailuresList((result.failures ?? []).map(failureMessage));
}

function unary<Request extends Message, Response extends Message>(
  answer: (request: Request) => Promise<Response>,
): Unary<Request, Response> {
  return (call, callback) => {
    answer(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(serviceError(error), null),
    );
  };
}

function serviceError(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof InitFailed) return initFailedError(error);
  const message = error instanceof Error ? error.message : String(error);
  return { code: grpc.status.UNKNOWN, details: message };
}

function unimplemented<Request extends Message, Response extends Message>(method: string): Unary<Request, Response> {
  return (_call, callback) => callback({ code: grpc.status.UNIMPLEMENTED, details: method }, null);
}

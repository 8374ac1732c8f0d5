import grpc from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { connectEngine } from "../host/engine.ts";
import { handlers } from "../host/handlers.ts";
import { engineAddress, listen } from "../host/server.ts";
import { messageOf } from "./api/errors.ts";
import { KubernetesProvider } from "./provider.ts";
import { construct } from "./yaml/construct.ts";
import type { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb.js";

/** The release of pulumi-kubernetes that the SDK belongs to; the stand-in imitates what 4.32 was seen doing. */
const version = "4.34.2";

const provider = new KubernetesProvider(connectEngine(engineAddress(process.argv.slice(2))));

const constructHandler: grpc.handleUnaryCall<ConstructRequest, ConstructResponse> = (call, callback) => {
  Promise.resolve()
    .then(() => construct(call.request, provider.session))
    .then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: messageOf(error) }, null),
    );
};

await listen(providerService.ResourceProviderService, {
  ...handlers(provider, version),
  construct: constructHandler,
});

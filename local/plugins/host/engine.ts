import grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";

export type Severity = "debug" | "info" | "warning" | "error";

/** Tells the running Pulumi command something, to be shown beside a resource. */
export interface EngineLog {
  /**
   * @param urn the resource that the message is about, "" for none
   * @param ephemeral shown as the resource's status while it is worked on, and not kept
   */
  log(severity: Severity, message: string, urn: string, ephemeral?: boolean): void;
}

/** Connects to the engine whose address a plugin gets on its command line. Without an address nothing is logged. */
export function connectEngine(address: string | undefined): EngineLog {
  const client = address ? newClient(address) : undefined;
  const severities = engineProto.LogSeverity;
  const levels = {
    debug: severities.DEBUG,
    info: severities.INFO,
    warning: severities.WARNING,
    error: severities.ERROR,
  };
  return {
    log(severity, message, urn, ephemeral = false) {
      const request = new engineProto.LogRequest();
      request.setSeverity(levels[severity]);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(ephemeral);
      // The engine may be gone when the last message arrives; there is nobody left to tell.
      client?.log(request, () => {});
    },
  };
}

function newClient(address: string): EngineClient {
  return new engineService.EngineClient(address, grpc.credentials.createInsecure());
}

import grpc from "@grpc/grpc-js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import { encode } from "./values.ts";
import type { CheckFailure, DiffKind, DiffResult, InitFailed, Subject } from "./provider.ts";

/**
 * Takes a URN apart: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. Older engines do not send the
 * type and the name by themselves.
 */
export function subjectOf(urn: string): Subject {
  const parts = urn.split("::");
  const type = parts[2]?.split("$").at(-1);
  if (!type || parts.length < 4) throw new Error(`not a resource's URN: ${urn}`);
  return { urn, type, name: parts.slice(3).join("::") };
}

/** One reason why inputs are refused, as the engine wants it. */
export function failureMessage(failure: CheckFailure): proto.CheckFailure {
  return new proto.CheckFailure().setProperty(failure.property).setReason(failure.reason);
}

/** A comparison, as the engine wants it. */
export function diffMessage(diff: DiffResult): proto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  const message = new proto.DiffResponse()
    .setChanges(diff.changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(diff.replaces ?? [])
    .setDeletebeforereplace(diff.deleteBeforeReplace ?? false);
  if (!diff.detailed) return message;
  message.setHasdetaileddiff(true).setDiffsList([...new Set(Object.keys(diff.detailed).map(topLevel))]);
  for (const [path, kind] of Object.entries(diff.detailed)) {
    message.getDetaileddiffMap().set(path, new proto.PropertyDiff().setKind(kindCode(kind)).setInputdiff(true));
  }
  return message;
}

/** The engine's own error for a resource that exists but is not ready; it travels in gRPC's error details. */
export function initFailedError(error: InitFailed): Partial<grpc.StatusObject> {
  const detail = new proto.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(encode(error.properties))
    .setInputs(encode(error.inputs))
    .setReasonsList(error.reasons);
  const packed = new anyProto.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusProto.Status().setCode(grpc.status.UNKNOWN).setMessage(error.message);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}

function topLevel(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

function kindCode(kind: DiffKind): proto.PropertyDiff.Kind {
  const codes = proto.PropertyDiff.Kind;
  const byKind = {
    add: codes.ADD,
    "add-replace": codes.ADD_REPLACE,
    delete: codes.DELETE,
    "delete-replace": codes.DELETE_REPLACE,
    update: codes.UPDATE,
    "update-replace": codes.UPDATE_REPLACE,
  };
  return byKind[kind];
}

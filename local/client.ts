import type { CheckResult } from "./aws/check.ts";
import type { DiffResult, Held } from "./aws/ledger.ts";
import type { Props, Resource } from "./aws/resource.ts";
import type { ClusterToken, LedgerSnapshot } from "./aws/runtime.ts";
import type { AwsCall, InvokeCall } from "./cloud/api.ts";
import { callCloud } from "./plugins/aws/transport.ts";

type Of<K extends keyof AwsCall, O extends keyof AwsCall = never> = Pick<AwsCall, K> &
  Partial<Pick<AwsCall, O | "region" | "principal">>;

/** The cloud daemon's answers, typed. Every method rejects with CloudRefusal (AWS's code and words) or CloudUnreachable. */
export interface CloudClient {
  /** `inputs` are the program's; the answer's are what all other methods take. */
  check(call: Of<"type" | "urn" | "inputs", "olds" | "defaultTags">): Promise<CheckResult>;
  /** From the old checked inputs to the new ones. */
  diff(call: Of<"type" | "inputs", "olds">): Promise<DiffResult>;
  create(call: Of<"type" | "inputs", "preview">): Promise<Held>;
  /** An empty id when the resource is gone. */
  read(call: Of<"type" | "id", "inputs">): Promise<Held & { inputs: Props }>;
  update(call: Of<"type" | "id" | "inputs", "preview">): Promise<Held>;
  delete(call: Of<"type" | "id">): Promise<void>;
  invoke(call: InvokeCall): Promise<Props>;
  token(call: { cluster: string; region: string; principal?: string }): Promise<ClusterToken>;
  /** Change the ledger behind Pulumi's back: drop a resource unchecked, or overwrite parts of its state. */
  tamper(call: { type: string; id: string; state?: Props }): Promise<void>;
  ledger(): Promise<LedgerSnapshot>;
  resources(): Promise<Pick<Resource, "type" | "id" | "region" | "madeBy">[]>;
  status(): Promise<{ pid: number; revision: number }>;
  shutdown(): Promise<void>;
}

/** A client of the daemon that listens at a socket; by default the one of this machine's cloud. */
export function cloudClient(socketPath?: string): CloudClient {
  const post =
    <T>(path: string) =>
    (call: unknown) =>
      callCloud(path, call, socketPath) as Promise<T>;
  const get =
    <T>(path: string) =>
    () =>
      callCloud(path, undefined, socketPath) as Promise<T>;
  return {
    check: post("/aws/check"),
    diff: post("/aws/diff"),
    create: post("/aws/create"),
    read: post("/aws/read"),
    update: post("/aws/update"),
    delete: post("/aws/delete"),
    invoke: post("/aws/invoke"),
    token: post("/token"),
    tamper: post("/tamper"),
    ledger: get("/ledger"),
    resources: get("/resources"),
    status: get("/status"),
    shutdown: () => post<void>("/shutdown")({}),
  };
}

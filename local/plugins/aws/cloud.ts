import type { CheckResult } from "../../aws/check.ts";
import type { Change } from "../../aws/diff.ts";
import { callCloud } from "./transport.ts";
import type { Properties } from "../host/values.ts";

/** What a resource is and through which provider it is reached. */
export interface ResourceCall {
  /** The type token. */
  type: string;
  /** The provider's region; undefined while a preview does not know it. */
  region: string | undefined;
}

/** A resource's id and outputs. */
export interface Held {
  id: string;
  outputs: Properties;
}

/** The cloud's AWS, as a provider needs it. Every method rejects with a CloudRefusal for what AWS would refuse. */
export interface AwsCloud {
  check(
    call: ResourceCall & { name: string; defaultTags?: Record<string, string>; olds: Properties; news: Properties },
  ): Promise<CheckResult>;
  diff(
    call: ResourceCall & { olds: Properties; news: Properties },
  ): Promise<{ changes: Change[]; deleteBeforeReplace: boolean }>;
  create(call: ResourceCall & { urn: string; inputs: Properties; preview: boolean }): Promise<Held>;
  /** Undefined when the resource is gone. */
  read(call: ResourceCall & { id: string; inputs?: Properties }): Promise<(Held & { inputs: Properties }) | undefined>;
  update(call: ResourceCall & { id: string; inputs: Properties; preview: boolean }): Promise<Held>;
  delete(call: ResourceCall & { id: string }): Promise<void>;
  invoke(call: { token: string; region: string | undefined; inputs: Properties }): Promise<Properties>;
}

/** The cloud behind its daemon's socket. */
export class DaemonCloud implements AwsCloud {
  check(call: Parameters<AwsCloud["check"]>[0]) {
    return callCloud("/aws/check", call) as ReturnType<AwsCloud["check"]>;
  }

  diff(call: Parameters<AwsCloud["diff"]>[0]) {
    return callCloud("/aws/diff", call) as ReturnType<AwsCloud["diff"]>;
  }

  create(call: Parameters<AwsCloud["create"]>[0]) {
    return callCloud("/aws/create", call) as ReturnType<AwsCloud["create"]>;
  }

  async read(call: Parameters<AwsCloud["read"]>[0]) {
    const found = (await callCloud("/aws/read", call)) as Awaited<ReturnType<AwsCloud["read"]>> | null;
    return found ?? undefined;
  }

  update(call: Parameters<AwsCloud["update"]>[0]) {
    return callCloud("/aws/update", call) as ReturnType<AwsCloud["update"]>;
  }

  async delete(call: Parameters<AwsCloud["delete"]>[0]) {
    await callCloud("/aws/delete", call);
  }

  invoke(call: Parameters<AwsCloud["invoke"]>[0]) {
    return callCloud("/aws/invoke", call) as ReturnType<AwsCloud["invoke"]>;
  }
}

import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { CheckRequest } from "../aws/check.ts";
import type { DenyRequest } from "../aws/ec2/network-acl.ts";
import { AwsError, HalfMade } from "../aws/errors.ts";
import type { Caller, Held, Ledger } from "../aws/ledger.ts";
import type { Props } from "../aws/resource.ts";
import { Faults } from "./faults.ts";
import type { Fault } from "./faults.ts";

/** Bodies of the calls, as the aws plugin sends them. `region` is the provider's; a resource's own wins. */
interface OfType extends Caller {
  /** A resource type's token. */
  type: string;
}

interface Existing extends OfType {
  id: string;
}

/** With `preview` the answer only says what would come out, with Pulumi's mark for what is not known. */
interface Changing extends OfType {
  /** As check returned them. */
  inputs: Props;
  preview?: boolean;
  /** Of the resource in Pulumi's state. */
  urn?: string;
}

export interface ApiOptions {
  ledger: Ledger;
  log: (line: string) => void;
  /** Called after the answer to POST /shutdown has been sent. */
  shutdown: () => void;
}

type Handler = (body: never) => unknown;

/**
 * The cloud's HTTP interface. Refusals are answered with 400 and `{code, message}` as AWS words them, and with `made`
 * where something stands there all the same.
 */
export function createApi({ ledger, log, shutdown }: ApiOptions): Server {
  const routes = routesOf(ledger, shutdown);
  return createServer((request, response) => {
    const route = `${request.method ?? ""} ${request.url ?? ""}`;
    void answer(routes, route, request).then(
      (body) => {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body ?? null));
      },
      (cause: unknown) => {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        const refusal = error instanceof AwsError ? error : undefined;
        log(`${route}: ${refusal ? `${refusal.code}: ${refusal.message}` : (error.stack ?? error.message)}`);
        response.writeHead(refusal ? 400 : 500, { "content-type": "application/json" });
        const made = error instanceof HalfMade ? { made: error.made } : {};
        response.end(JSON.stringify({ code: refusal?.code ?? "InternalFailure", message: error.message, ...made }));
      },
    );
  });
}

async function answer(routes: Record<string, Handler>, route: string, request: IncomingMessage): Promise<unknown> {
  const handler = routes[route];
  if (!handler) throw new AwsError("UnknownOperation", `The local cloud does not answer ${route}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return handler((text ? JSON.parse(text) : {}) as never);
}

function routesOf(ledger: Ledger, shutdown: () => void): Record<string, Handler> {
  const faults = new Faults();
  return {
    "POST /aws/check": ({ type, ...call }: OfType & CheckRequest) => ledger.check(type, call, call),
    "POST /aws/diff": ({ type, olds, news }: OfType & { olds: Props; news: Props }) => ledger.diff(type, olds, news),
    "POST /aws/create": ({ type, inputs, preview, urn, ...caller }: Changing) =>
      preview
        ? ledger.previewCreate(type, inputs)
        : failing(faults, urn, ledger, type, () => ledger.create(type, inputs, caller)),
    // Null: it is gone.
    "POST /aws/read": ({ type, id, inputs, ...caller }: Existing & { inputs?: Props }) =>
      ledger.read(type, id, caller, inputs),
    "POST /aws/update": ({ type, id, inputs, preview, ...caller }: Existing & Changing) =>
      preview ? ledger.previewUpdate(type, id, inputs, caller) : ledger.update(type, id, inputs, caller),
    "POST /aws/delete": ({ type, id, ...caller }: Existing) => ledger.delete(type, id, caller),
    "POST /aws/invoke": ({ token, inputs, ...caller }: Caller & { token: string; inputs: Props }) =>
      ledger.invoke(token, inputs, caller),
    "POST /elbv2/delete-load-balancer": ({ arn }: { arn: string }) => ledger.loadBalancers.deleteLoadBalancer(arn),
    "POST /elbv2/delete-target-group": ({ arn }: { arn: string }) => ledger.loadBalancers.deleteTargetGroup(arn),
    "POST /network-acls/deny": (request: DenyRequest) => ledger.networkAcls.deny(request),
    "POST /network-acls/allow": (request: { id: string }) => ledger.networkAcls.allow(request),
    "POST /token": ({ cluster, ...caller }: Caller & { cluster: string }) => ledger.token(cluster, caller),
    "POST /tamper": ({ type, id, state }: { type: string; id: string; state?: Props }) =>
      ledger.tamper(type, id, state),
    "POST /faults": ({ faults: wanted }: { faults: Fault[] }) => faults.arm(wanted),
    "POST /faults/take": ({ urn }: { urn: string }) => faults.take(urn),
    "GET /faults": () => faults.report(),
    "POST /shutdown": () => void setImmediate(shutdown),
    "GET /ledger": () => ledger.snapshot(),
    "GET /resources": () =>
      ledger.resources().map(({ type, id, region, madeBy, state }) => ({ type, id, region, madeBy, state })),
    "GET /status": () => ({ pid: process.pid, revision: ledger.snapshot().revision }),
  };
}

/** Creates, unless that is to fail: see Faults. */
async function failing(
  faults: Faults,
  urn: string | undefined,
  ledger: Ledger,
  type: string,
  create: () => Promise<Held>,
): Promise<Held> {
  const fault = faults.of(urn);
  if (fault === undefined) return create();
  if (fault.how === "refused") {
    faults.fire(fault);
    throw new AwsError(fault.code, fault.message);
  }
  const made = await create();
  faults.fire(fault);
  if (fault.state) await ledger.tamper(type, made.id, fault.state);
  if (fault.how === "answer-lost") throw new AwsError(fault.code, fault.message);
  throw new HalfMade(fault.code, fault.message, made);
}

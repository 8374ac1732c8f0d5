import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { AwsError } from "../aws/errors.ts";
import type { Caller, Ledger } from "../aws/ledger.ts";
import type { Props, Tags } from "../aws/resource.ts";

/** Bodies of the calls, as plugins and commands send them. `region` is the provider's; a resource's own wins. */
export interface AwsCall extends Caller {
  /** A resource type's token. */
  type: string;
  id: string;
  urn: string;
  /** Checked inputs, except for check. */
  inputs: Props;
  /** Checked inputs of the existing resource: for check and diff. */
  olds?: Props;
  defaultTags?: Tags;
  /** Create and update: only say what would come out, with Pulumi's mark for what is not known. */
  preview?: boolean;
}

export interface InvokeCall extends Caller {
  token: string;
  args: Props;
}

export interface ApiOptions {
  ledger: Ledger;
  log(line: string): void;
  /** Called after the answer to POST /shutdown has been sent. */
  shutdown(): void;
}

type Handler = (body: never) => unknown;

/** The cloud's HTTP interface. Refusals are answered with 400 and `{code, message}` as AWS words them. */
export function createApi({ ledger, log, shutdown }: ApiOptions): Server {
  const routes = routesOf(ledger, shutdown);
  return createServer((request, response) => {
    const route = `${request.method ?? ""} ${request.url ?? ""}`;
    void answer(routes, route, request).then(
      (body) => {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
      },
      (error: unknown) => {
        const known = error instanceof AwsError;
        log(`${route}: ${known ? `${error.code}: ${error.message}` : String((error as Error).stack ?? error)}`);
        const [code, message] = known
          ? [error.code, error.message]
          : ["InternalFailure", String((error as Error).message ?? error)];
        response.writeHead(known ? 400 : 500, { "content-type": "application/json" });
        response.end(JSON.stringify({ code, message }));
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
  return {
    "POST /aws/check": ({ type, urn, inputs, olds, defaultTags, ...caller }: AwsCall) =>
      ledger.check(
        type,
        { name: nameOf(urn), news: inputs, ...(olds && { olds }), ...(defaultTags && { defaultTags }) },
        caller,
      ),
    "POST /aws/diff": ({ type, olds = {}, inputs }: AwsCall) => ledger.diff(type, olds, inputs),
    "POST /aws/create": ({ type, inputs, preview, ...caller }: AwsCall) =>
      preview ? ledger.previewCreate(type, inputs) : ledger.create(type, inputs, caller),
    "POST /aws/read": ({ type, id, inputs, ...caller }: AwsCall) =>
      ledger.read(type, id, caller, inputs) ?? { id: "", outputs: {}, inputs: {} },
    "POST /aws/update": ({ type, id, inputs, preview, ...caller }: AwsCall) =>
      preview ? ledger.previewUpdate(type, id, inputs, caller) : ledger.update(type, id, inputs, caller),
    "POST /aws/delete": ({ type, id, ...caller }: AwsCall) => ledger.delete(type, id, caller),
    "POST /aws/invoke": ({ token, args, ...caller }: InvokeCall) => ledger.invoke(token, args, caller),
    "POST /token": ({ cluster, ...caller }: Caller & { cluster: string }) => ledger.token(cluster, caller),
    "POST /tamper": ({ type, id, state }: { type: string; id: string; state?: Props }) =>
      ledger.tamper(type, id, state),
    "POST /shutdown": () => void setImmediate(shutdown),
    "GET /ledger": () => ledger.snapshot(),
    "GET /resources": () => ledger.resources().map(({ type, id, region, madeBy }) => ({ type, id, region, madeBy })),
    "GET /status": () => ({ pid: process.pid, revision: ledger.snapshot().revision }),
  };
}

/** The logical name at the end of a URN. */
function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** A client of AWS's own SDK whose requests end here, as text. */
import { Readable } from "node:stream";

export interface Sent {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly text: string;
}

/** What is asked: the action of a form, the target of a JSON request, or method and path. */
export function actionOf(sent: Sent): string {
  const { method, path, headers } = sent;
  const target = headers["x-amz-target"];
  if (target !== undefined) return target.split(".").at(-1) ?? "";
  const action = new URLSearchParams(textOf(sent)).get("Action");
  return action ?? `${method} ${path}`;
}

/** Some services hand their text over as bytes. */
export const textOf = ({ body }: Sent): string =>
  body instanceof Uint8Array ? Buffer.from(body).toString() : typeof body === "string" ? body : "";

export const formOf = (sent: Sent): Record<string, string> => {
  const { Version: _, ...form } = Object.fromEntries(new URLSearchParams(textOf(sent)));
  return form;
};

/** Settings for any client. */
export function wired(region: string, answers: (sent: Sent) => Answer, sent: Sent[]) {
  const handle = (request: Sent) => {
    sent.push(request);
    const { status = 200, text } = answers(request);
    const body = Readable.from([Buffer.from(text)]);
    return Promise.resolve({ response: { statusCode: status, headers: {}, body } });
  };
  const handler = { handle, updateHttpClientConfig: () => undefined, httpHandlerConfigs: () => ({}) };
  return {
    region,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "none" },
    maxAttempts: 1,
    requestHandler: handler as never,
  };
}

export const xml = (action: string, inner: string): Answer => ({
  text: `<${action}Response>${inner}</${action}Response>`,
});
/** Of services that wrap what they say once more. */
export const result = (action: string, inner: string): Answer =>
  xml(action, `<${action}Result>${inner}</${action}Result>`);
export const json = (value: unknown): Answer => ({ text: JSON.stringify(value) });

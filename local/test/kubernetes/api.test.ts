import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activeContext, kubeconfigText } from "../../plugins/kubernetes/api/kubeconfig.ts";
import { BearerToken } from "../../plugins/kubernetes/api/credentials.ts";
import { Discovery, objectPath } from "../../plugins/kubernetes/api/discovery.ts";
import { ApiError, NoMatchError, UnreachableError } from "../../plugins/kubernetes/api/errors.ts";
import { ApiServer } from "../../plugins/kubernetes/api/rest.ts";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

const contexts = JSON.stringify({
  "current-context": "one",
  clusters: [
    { name: "c1", cluster: { server: "https://one" } },
    { name: "c2", cluster: { server: "https://two" } },
  ],
  users: [{ name: "u", user: { token: "t" } }],
  contexts: [
    { name: "one", context: { cluster: "c1", user: "u" } },
    { name: "two", context: { cluster: "c2", user: "u", namespace: "n" } },
  ],
});

describe("kubeconfig", () => {
  it("gives the current context, or the one that the options name", () => {
    assert.deepEqual(activeContext(contexts), {
      cluster: { server: "https://one" },
      user: { token: "t" },
      namespace: "default",
    });
    assert.equal(activeContext(contexts, { context: "two" }).namespace, "n");
    assert.equal(activeContext(contexts, { cluster: "c2" }).cluster.server, "https://two");
  });

  it("can be handed on, with this context alone", () => {
    const text = kubeconfigText(activeContext(contexts, { context: "two" }));
    assert.deepEqual(activeContext(text), activeContext(contexts, { context: "two" }));
    assert.doesNotMatch(text, /https:\/\/one/);
  });

  it("says what is missing", () => {
    assert.throws(() => activeContext(contexts, { context: "no" }), /no context named "no"/);
    assert.throws(() => activeContext("{}"), /no current-context/);
    assert.throws(() => activeContext("a: [token-in-the-text"), /^Error: the kubeconfig is neither YAML nor JSON$/);
  });
});

describe("credentials of a command", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "istio-lab-exec-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A command that answers a token with its call's number, ending after so many milliseconds. */
  async function command(lifetime: number): Promise<BearerToken> {
    const script = join(folder, "get-token.mjs");
    await writeFile(
      script,
      `import { appendFileSync, readFileSync } from "node:fs";
      appendFileSync(${JSON.stringify(join(folder, "calls"))}, "x");
      const token = process.env.PREFIX + readFileSync(${JSON.stringify(join(folder, "calls"))}, "utf8").length;
      const expirationTimestamp = new Date(Date.now() + ${lifetime}).toISOString();
      console.log(JSON.stringify({ kind: "ExecCredential", status: { token, expirationTimestamp } }));`,
    );
    const env = [{ name: "PREFIX", value: "token-" }];
    const apiVersion = "client.authentication.k8s.io/v1beta1";
    return new BearerToken({ exec: { apiVersion, command: process.execPath, args: [script], env } });
  }

  it("are kept until shortly before they end, and asked for anew when refused", async () => {
    const token = await command(3_600_000);
    assert.deepEqual([await token.get(), await token.get()], ["token-1", "token-1"]);
    token.forget();
    assert.equal(await token.get(), "token-2");
  });

  it("are asked for anew when they end", async () => {
    const token = await command(1000);
    assert.deepEqual([await token.get(), await token.get()], ["token-1", "token-2"]);
  });

  it("fail with the command and what it said", async () => {
    const failing = new BearerToken({
      exec: {
        apiVersion: "v1",
        command: process.execPath,
        args: ["-e", "console.error('no session'); process.exit(3)"],
      },
    });
    await assert.rejects(failing.get(), /getting credentials: .* failed: no session/);
    const missing = new BearerToken({ exec: { apiVersion: "v1", command: "no-such-command-here" } });
    await assert.rejects(missing.get(), /"no-such-command-here" failed/);
  });
});

describe("API requests", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse, count: number) => void;
  let requests: string[];
  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      answer(request, response, requests.length);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function api(user = { token: "t" }): ApiServer {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    return new ApiServer({ cluster: { server: `http://127.0.0.1:${port}/base` }, user, namespace: "default" });
  }

  function reply(response: ServerResponse, code: number, body: object, headers = {}): void {
    response.writeHead(code, headers).end(JSON.stringify(body));
  }

  it("carry the token, the query and the body", async () => {
    answer = (request, response) =>
      reply(response, 200, { type: request.headers["content-type"], authorization: request.headers.authorization });
    const options = { query: { a: "b c", none: undefined }, body: {}, contentType: "application/x" };
    assert.deepEqual(await api().request("PATCH", "/x", options), { type: "application/x", authorization: "Bearer t" });
    assert.deepEqual(requests, ["PATCH /base/x?a=b+c"]);
  });

  it("wait when the server is overloaded", async () => {
    answer = (_request, response, count) =>
      count === 1 ? reply(response, 429, {}, { "retry-after": "0.1" }) : reply(response, 200, { ok: true });
    assert.deepEqual(await api().request("GET", "/x"), { ok: true });
    assert.equal(requests.length, 2);
  });

  it("fail with the server's own words and reason", async () => {
    answer = (_request, response) => reply(response, 409, { message: "already there", reason: "AlreadyExists" });
    await assert.rejects(api().request("POST", "/x"), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.code, error.reason, error.message], [409, "AlreadyExists", "already there"]);
      return true;
    });
    answer = (_request, response) => reply(response, 401, { message: "Unauthorized" });
    await assert.rejects(api().request("GET", "/x"), /Unauthorized/);
  });

  it("say that there is no server", async () => {
    const unreachable = api();
    server.close();
    await assert.rejects(unreachable.request("GET", "/x"), (error) => {
      assert.ok(error instanceof UnreachableError);
      assert.match(
        error.message,
        /configured Kubernetes cluster is unreachable: http:\/\/127.0.0.1:\d+: .*ECONNREFUSED/,
      );
      return true;
    });
  });

  it("discovery remembers what is served and asks again for what is not", async () => {
    const resources = [
      { name: "things", kind: "Thing", namespaced: true },
      { name: "things/scale", kind: "Scale", namespaced: true },
    ];
    answer = (request, response, count) =>
      request.url === "/base/apis/a.b/v1" && count > 1 ? reply(response, 200, { resources }) : reply(response, 404, {});
    const discovery = new Discovery(api());
    await assert.rejects(discovery.get("a.b/v1", "Thing"), NoMatchError);
    const mapping = await discovery.get("a.b/v1", "Thing");
    assert.deepEqual(mapping, { apiVersion: "a.b/v1", kind: "Thing", plural: "things", namespaced: true });
    await discovery.get("a.b/v1", "Thing");
    assert.equal(requests.length, 2);
    assert.equal(await discovery.find("a.b/v1", "Scale"), undefined);
    assert.equal(objectPath(mapping, "n", "x"), "/apis/a.b/v1/namespaces/n/things/x");
    assert.equal(objectPath({ ...mapping, apiVersion: "v1", namespaced: false }, "n"), "/api/v1/things");
  });
});

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Checked } from "../../lab/checks/check.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Of what all of them do alike, one shows it: each start of the command takes a second. */
const one = ["retrofit", "shop", "--stack", "multi"];

/** Every command that speaks to a lab that stands, as somebody would type it. */
const commands: readonly (readonly string[])[] = [
  ["status", "multi"],
  ["kubeconfig", "multi"],
  ["dashboard", "kiali", "--stack", "multi"],
  ["pause", "multi"],
  ["resume", "multi"],
  ["exercise", "check", "two-clusters"],
  one,
];

describe("bad days", function () {
  this.timeout(120_000);
  const cache = mkdtempSync(join(tmpdir(), "lab-cache-"));
  after(() => {
    rmSync(cache, { recursive: true });
  });
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-bad-"));
    // Nothing of this machine's: no Pulumi, no AWS CLI, no credentials, no local cloud.
    environment = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, AWS_EC2_METADATA_DISABLED: "true", CI: "true" };
    // Most of what a start takes is compiling what it loads.
    environment["NODE_COMPILE_CACHE"] = cache;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A `pulumi` that prints this and ends so. */
  function pulumi(out: string, err = "", code = 0): void {
    writeFileSync(join(folder, "out.txt"), out);
    writeFileSync(join(folder, "err.txt"), err);
    const script = `#!/bin/sh\ncat "${folder}/out.txt"\ncat "${folder}/err.txt" >&2\nexit ${String(code)}\n`;
    writeFileSync(join(folder, "pulumi"), script);
    chmodSync(join(folder, "pulumi"), 0o755);
  }

  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["lab/cli.mjs", ...args], { cwd: root, encoding: "utf8", env: environment });

  /** One sentence or two, nothing on standard output, no stack trace, and the shell is told. */
  function saysPlainly(args: readonly string[], says: RegExp): void {
    const { status, stdout, stderr } = run(...args);
    assert.match(stderr, says, args.join(" "));
    assert.deepEqual([status, stdout], [1, ""], args.join(" "));
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
    assert.doesNotMatch(stderr, /\bat .*\.(ts|js):\d/, "no stack trace");
  }

  it("a wrong name for a stack: those that there are are listed", () => {
    for (const [command = "", ...rest] of [one, ["doctor", "multi"], ["audit", "multi"]]) {
      const { status, stderr } = run(command, ...rest.map((word) => (word === "multi" ? "mulit" : word)));
      assert.equal(status, 1);
      assert.match(stderr, /There is no stack "mulit".*\nStacks that exist: .*multi/);
    }
  });

  it("a wrong name for an exercise: those that there are are listed", () => {
    saysPlainly(["exercise", "start", "last-mesh"], /There is no exercise "last-mesh"\. There are: first-mesh, /);
  });

  it("no Pulumi", () => {
    saysPlainly(one, /the command `pulumi` is not there/);
  });

  it("a stack that the backend does not know", () => {
    pulumi("", "error: no stack named 'multi' found", 255);
    saysPlainly(one, /the backend does not know it.*pulumi stack init multi/);
  });

  it("a wrong passphrase", () => {
    pulumi("", "error: incorrect passphrase", 255);
    saysPlainly(one, /PULUMI_CONFIG_PASSPHRASE is not the passphrase/);
  });

  it("an `up` that ended half way, or a stack that was destroyed", () => {
    pulumi("{}");
    for (const args of commands) saysPlainly(args, /The stack multi is not up: .*pulumi up --stack multi/);
  });

  it("a stack file alone: the stack is the one that is named as the file, not `single`", () => {
    pulumi("{}");
    for (const args of commands) {
      const bare = args.filter((word) => word !== "multi" && word !== "--stack");
      saysPlainly([...bare, "--config-file", "Pulumi.multi.yaml"], /The stack multi is not up: .*--stack multi\n$/);
    }
    saysPlainly(["audit", "--config-file", "Pulumi.multi.yaml"], /could not be asked what is left/);
    const spaced = join(folder, "my lab.yaml");
    writeFileSync(spaced, "config: {}\n");
    saysPlainly(["doctor", "--config-file", spaced], /^"my lab" cannot name a stack/);
  });

  it("a stack file that names a cluster which is not made yet", () => {
    pulumi(JSON.stringify(outputsOf({ east: "https://127.0.0.1:1" })));
    saysPlainly(one, /has no cluster west yet, though Pulumi\.multi\.yaml names it/);
  });

  it("no credentials: an audit says so instead of finding nothing", () => {
    saysPlainly(["audit", "multi"], /could not be asked what is left\. No AWS credentials were found/);
    saysPlainly(["audit", "--lab-id", "0badcafe"], /which regions there are\. No AWS credentials were found/);
    saysPlainly(["audit"], /Name a stack, or the id of a lab/);
  });

  it("clusters that are away: the status says it once each, the rest in one sentence", () => {
    pulumi(JSON.stringify(outputsOf({ east: "https://127.0.0.1:1", west: "https://127.0.0.1:1" })));
    const { status, stdout, stderr } = run("status", "multi", "--json");
    assert.deepEqual([status, stderr], [1, ""]);
    const { holds, checks } = JSON.parse(stdout) as { holds: boolean; checks: Checked[] };
    assert.equal(holds, false);
    const failures = checks.filter(({ outcome }) => outcome === "failed");
    assert.deepEqual(
      failures.map(({ name }) => name),
      ["east: API server", "west: API server"],
    );
    assert.match(
      failures[0]?.outcome === "failed" ? failures[0].cause : "",
      /The API server of east cannot be reached/,
    );
    saysPlainly(one, /The API server of east cannot be reached/);
  });

  it("a login that has expired", () => {
    writeFileSync(join(folder, "aws"), "#!/bin/sh\necho 'An error occurred (ExpiredToken): expired' >&2\nexit 254\n");
    chmodSync(join(folder, "aws"), 0o755);
    pulumi(JSON.stringify(outputsOf({ east: "https://127.0.0.1:1", west: "https://127.0.0.1:1" }, { exec: "aws" })));
    saysPlainly(one, /its login failed with .*ExpiredToken.*Log in to AWS again/);
  });

  it("a kubeconfig is written for a lab whose clusters are away, and never half", () => {
    pulumi(JSON.stringify(outputsOf({ east: "https://a", west: "https://b" })));
    const file = join(folder, "new", "kubeconfig");
    const { status, stdout } = run("kubeconfig", "multi", "--out", file);
    assert.deepEqual([status, stdout], [0, `export KUBECONFIG=${file}\n`]);
    assert.match(readFileSync(file, "utf8"), /https:\/\/a[\s\S]*https:\/\/b/);
    assert.deepEqual(readdirSync(join(folder, "new")), ["kubeconfig"]);
    pulumi("{}");
    assert.equal(run("kubeconfig", "multi", "--out", file).status, 1);
    assert.ok(existsSync(file), "the old one stays");
  });

  it("a kubeconfig of one's own that is broken, or has lost its context", () => {
    const own = join(folder, "config");
    pulumi(JSON.stringify(outputsOf({ east: own, west: own }, { context: "kind-east" })));
    writeFileSync(own, "contexts: [\n  {name: kind-east\nusers: }");
    saysPlainly(["kubeconfig", "multi"], /config cannot be read: .*Its path is in the stack file/);
    writeFileSync(own, "apiVersion: v1");
    saysPlainly(["kubeconfig", "multi"], /config of east is none: clusters is wrong/);
    writeFileSync(own, "{ clusters: [], users: [], contexts: [] }");
    saysPlainly(["kubeconfig", "multi"], /config of east has no context "kind-east"/);
  });

  it("a file of --out that cannot be written", () => {
    pulumi(JSON.stringify(outputsOf({ east: "https://a", west: "https://b" })));
    saysPlainly(["kubeconfig", "multi", "--out", folder], /cannot be written: EISDIR.*Name another with --out/);
  });

  it("a local cloud that has gone", () => {
    pulumi(JSON.stringify(outputsOf({ east: "https://a", west: "https://b" })));
    environment["ISTIO_LAB_RUN"] = folder;
    writeFileSync(join(folder, "cloud.sock"), "");
    for (const command of ["audit", "pause"]) saysPlainly([command, "multi"], /The local cloud does not answer at /);
  });

  it("clusters that are not the lab's: an audit says that it asked nobody", () => {
    const { status, stdout, stderr } = run("audit", "kind");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^Nothing was asked about the stack kind: its clusters existed before/);
    saysPlainly(["audit", "kind", "--region", "us-east-1"], /could not be asked what is left/);
  });

  describe("a server that answers", () => {
    let server: Server;
    const answering = async (at: string | number, answer: (response: ServerResponse) => void): Promise<void> => {
      server = createServer((_, response) => {
        answer(response);
      });
      await once(typeof at === "string" ? server.listen(at) : server.listen(at, "127.0.0.1"), "listening");
    };
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    /** As `run`, while a server of this process answers. */
    async function runBeside(...args: readonly string[]) {
      const child = spawn(process.execPath, ["lab/cli.mjs", ...args], { cwd: root, env: environment });
      const [printed, complained] = [child.stdout, child.stderr].map((stream) => stream.setEncoding("utf8").toArray());
      const [status] = (await once(child, "close")) as [number | null];
      return { status, stdout: ((await printed) ?? []).join(""), stderr: ((await complained) ?? []).join("") };
    }

    it("that the caller may not do that: it is said in its words", async () => {
      await answering(0, (response) => {
        const message = 'namespaces "shop" is forbidden: User "me" cannot get resource "namespaces"';
        response.writeHead(403, { "content-type": "application/json" });
        response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", message, code: 403 }));
      });
      const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
      pulumi(JSON.stringify(outputsOf({ east: url, west: url }, { insecure: true })));
      const says = /The API server of east refuses: namespaces "shop" is forbidden: User "me" cannot get/;
      for (const args of [one, ["dashboard", "kiali", "--stack", "multi"]]) {
        const { status, stderr } = await runBeside(...args);
        assert.equal(status, 1);
        assert.match(stderr, says);
        assert.equal(stderr.trim().split("\n").length, 1, stderr);
      }
      const { stdout } = await runBeside("status", "multi", "--json");
      assert.match(JSON.parse(stdout).checks[0].cause, says);
      assert.doesNotMatch(stdout, /HTTP-Code|Headers/);
    });

    it("what is left, though Pulumi cannot say whether the stack is up: an audit says why not", async () => {
      environment["ISTIO_LAB_RUN"] = folder;
      const vpc = { type: "aws:ec2/vpc:Vpc", id: "vpc-1", region: "us-east-1" };
      await answering(join(folder, "cloud.sock"), (response) => {
        response.end(JSON.stringify([{ ...vpc, state: { tags: { "istio-lab/stack": "multi" } } }]));
      });
      pulumi("", "error: incorrect passphrase", 255);
      const { status, stdout } = await runBeside("audit", "multi");
      assert.equal(status, 1);
      assert.match(stdout, /^Whether the stack is up is not known: .*PULUMI_CONFIG_PASSPHRASE is not the passphrase/);
      pulumi("", "error: no stack named 'multi' found", 255);
      const { unread } = JSON.parse((await runBeside("audit", "multi", "--json")).stdout) as { unread: string };
      assert.match(unread, /does not know the stack multi\. That is right after `pulumi stack rm`/);
    });
  });

  describe("a good day, on which Ctrl-C is how it ends", () => {
    const metadata = (name: string) => ({ name, namespace: "observability", uid: name, labels: { app: "kiali" } });
    const kiali = { metadata: metadata("kiali"), spec: { selector: { app: "kiali" }, ports: [{ port: 20_001 }] } };
    const pod = {
      ...{ metadata: metadata("kiali-1"), spec: { containers: [{ name: "kiali" }] } },
      status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    };
    const resource = (name: string, kind: string) => ({ name, kind, singularName: "", namespaced: true, verbs: [] });
    const answers: Readonly<Record<string, object>> = {
      "/api/v1": {
        ...{ kind: "APIResourceList", groupVersion: "v1" },
        resources: [resource("services", "Service"), resource("pods", "Pod")],
      },
      "/api/v1/namespaces/observability/services/kiali": { kind: "Service", apiVersion: "v1", ...kiali },
      "/api/v1/namespaces/observability/pods": { kind: "PodList", apiVersion: "v1", metadata: {}, items: [pod] },
    };
    let server: Server;
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    const how = "the token that it asks for: kubectl --context east -n observability create token kiali\n";
    for (const [login, said] of [
      ["token", `kiali of east; Ctrl-C ends it\n${how}`],
      ["none", "kiali of east; Ctrl-C ends it\n"],
    ] as const)
      it(`a dashboard with the login "${login}" says where it is and how to log in, and ends well`, async () => {
        server = createServer(({ url = "" }, response) => {
          const answer = answers[url.split("?")[0] ?? ""];
          response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
          response.end(JSON.stringify(answer ?? {}));
        });
        await once(server.listen(0, "127.0.0.1"), "listening");
        const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
        pulumi(JSON.stringify(outputsOf({ east: url, west: url }, { insecure: true, login })));
        const args = ["dashboard", "kiali", "--stack", "multi", "--port", "0"];
        const child = spawn(process.execPath, ["lab/cli.mjs", ...args], { cwd: root, env: environment });
        const exit = once(child, "exit") as Promise<[number | null, string | null]>;
        const complained = child.stderr.setEncoding("utf8").toArray();
        let printed = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          printed += text;
          if (printed.endsWith("\n")) child.kill("SIGINT");
        });
        assert.deepEqual(await exit, [0, null], (await complained).join(""));
        assert.match(printed, /^http:\/\/127\.0\.0\.1:[1-9]\d+\/kiali\n$/);
        assert.equal((await complained).join(""), said);
      });
  });

  describe("Ctrl-C", () => {
    let server: Server;
    let asked: string[];
    beforeEach(async () => {
      asked = [];
      // Takes every question and answers none.
      server = createServer((request) => void asked.push(`${request.method ?? ""} ${request.url ?? ""}`));
      await once(server.listen(0, "127.0.0.1"), "listening");
      const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
      pulumi(JSON.stringify(outputsOf({ east: url, west: url }, { insecure: true })));
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    for (const args of [
      ["status", "multi"],
      ["retrofit", "shop", "--stack", "multi"],
    ]) {
      it(`while \`${args.join(" ")}\` only asks ends it at once, and nothing was changed`, async () => {
        const child = spawn(process.execPath, ["lab/cli.mjs", ...args], { cwd: root, env: environment });
        const exit = once(child, "exit") as Promise<[number | null, string | null]>;
        while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
        child.kill("SIGINT");
        const [code, signal] = await exit;
        assert.ok(signal === "SIGINT" || (code !== null && code !== 0), `${String(code)} ${String(signal)}`);
        for (const each of asked) assert.match(each, /^GET /);
      });
    }

    it("while `exercise reset` works is taken note of, and a second one ends at once", async () => {
      const args = ["exercise", "reset", "first-mesh", "--stack", "multi"];
      const child = spawn(process.execPath, ["lab/cli.mjs", ...args], { cwd: root, env: environment });
      const exit = once(child, "exit") as Promise<[number | null, string | null]>;
      while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      child.kill("SIGINT");
      let said = "";
      for await (const chunk of child.stderr.setEncoding("utf8") as AsyncIterable<string>) {
        said += chunk;
        if (said.includes("SIGINT: stopping half way; once more ends at once")) break;
      }
      // One that comes at once is the first one's echo.
      await new Promise((resolve) => setTimeout(resolve, 700));
      child.kill("SIGINT");
      assert.deepEqual(await exit, [130, null], said);
    });
  });
});

interface Login {
  readonly exec?: string;
  /** In place of addresses of servers there are files of the clusters' owner, with this context. */
  readonly context?: string;
  readonly insecure?: boolean;
  /** Of its dashboard. Default: none. */
  readonly login?: "none" | "token";
}

/** Outputs of the multi stack, as far as its API servers are concerned. */
function outputsOf(
  servers: Readonly<Record<string, string>>,
  { exec, context, insecure = false, login = "none" }: Login = {},
): object {
  const names = Object.keys(servers);
  const user =
    exec === undefined
      ? { token: "t" }
      : { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: exec, args: [] } };
  const kubeconfig = (server: string): string =>
    JSON.stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "aws" },
      clusters: [
        { name: "kubernetes", cluster: { server, ...(insecure ? { "insecure-skip-tls-verify": true } : {}) } },
      ],
      users: [{ name: "aws", user }],
      contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
    });
  const cluster = (name: string) => ({
    ...{ region: "us-east-1", roles: ["primary"], primary: name, network: name, kubernetesVersion: "1.36" },
    ...(context === undefined ? { eksName: `${name}-eksCluster-1a2b3c4` } : { context }),
    dashboards: [{ name: "kiali", namespace: "observability", service: "kiali", port: 20001, login }],
  });
  return {
    clusters: Object.fromEntries(names.map((name) => [name, cluster(name)])),
    kubeconfigs: Object.fromEntries(
      names.map((name) => [name, context === undefined ? kubeconfig(servers[name] ?? "") : servers[name]]),
    ),
    ...{ meshVersion: "1.31.1", labId: "0badcafe" },
  };
}

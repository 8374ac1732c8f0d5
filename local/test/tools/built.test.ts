import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BuiltImage } from "../../images/build.ts";
import { registryConfig } from "../../images/registry.ts";
import { toolsDir } from "../../paths.ts";
import { findCommand } from "../../tools/debian.ts";
import { buildTools } from "../../tools/build.ts";
import { recipes } from "../../tools/recipes.ts";
import { versions } from "../../versions.ts";

const dir = toolsDir();
const charts = join(dir, "charts", versions.istio.version);
const complete = recipes.every(({ products }) => products.every((product) => existsSync(join(dir, product))));

function needTools(this: Mocha.Context): void {
  if (complete) return;
  console.warn(`    skipped: ${dir} is not complete; \`npm run local -- build\` makes it`);
  this.skip();
}

/** All that a tool prints when asked for its version. Some print it as an error. */
function output(tool: string, args: string[]): string {
  const script = '"$@" 2>&1 || true';
  return execFileSync("sh", ["-c", script, "sh", join(dir, "bin", tool), ...args], { encoding: "utf8" });
}

describe("built tools", () => {
  before(needTools);

  const asked: [tool: string, args: string[], says: string][] = [
    ["pulumi", ["version"], `v${versions.pulumi}`],
    ["kube-apiserver", ["--version"], `Kubernetes v${versions.kubernetes}`],
    ["kube-controller-manager", ["--version"], `Kubernetes v${versions.kubernetes}`],
    ["kube-scheduler", ["--version"], `Kubernetes v${versions.kubernetes}`],
    ["kubelet", ["--version"], `Kubernetes v${versions.kubernetes}`],
    ["kube-proxy", ["--version"], `Kubernetes v${versions.kubernetes}`],
    ["kubectl", ["version", "--client"], "Client Version: v1.36."],
    ["helm", ["version", "--short"], "v"],
    ["etcd", ["--version"], `etcd Version: ${versions.etcd}`],
    ["containerd", ["--version"], `v${versions.containerd}`],
    ["containerd-shim-runc-v2", ["-v"], `v${versions.containerd}`],
    ["ctr", ["--version"], `v${versions.containerd}`],
    ["bridge", ["--version"], `v${versions.cniPlugins}`],
    ["ptp", ["--version"], `v${versions.cniPlugins}`],
    ["host-local", ["--version"], `v${versions.cniPlugins}`],
    ["portmap", ["--version"], `v${versions.cniPlugins}`],
    ["loopback", ["--version"], `v${versions.cniPlugins}`],
    ["coredns", ["-version"], `CoreDNS-${versions.coredns}`],
    ["registry", ["--version"], `v${versions.distribution}`],
    ["prometheus", ["--version"], `version ${versions.prometheus}`],
    ["promtool", ["--version"], `version ${versions.prometheus}`],
    ["envoy", ["--version"], `/${versions.envoy.version}/`],
    ["istioctl", ["version", "--remote=false"], versions.istio.version],
    ["k6", ["version"], `k6 v${versions.k6} `],
    ["pilot-discovery", ["version", "--short"], versions.istio.version],
    ["pilot-agent", ["version", "--short"], versions.istio.version],
  ];
  for (const [tool, args, says] of asked) {
    it(`${tool} ${args.join(" ")} says ${says}`, () => {
      const said = output(tool, args);
      assert.ok(said.includes(says), said);
    }).timeout(20_000);
  }

  it("every executable on PATH is asked for its version", () => {
    const executables = recipes.flatMap(({ products }) => products).filter((product) => product.startsWith("bin/"));
    assert.deepEqual(asked.map(([tool]) => `bin/${tool}`).sort(), executables.sort());
  });

  it("runc of the distribution has seccomp, which containerd asks for", () => {
    assert.match(execFileSync(findCommand("runc") ?? "runc", ["--version"], { encoding: "utf8" }), /libseccomp/);
  });

  it("helm renders each chart with our version and hub", () => {
    for (const chart of ["base", "istiod", "gateway", "cni", "ztunnel"]) {
      const rendered = output("helm", ["template", "x", join(charts, chart), "--namespace", "istio-system"]);
      assert.ok(rendered.includes("apiVersion: "), rendered.slice(0, 500));
      assert.ok(!rendered.includes("registry.istio.io") && !rendered.includes(":latest"), chart);
    }
    const istiod = output("helm", ["template", "x", join(charts, "istiod")]);
    assert.ok(istiod.includes(`image: "${versions.istio.hub}/pilot:${versions.istio.version}"`));
  }).timeout(60_000);

  it("with nothing to do, a build says nothing and takes less than a second", async () => {
    const started = performance.now();
    const built = await buildTools({ log: (line) => assert.fail(line) });
    assert.ok(performance.now() - started < 1000);
    assert.equal(built.dir, dir);
    assert.ok(built.timings.every(({ seconds }) => seconds === undefined));
  });
});

describe("the image registry", () => {
  let registry: ChildProcess;
  let url: string;
  before(needTools);
  before(async () => {
    const port = await freePort();
    const { command, env } = registryConfig(`127.0.0.1:${port}`);
    const [file = "", ...args] = command;
    registry = spawn(file, args, { env: { ...process.env, ...env }, stdio: "ignore" });
    url = `http://127.0.0.1:${port}/v2`;
    await untilAnswers(url);
  });
  after(async () => {
    if (!complete || registry.exitCode !== null) return;
    registry.kill();
    await once(registry, "exit");
  });

  const images = (): BuiltImage[] =>
    JSON.parse(readFileSync(join(dir, "images", "index.json"), "utf8")) as BuiltImage[];

  it("serves every image under its upstream tag, with all its blobs", async () => {
    assert.ok(images().length > 10);
    for (const { repository, tag, digest } of images()) {
      const headers = { accept: "application/vnd.oci.image.manifest.v1+json" };
      const response = await fetch(`${url}/${repository}/manifests/${tag}`, { headers });
      assert.equal(response.status, 200, `${repository}:${tag}`);
      assert.equal(response.headers.get("docker-content-digest"), digest);
      const manifest = (await response.json()) as { config: Blob; layers: Blob[] };
      for (const blob of [manifest.config, ...manifest.layers]) {
        const head = await fetch(`${url}/${repository}/blobs/${blob.digest}`, { method: "HEAD" });
        assert.equal(head.status, 200, blob.digest);
        assert.equal(Number(head.headers.get("content-length")), blob.size);
      }
    }
  });

  it("does not know other images, and takes none", async () => {
    assert.equal((await fetch(`${url}/library/nginx/manifests/latest`)).status, 404);
    assert.equal((await fetch(`${url}/istio/pilot/blobs/uploads/`, { method: "POST" })).status, 405);
  });
});

interface Blob {
  digest: string;
  size: number;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`The registry did not answer at ${url} within 10 seconds.`);
}

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { InitFailed } from "../../plugins/host/provider.ts";
import { UNKNOWN } from "../../plugins/host/values.ts";
import { pluck } from "../../plugins/kubernetes/object/object.ts";
import { releaseType } from "../../plugins/kubernetes/tokens.ts";
import { toolsDir } from "../../paths.ts";
import { writeChart } from "./charts.ts";
import { hasBinaries, startControlPlane, until } from "./control-plane.ts";
import { Driver } from "./driver.ts";
import type { Properties } from "../../plugins/host/values.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { Resource } from "./driver.ts";

const loadBalancer = { type: "LoadBalancer", class: "example.com/lb" };

describe("helm releases on a real API server", function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  const running: ControlPlane[] = [];
  let driver: Driver;
  let chart: string;
  const path = process.env["PATH"];
  before(async function () {
    if (!hasBinaries()) this.skip();
    process.env["PATH"] = `${join(toolsDir(), "bin")}${delimiter}${path ?? ""}`;
    plane = await startControlPlane();
    running.push(plane);
    driver = await Driver.configured(plane.kubeconfig);
    chart = await writeChart(plane.folder);
  });
  after(async () => {
    process.env["PATH"] = path;
    await Promise.all(running.map((one) => one.stop()));
  });

  function release(name: string, values: Properties = {}, rest: Properties = {}): Properties {
    return { name, chart, values, timeout: 3, ...rest };
  }

  async function failing(creating: Promise<unknown>): Promise<InitFailed> {
    const failure = await creating.then(
      () => assert.fail("did not fail"),
      (error: unknown) => error,
    );
    assert.ok(failure instanceof InitFailed, String(failure));
    return failure;
  }

  function kept(name: string, failure: InitFailed): Resource {
    return { type: releaseType, name, id: failure.id, inputs: failure.inputs, outputs: failure.properties };
  }

  function service(name: string): string {
    return `/api/v1/namespaces/default/services/${name}`;
  }

  async function letGo(name: string): Promise<void> {
    const body = { metadata: { finalizers: null } };
    await plane.cluster.request("PATCH", service(name), { body, contentType: "application/merge-patch+json" });
  }

  /** What Helm's runs have put beside each other in the machine's folder for such; another cloud's may be among it. */
  const helmFolders = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith("istio-lab-helm-"));

  it("installs, reads, upgrades and uninstalls, and leaves no file behind", async () => {
    const home = await readdir(homedir()).catch(() => []);
    const others = await helmFolders();
    const made = await driver.create(releaseType, "demo", release("demo"));
    assert.equal(made.id, "default/demo");
    assert.deepEqual(made.outputs["status"], {
      appVersion: "9.9",
      chart: "demo",
      name: "demo",
      namespace: "default",
      revision: 1,
      status: "deployed",
      version: "0.1.0",
    });
    assert.deepEqual(made.outputs["resourceNames"], { "ConfigMap/v1": ["demo"], "Service/v1": ["demo"] });
    const read = await driver.read(made);
    assert.deepEqual(read?.inputs, made.inputs);
    assert.deepEqual(read.properties, made.outputs);
    assert.equal((await driver.diff(made, release("demo"))).changes, false);

    const news = release("demo", { text: "two", more: { a: 1 } });
    assert.deepEqual((await driver.diff(made, news)).detailed, { "values.text": "add", "values.more": "add" });
    const updated = await driver.update(made, news);
    assert.equal(pluck(updated.outputs, "status", "revision"), 2);
    const map = await plane.cluster.request("GET", "/api/v1/namespaces/default/configmaps/demo");
    assert.equal(pluck(map, "data", "text"), "two");

    await driver.delete(updated);
    assert.equal(await driver.read(updated), undefined);
    await assert.rejects(driver.delete(updated), /release: not found/);
    assert.deepEqual(await readdir(homedir()).catch(() => []), home);
    const left = (await helmFolders()).filter((name) => !others.includes(name));
    assert.deepEqual(left, []);
  });

  it("a chart that is not there, or does not render, fails the check", async () => {
    const absent = driver.check(releaseType, "r", release("r", {}, { chart: "/no/such/chart" }));
    await assert.rejects(absent, /^Error: chart: .*not found.*; check the chart name and repository configuration.$/s);
    const noText = driver.check(releaseType, "r", release("r", { text: "" }));
    await assert.rejects(noText, /text is required/);
  });

  it("values that are not known yet are no failure of a preview", async () => {
    const previewed = await driver.preview(releaseType, "u", release("u", { text: UNKNOWN }));
    assert.deepEqual(previewed["values"], { text: UNKNOWN });
  });

  it("another name or namespace is another release", async () => {
    const made = await driver.create(releaseType, "old", release("old"));
    assert.deepEqual((await driver.diff(made, release("new"))).replaces, ["name"]);
    assert.deepEqual((await driver.diff(made, release("old", {}, { namespace: "other" }))).replaces, ["namespace"]);
    await assert.rejects(driver.create(releaseType, "mine", release("old")), (error) => {
      assert.ok(!(error instanceof InitFailed));
      assert.match(String(error), /cannot re-?use a name that is still in use/);
      return true;
    });
    await driver.delete(made);
  });

  it("a gateway without an address fails after its timeout, stays, and is upgraded", async () => {
    const start = Date.now();
    const failure = await failing(driver.create(releaseType, "gateway", release("gateway", loadBalancer)));
    assert.ok(Date.now() - start >= 3000);
    assert.match(failure.reasons[0] ?? "", /^Helm release "default\/gateway" was created, but failed to initialize/);
    assert.equal(pluck(failure.properties, "status", "status"), "failed");
    assert.ok(driver.logged.some(({ message }) => /was created but has a failed status/.test(message)));

    const again = await failing(driver.update(kept("gateway", failure), release("gateway", loadBalancer)));
    assert.match(again.reasons[0] ?? "", /^Helm release "default\/gateway" failed to initialize completely/);
    assert.equal(pluck(again.properties, "status", "revision"), 2);

    const status = { loadBalancer: { ingress: [{ hostname: "lb.example.com" }] } };
    const contentType = "application/merge-patch+json";
    await plane.cluster.request("PATCH", `${service("gateway")}/status`, { body: { status }, contentType });
    const updated = await driver.update(kept("gateway", again), release("gateway", loadBalancer));
    assert.equal(pluck(updated.outputs, "status", "status"), "deployed");
    await driver.delete(updated);
  });

  it("atomic leaves nothing of a failure, skipAwait does not wait", async () => {
    const atomic = driver.create(releaseType, "atomic", release("atomic", loadBalancer, { atomic: true }));
    await assert.rejects(atomic, (error) => !(error instanceof InitFailed));
    const skipping = await driver.create(releaseType, "skip", release("skip", loadBalancer, { skipAwait: true }));
    assert.equal(pluck(skipping.outputs, "status", "status"), "deployed");
    await driver.delete(skipping);
  });

  it("uninstall waits for a Service's finalizer", async () => {
    const made = await driver.create(
      releaseType,
      "held",
      release("held", { finalizers: ["example.com/hold"] }, { timeout: 30 }),
    );
    let isGone = false;
    const deleting = driver.delete(made).then(() => (isGone = true));
    await until("the uninstall has begun", async () =>
      Boolean(pluck(await plane.cluster.request("GET", service("held")), "metadata", "deletionTimestamp")),
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(isGone, false);
    await letGo("held");
    await deleting;
  });

  it("uninstall gives up after the release's timeout, and cannot be done again", async () => {
    const made = await driver.create(releaseType, "stuck", release("stuck", { finalizers: ["example.com/hold"] }));
    await assert.rejects(driver.delete(made), /context deadline exceeded/);
    await assert.rejects(driver.delete(made), /uninstall: Release not loaded: stuck: release: not found/);
    await letGo("stuck");
  });

  it("a cancelled install is recorded as failed", async () => {
    const cancelling = await Driver.configured(plane.kubeconfig);
    const creating = failing(cancelling.create(releaseType, "late", release("late", loadBalancer, { timeout: 60 })));
    await until("helm has made the Service", async () => Boolean(await plane.cluster.request("GET", service("late"))));
    await cancelling.provider.cancel();
    const failure = await creating;
    assert.equal(pluck(failure.properties, "status", "status"), "failed");
    await driver.delete(kept("late", failure));
  });

  it("a cluster that does not answer is said so", async () => {
    const nowhere = await Driver.configured(plane.kubeconfig.replace(/https:\/\/127.0.0.1:\d+/, "https://127.0.0.1:1"));
    const creating = nowhere.create(releaseType, "x", release("x"));
    await assert.rejects(creating, /can't create Helm Release with unreachable cluster/);
  });
});

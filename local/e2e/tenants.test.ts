import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { Principal } from "./principal.ts";
import { eventually, sh, Stack } from "./shell.ts";
import { accomplices, bareClient, thief } from "./tenant-mischief.ts";
import { curlImage } from "../versions.ts";

const cluster = "primary";
const tenants = ["blue", "green", "red"] as const;
const paths = ["/headers", "/status/200", "/get"] as const;

/** What stacks/tenants.yaml declares, written down once more by hand: who may ask whom for which path. */
const declared: Readonly<Record<string, readonly string[]>> = {
  "blue blue": paths,
  "green green": paths,
  "red red": paths,
  "green blue": paths,
  "green red": paths,
  "red blue": ["/headers", "/status/200"],
};

describe("pulumi up --stack tenants", function () {
  this.timeout(900_000);
  const stack = new Stack("tenants");
  const team = (name: string) => Principal.of(stack, cluster, `arn:aws:iam::111122223333:role/${name}-team`);
  const ask = (from: string, to: string, path: string) => stack.curl(cluster, `http://httpbin.${to}:8000${path}`, from);
  const answers = (from: string, to: string, path: string, status: number) =>
    eventually(60, async () => assert.equal((await ask(from, to, path)).status, status));

  comesUp(stack, [cluster]);

  it("runs one version of Istio, synced, without a complaint of the analyzer", async () => {
    await checks.healthy(stack, cluster);
  });

  it("runs restricted pods with proxies and without istio-init: istio-cni redirects their traffic", async () => {
    for (const tenant of tenants) {
      await checks.injected(stack, cluster, tenant);
      const path = "jsonpath={.items[*].spec.initContainers[*].name}";
      const names = await stack.kubectl(cluster, `get pods -n ${tenant} -o ${path}`);
      assert.doesNotMatch(names, /istio-init/);
      assert.match(names, /istio-validation/);
    }
    const privileged = `run root -n red --image ${curlImage} --privileged --dry-run=server`;
    const { exitCode, stderr } = await sh(`kubectl --kubeconfig ${stack.kubeconfig(cluster)} ${privileged}`);
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /violates PodSecurity "restricted/);
  });

  it("lets exactly the declared requests pass, of every tenant to every tenant for every path", async () => {
    const expected = Object.entries(declared).flatMap(([pair, allowed]) => allowed.map((path) => `${pair} ${path}`));
    // What a proxy has not heard of yet it denies: the first answers may take a moment.
    await eventually(60, async () => assert.deepEqual(await passing(stack), expected.sort()));
    assert.equal((await ask("red", "blue", "/get")).status, 403, "denied by the policy, not by chance");
    assert.equal((await ask("red", "blue", "/status/../get --path-as-is")).status, 403, "nor by another spelling");
  });

  it("keeps a pod without a proxy off the network of whom it may not call, and speaks to none in plain text", async () => {
    const bare = bareClient(stack, cluster, "red");
    await bare.start(await team("red"));
    try {
      // Its callee's network is open to it, and the mesh refuses it there, because it proves no identity.
      await eventually(30, async () => assert.deepEqual(await bare.asks("blue"), { connected: true, status: 0 }));
      assert.equal((await bare.asks("green")).connected, false, "red reaches green's pods");
      await control(bare);
    } finally {
      await stack.kubectl(cluster, "delete deploy bare -n red");
    }
  });

  /** Each wall that the test before has seen is taken away, so that it is known to be the one that held. */
  async function control(bare: ReturnType<typeof bareClient>): Promise<void> {
    const mutual = (mode: string) =>
      stack.kubectl(
        cluster,
        `patch peerauthentication default -n blue --type merge -p '{"spec":{"mtls":{"mode":"${mode}"}}}'`,
      );
    await mutual("PERMISSIVE");
    await eventually(30, async () => assert.equal((await bare.asks("blue")).status, 403, "plain text is heard"));
    await mutual("STRICT");
    await stack.kubectl(cluster, "delete networkpolicy -n red --all");
    await new Promise((wake) => setTimeout(wake, 2000));
    assert.equal((await bare.asks("green")).connected, false, "green lets red in");
    await stack.kubectl(cluster, "delete networkpolicy -n green --all");
    await eventually(30, async () => assert.ok((await bare.asks("green")).connected, "nothing holds red back"));
  }

  it("lets a tenant's people work in their namespace, and see nothing of another's", async () => {
    const red = await team("red");
    assert.match((await red.kubectl("auth whoami -o json")).stdout, /istio-lab-tenant-red/);
    const rights = {
      "create secrets -n red": "yes",
      "create deployments.apps -n red": "yes",
      "create virtualservices.networking.istio.io -n red": "yes",
      "get secrets -n blue": "no",
      "list pods -n blue": "no",
      "create virtualservices.networking.istio.io -n blue": "no",
      "create networkpolicies.networking.k8s.io -n red": "no",
      "create authorizationpolicies.security.istio.io -n red": "no",
    };
    assert.deepEqual(await red.may(Object.keys(rights)), rights);
    await stack.kubectl(cluster, "create secret generic of-blue -n blue --from-literal=word=blue");
    const own = await red.kubectl("create secret generic of-red -n red --from-literal=word=red");
    assert.equal(own.exitCode, 0, own.stderr);
    assert.equal((await red.kubectl("get secret of-red -n red")).exitCode, 0);
    assert.match((await red.kubectl("get secret of-blue -n blue")).stderr, /forbidden/i);
    assert.match((await red.kubectl("get secrets -A")).stderr, /forbidden/i);
    await stack.kubectl(cluster, "delete secret of-blue -n blue");
    await stack.kubectl(cluster, "delete secret of-red -n red");
  });

  it("is closed to a principal without an access entry", async () => {
    const stranger = await Principal.of(stack, cluster, "arn:aws:iam::111122223333:role/stranger");
    assert.match((await stranger.kubectl("get pods -n red")).stderr, /logged in|Unauthorized/i);
  });

  it("keeps a tenant within its quota", async () => {
    const balancer = await (await team("red")).kubectl("create service loadbalancer way-in -n red --tcp=80:80");
    assert.match(balancer.stderr, /exceeded quota/);
  });

  it("refuses routes that reach for another tenant, and takes those of one's own", async () => {
    const red = await team("red");
    const forbidden = [thief, { ...thief, spec: { ...thief.spec, exportTo: ["."] } }, ...accomplices];
    const { stdout, stderr } = await red.apply({ apiVersion: "v1", kind: "List", items: forbidden });
    assert.equal(stdout, "", "none of them got in");
    assert.equal(stderr.match(/ValidatingAdmissionPolicy 'istio-lab-tenant-red'.* denied/g)?.length, forbidden.length);
    assert.equal((await ask("green", "blue", "/headers")).status, 200);
    const harmless = await red.apply({ ...thief, spec: { ...thief.spec, hosts: ["httpbin"], exportTo: ["."] } });
    assert.equal(harmless.exitCode, 0, harmless.stderr);
    assert.equal((await red.kubectl("delete virtualservice thief -n red")).exitCode, 0);
  });

  it("control: without the policy on routes they capture what others ask of each other", async () => {
    const red = await team("red");
    await stack.kubectl(cluster, "delete validatingadmissionpolicybinding istio-lab-tenant-red");
    await eventually(60, async () => {
      const { exitCode, stderr } = await red.apply(thief);
      assert.equal(exitCode, 0, stderr);
    });
    await answers("green", "blue", "/headers", 418);
    assert.equal((await red.kubectl("delete virtualservice thief -n red")).exitCode, 0);
    await answers("green", "blue", "/headers", 200);
  });

  it("control: without its policies a tenant is open to its callers on every path", async () => {
    await stack.kubectl(cluster, "delete authorizationpolicy -n blue default-deny callers");
    await answers("red", "blue", "/get", 200);
  });

  it("[full] puts all back with `up`", async () => {
    await stack.pulumi("up --yes --refresh");
    await answers("red", "blue", "/get", 403);
    await stack.kubectl(cluster, "get validatingadmissionpolicybinding istio-lab-tenant-red");
    for (const tenant of ["green", "red"])
      await stack.kubectl(cluster, `get networkpolicy -n ${tenant} default-deny callers callees`);
  });

  goesAway(stack);
});

/** `from to path` of all requests between tenants that are answered with 200, sorted. */
async function passing(stack: Stack): Promise<string[]> {
  const rows = tenants.map(async (from) => {
    const asked = tenants.flatMap((to) => paths.map((path) => ({ to, path })));
    const urls = asked.map(({ to, path }) => `-o /dev/null http://httpbin.${to}:8000${path}`).join(" ");
    // All at once, because what a NetworkPolicy drops is known by its silence.
    const curl = `curl -s -Z -m 5 -w '%{http_code} %{url}\\n' ${urls}`;
    const { stdout } = await sh(
      `kubectl --kubeconfig ${stack.kubeconfig(cluster)} exec -n ${from} deploy/curl -c curl -- ${curl}`,
    );
    const lines = stdout.trim().split("\n");
    assert.equal(lines.length, asked.length, stdout);
    return asked
      .filter(({ to, path }) => lines.includes(`200 http://httpbin.${to}:8000${path}`))
      .map(({ to, path }) => `${from} ${to} ${path}`);
  });
  return (await Promise.all(rows)).flat().sort();
}

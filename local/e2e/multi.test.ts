import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import * as commands from "./commands.ts";
import {
  alwaysAnswers,
  answers,
  failsOverThroughGateway,
  helloUrl,
  newClient,
  versionOf,
  withoutLocalEndpoints,
} from "./hello.ts";
import { experimentsHold } from "./experiments.ts";
import { inRegion, loseInAws } from "./ledger.ts";
import { exercisesHold } from "./exercises.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { eventually, must, Stack } from "./shell.ts";
import { curlImage } from "../versions.ts";

describe("pulumi up --stack multi", function () {
  this.timeout(1_200_000);
  const stack = new Stack("multi");
  const pairs = () =>
    stack.clusters.flatMap((from) => stack.clusters.filter((to) => to !== from).map((to) => ({ from, to })));

  comesUp(stack, ["east", "west"]);

  it("joins the clusters: each istiod reads the other", async () => {
    for (const cluster of stack.clusters) await checks.remotesSynced(stack, cluster);
  });

  it("runs one version of Istio, synced, without a complaint of the analyzer", async () => {
    for (const cluster of stack.clusters) {
      await checks.healthy(stack, cluster);
      await checks.injected(stack, cluster, "helloworld");
    }
  });

  it("has the proxies hear of ejections at once, and leave a priority with each retry", async () => {
    for (const cluster of stack.clusters) await checks.failoverFilterApplied(stack, cluster);
  });

  it("answers from the local copy", async () => {
    for (const cluster of stack.clusters) await alwaysAnswers(stack, cluster, await versionOf(stack, cluster));
  });

  it("answers from the other cluster, through its east-west gateway, when the local endpoints are at zero", async () => {
    for (const { from, to } of pairs()) await failsOverThroughGateway(stack, from, to);
  });

  it("knows who calls across the gateway: the peer's SPIFFE identity is checked", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const remote = await versionOf(stack, to);
    const allow = async (account: string) => {
      await must(`kubectl --kubeconfig ${stack.kubeconfig(to)} apply -f - <<'YAML'
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: only, namespace: helloworld }
spec:
  selector: { matchLabels: { app: helloworld } }
  rules: [{ from: [{ source: { principals: ["cluster.local/ns/curl/sa/${account}"] } }] }]
YAML`);
    };
    await withoutLocalEndpoints(stack, from, async () => {
      await allow("curl");
      await eventually(60, () => answers(stack, from, remote));
      await allow("somebody-else");
      await eventually(60, async () => {
        assert.equal((await stack.curl(from, helloUrl)).status, 403, "another identity is let in only if it is named");
      });
    });
    await stack.kubectl(to, "delete authorizationpolicy only -n helloworld");
  });

  it("refuses a plaintext client", async () => {
    for (const cluster of stack.clusters) await checks.plaintextRefused(stack, cluster, helloUrl);
  });

  it("control: without the rules that let the load balancer in, nothing crosses the gateway", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const region = await stack.outputOf(to, "region");
    await withoutLocalEndpoints(stack, from, async () => {
      const remote = await versionOf(stack, to);
      await eventually(60, () => answers(stack, from, remote));
      const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
      await loseInAws(await inRegion(rule, region, ({ madeBy }) => madeBy === "load-balancer-controller"));
      // A connection that is already open outlives the rule, as on AWS: the proxies have to make new ones.
      await newClient(stack, from);
      await eventually(30, async () => assert.notEqual((await stack.curl(from, helloUrl)).status, 200));
      // The controller puts back what it misses when a Service changes.
      await stack.kubectl(to, "annotate service -n istio-system -l istio lab/touched=1 --overwrite");
      await eventually(60, () => answers(stack, from, remote));
    });
  });

  it("holds three experiments and a control once, within three minutes", async () => {
    const seconds = await experimentsHold(stack.name, 1, "pod-kill", "sick-service", "slow-service", "no-locality");
    assert.ok(seconds < 180, `took ${seconds.toFixed(1)} s`);
  });

  it("[full] undoes an experiment that is interrupted, and one that was killed when asked to", async () => {
    await commands.undoesExperiments(stack, "east");
    await experimentsHold(stack.name, 1, "scale-to-zero");
  });

  it("[full] control: without `maxEjectionPercent: 100` a sick local endpoint is never left", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const remote = await versionOf(stack, to);
    // Attempts 0: a retry may leave the locality by itself, and the policy alone is on trial.
    const policy = (maxEjectionPercent: number) => ({
      attempts: 0,
      outlierDetection: { consecutive5xxErrors: 1, interval: "1s", baseEjectionTime: "1m", maxEjectionPercent },
    });
    await withoutLocalEndpoints(stack, from, async () => {
      await sickEndpoint(stack, from);
      await stack.upWith({ failover: policy(100) });
      await eventually(60, () => answers(stack, from, remote));
      await stack.upWith({ failover: policy(10) });
      await eventually(90, async () => assert.equal((await stack.curl(from, helloUrl)).status, 503));
      for (let times = 0; times < 10; times++) assert.equal((await stack.curl(from, helloUrl)).status, 503);
      await stack.kubectl(from, "delete deploy -n helloworld sick");
    });
    await stack.pulumi("up --yes");
  });

  it("[full] shares requests between the regions as `distribute` says", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const here = `${await stack.outputOf(from, "region")}/*`;
    const shares = { [here]: 70, [`${await stack.outputOf(to, "region")}/*`]: 30 };
    const remote = await versionOf(stack, to);
    try {
      await stack.upWith({ failover: { enabled: false, distribute: [{ from: here, to: shares }] } });
      await eventually(60, async () => {
        const { body } = await stack.curl(from, `'${helloUrl}?[1-300]'`);
        const answered = body.match(/version: v\d/g) ?? [];
        assert.equal(answered.length, 300);
        const crossed = answered.filter((each) => each === `version: ${remote}`).length;
        // Four standard deviations of 300 throws at 30 %.
        assert.ok(Math.abs(crossed - 90) < 32, `${String(crossed)} of 300 requests crossed`);
      });
    } finally {
      await stack.pulumi("up --yes");
    }
  });

  it("[full] control: without the right to read Secrets a remote cluster is `timeout`, and with it `synced` again", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const role = "clusterrole istio-reader-clusterrole-istio-system";
    const { rules } = JSON.parse(await stack.kubectl(to, `get ${role} -o json`)) as {
      rules: { resources: string[] }[];
    };
    const without = rules.map((rule) => ({ ...rule, resources: rule.resources.filter((name) => name !== "secrets") }));
    assert.notDeepEqual(without, rules);
    const grant = (granted: object) =>
      stack.kubectl(to, `patch ${role} --type merge -p '${JSON.stringify({ rules: granted })}'`);
    await checks.remotesSynced(stack, from);
    await grant(without);
    try {
      // An istiod that has read everything already would not ask again.
      await stack.kubectl(from, "rollout restart -n istio-system deploy/istiod");
      await stack.kubectl(from, "rollout status -n istio-system deploy/istiod --timeout 180s");
      await checks.remoteTimesOut(stack, from, to);
    } finally {
      // By hand: the role is a chart's, so Pulumi compares Helm's record alone, and a refresh finds nothing changed.
      await grant(rules);
    }
    await eventually(120, () => checks.remotesSynced(stack, from));
  });

  it("[full] is well in the eyes of doctor and status, and in use in those of audit", () => commands.looksWell(stack));

  exercisesHold("multi", "ha-control-plane");

  // The last, because it leaves the lab broken.
  it("[full] control: with a root of its own a cluster is not trusted", async () => {
    const { from, to } = pairs()[0] ?? assert.fail("a pair of clusters");
    const remote = await versionOf(stack, to);
    await stack.kubectl(from, "scale -n helloworld deploy --all --replicas 0");
    await eventually(60, () => answers(stack, from, remote));
    // Without `cacerts` istiod signs itself, which is what happens to whoever forgets the Secret.
    await stack.kubectl(to, "delete secret -n istio-system cacerts");
    await stack.kubectl(to, "rollout restart -n istio-system deploy");
    await stack.kubectl(to, "rollout status -n istio-system deploy --timeout 180s");
    await stack.kubectl(to, "rollout restart -n helloworld deploy");
    await stack.kubectl(to, "rollout status -n helloworld deploy --timeout 180s");
    await eventually(90, async () => assert.equal((await stack.curl(from, helloUrl)).status, 503));
  });

  goesAway(stack);
});

/** A pod behind the local Service whose application does not answer: its proxy says 503. */
async function sickEndpoint(stack: Stack, cluster: string): Promise<void> {
  await must(`kubectl --kubeconfig ${stack.kubeconfig(cluster)} apply -f - <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: { name: sick, namespace: helloworld }
spec:
  selector: { matchLabels: { app: helloworld, version: sick } }
  template:
    metadata: { labels: { app: helloworld, version: sick } }
    spec: { containers: [{ name: sick, image: "${curlImage}", command: [/bin/sleep, infinity] }] }
YAML`);
  await stack.kubectl(cluster, "rollout status -n helloworld deploy/sick --timeout 120s");
}

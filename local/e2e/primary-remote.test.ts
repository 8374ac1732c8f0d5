import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { alwaysAnswers, failsOverThroughGateway, versionOf } from "./hello.ts";
import { isWell } from "./commands.ts";
import { exercisesHold } from "./exercises.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { certifiedFrom, servedFrom } from "./remotes.ts";
import { eventually, Stack } from "./shell.ts";

const primary = "primary";
const remote = "remote";

describe("pulumi up --stack primary-remote", function () {
  this.timeout(1_200_000);
  const stack = new Stack("primary-remote");

  comesUp(stack, [primary, remote]);

  it("lets the primary's istiod read the remote, and no other the primary", async () => {
    await checks.remotesSynced(stack, primary);
    assert.equal((await stack.kubectl(remote, "get secrets -A -l istio/multiCluster=true -o name")).trim(), "");
  });

  it("serves the proxies of both clusters from the primary", async () => {
    await checks.proxiesSynced(stack, primary);
    const names = ["curl-", "helloworld-", "istio-ingressgateway-", "istio-eastwestgateway-"];
    await servedFrom(stack, primary, remote, names);
    await checks.injected(stack, remote, "helloworld");
    await checks.analyzeIsClean(stack, primary);
  });

  it("gives the remote's proxies certificates that the primary signed, at its gateway", () =>
    certifiedFrom(stack, primary, remote));

  it("answers from the other cluster, in both directions, when the local endpoints are at zero", async () => {
    for (const [from, to] of [
      [primary, remote],
      [remote, primary],
    ] as const) {
      await alwaysAnswers(stack, from, await versionOf(stack, from));
      await failsOverThroughGateway(stack, from, to);
    }
  });

  it("[full] control: without the injector in the remote no pod is made there, as on EKS", async () => {
    await stack.upWith({ "mesh.localInjector": false });
    await stack.kubectl(remote, "delete pod -n curl --all --wait=false");
    await eventually(60, async () => {
      const events = await stack.kubectl(remote, "get events -n curl --field-selector reason=FailedCreate");
      assert.match(events, /unsupported service type "ExternalName"/);
    });
    await stack.pulumi("up --yes");
    await stack.kubectl(remote, "rollout restart -n curl deploy/curl");
    await stack.kubectl(remote, "rollout status -n curl deploy/curl --timeout 120s");
    await checks.injected(stack, remote, "curl");
  });

  it("[full] is well in the eyes of status", () => isWell(stack));

  exercisesHold("primary-remote");

  goesAway(stack);
});

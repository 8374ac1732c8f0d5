import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { alwaysAnswers, failsOverDirectly, newClient, versionOf } from "./hello.ts";
import { inRegion, isPeered, loseInAws } from "./ledger.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { certifiedFrom, servedFrom } from "./remotes.ts";
import { Stack } from "./shell.ts";

const primary = "primary";
const remote = "remote";

describe("[full] pulumi up --stack primary-remote-one-network", function () {
  this.timeout(1_200_000);
  const stack = new Stack("primary-remote-one-network");

  comesUp(stack, [primary, remote]);

  it("has a gateway to istiod in the primary, and none for traffic", async () => {
    const ports = "get services -n istio-system -l istio=eastwestgateway -o jsonpath={.items[*].spec.ports[*].port}";
    assert.equal((await stack.kubectl(primary, ports)).trim(), "15012");
    assert.equal((await stack.kubectl(remote, ports)).trim(), "");
  });

  it("serves the proxies of both clusters from the primary, over the peering", async () => {
    await checks.remotesSynced(stack, primary);
    await checks.proxiesSynced(stack, primary);
    await servedFrom(stack, primary, remote, ["curl-", "helloworld-", "istio-ingressgateway-"]);
    await certifiedFrom(stack, primary, remote);
    await checks.injected(stack, remote, "helloworld");
    await checks.analyzeIsClean(stack, primary);
  });

  it("answers from the other cluster's pods, in both directions, when the local endpoints are at zero", async () => {
    await failsOverDirectly(stack, primary, remote);
    await failsOverDirectly(stack, remote, primary);
  });

  it("control: without the routes over the peering no proxy of the remote starts; `up --refresh` mends it", async () => {
    const region = await stack.outputOf(remote, "region");
    await loseInAws(await inRegion("aws:ec2/route:Route", region, isPeered));
    await assert.rejects(newClient(stack, remote));
    await stack.pulumi("up --refresh --yes");
    await newClient(stack, remote);
    await alwaysAnswers(stack, remote, await versionOf(stack, remote));
  });

  goesAway(stack);
});

import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { alwaysAnswers, helloUrl, newClient, versionOf, withoutLocalEndpoints } from "./hello.ts";
import { isWell } from "./commands.ts";
import { exercisesHold } from "./exercises.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { eventually, Stack } from "./shell.ts";

const external = "external";
const served = ["config", "remote"];

describe("[full] pulumi up --stack external-control-plane-two-remotes", function () {
  this.timeout(1_800_000);
  const stack = new Stack("external-control-plane-two-remotes");

  comesUp(stack, [external, ...served]);

  it("keeps istiod and workloads in different clusters", async () => {
    for (const cluster of served) {
      assert.equal((await stack.kubectl(cluster, "get pods -A -l app=istiod -o name")).trim(), "");
      for (const namespace of ["helloworld", "curl"]) await checks.injected(stack, cluster, namespace);
    }
    const pods = await stack.kubectl(external, "get pods -A --no-headers -o custom-columns=N:.metadata.namespace");
    const namespaces = [...new Set(pods.trim().split("\n"))].sort();
    assert.deepEqual(namespaces, ["external-istiod", "istio-system", "kube-system"]);
  });

  it("sends configuration to the proxies of both", async () => {
    await eventually(60, async () => {
      const status = await stack.kubectl(
        external,
        "exec -n external-istiod deploy/istiod -- pilot-discovery request GET /debug/syncz",
      );
      for (const cluster of served) assert.match(status, new RegExp(`"cluster_id": ?"${cluster}"`));
    });
  });

  it("has its webhooks fail closed, with istiod's own authority", async () => {
    const path = "jsonpath={.webhooks[*].clientConfig.caBundle}";
    for (const cluster of served)
      assert.notEqual(
        (
          await stack.kubectl(
            cluster,
            `get mutatingwebhookconfiguration istio-sidecar-injector-external-istiod -o ${path}`,
          )
        ).trim(),
        "",
      );
    const policy = await stack.kubectl(
      "config",
      "get validatingwebhookconfiguration istiod-default-validator -o jsonpath={.webhooks[*].failurePolicy}",
    );
    assert.equal(policy.trim(), "Fail");
  });

  it("answers over mutual TLS, locally and from the other cluster when the local endpoints are at zero", async () => {
    for (const from of served) {
      const [to = ""] = served.filter((name) => name !== from);
      await alwaysAnswers(stack, from, await versionOf(stack, from));
      await checks.plaintextRefused(stack, from, helloUrl);
      await withoutLocalEndpoints(stack, from, async () => {
        await newClient(stack, from);
        await alwaysAnswers(stack, from, await versionOf(stack, to));
      });
    }
  });

  it("[full] is well in the eyes of status", () => isWell(stack));

  exercisesHold(stack.name, "external-control-plane");

  goesAway(stack);
});

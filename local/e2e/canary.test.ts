import assert from "node:assert/strict";
import * as checks from "./checks.ts";
import { restart } from "./hello.ts";
import { isWell } from "./commands.ts";
import { exercisesHold } from "./exercises.ts";
import { comesUp, goesAway } from "./lifecycle.ts";
import { noneFails } from "./load.ts";
import { needsPreviousIstio, newVersion, previousVersion } from "./previous-istio.ts";
import { curlFromOutside, eventually, Stack } from "./shell.ts";

const cluster = "primary";
const revisionOf = (version: string): string => version.replaceAll(".", "-");
const [stable, canary] = [revisionOf(previousVersion), revisionOf(newVersion)];

describe("[full] pulumi up --stack canary", function () {
  this.timeout(1_200_000);
  const stack = new Stack("canary");
  needsPreviousIstio();

  /** Revisions of the istiods that serve a namespace's proxies. Without one istioctl asks a control plane without a name. */
  const servedBy = async (namespace: string, revisions: readonly string[]): Promise<string[]> => {
    const serving: string[] = [];
    for (const revision of revisions) {
      const rows = (await stack.istioctl(cluster, `proxy-status -r ${revision}`)).trim().split("\n").slice(1);
      if (rows.some((row) => row.split(/\s+/)[0]?.endsWith(`.${namespace}`))) serving.push(revision);
    }
    return serving;
  };
  const areServedBy = (expected: Readonly<Record<string, string>>, revisions = [stable, canary]) =>
    eventually(90, async () => {
      for (const [namespace, revision] of Object.entries(expected))
        assert.deepEqual(await servedBy(namespace, revisions), [revision], `who serves ${namespace}`);
    });

  comesUp(stack, [cluster]);

  it("runs two control planes, and each namespace has proxies of the one that it follows", async () => {
    const both = [previousVersion, newVersion];
    await checks.versionsAre(stack, cluster, { controlPlane: both, dataPlane: both }, [stable, canary]);
    await areServedBy({ curl: canary, helloworld: stable, "istio-system": stable });
    await checks.staleProxiesAreIn(stack, cluster, newVersion, ["helloworld", "istio-system"], [stable, canary]);
    await checks.analyzeIsClean(stack, cluster);
  });

  it("says in its outputs which control plane is behind which tag", async () => {
    assert.deepEqual(await stack.outputOf(cluster, "controlPlanes"), [
      { revision: stable, tag: "stable", version: previousVersion },
      { revision: canary, tag: "canary", version: newVersion },
    ]);
  });

  it("[full] is well in the eyes of status", () => isWell(stack));

  // While the lab is what its file says: the exercises plan from it.
  exercisesHold("canary");

  it("moves a namespace from stable to canary, and no request fails", async () => {
    await noneFails(stack, async () => {
      await stack.upWith({ samples: ["helloworld", "curl"].map((name) => ({ name, revision: "canary" })) });
      // A namespace's label is for pods to come.
      await areServedBy({ helloworld: stable });
      await restart(stack, cluster, "helloworld");
      await areServedBy({ helloworld: canary, "istio-system": stable });
    });
  });

  it("moves it back, and no request fails", async () => {
    await noneFails(stack, async () => {
      await stack.upWith({ samples: ["helloworld", { name: "curl", revision: "canary" }] });
      await restart(stack, cluster, "helloworld");
      await areServedBy({ helloworld: stable });
    });
  });

  it("moves all that is left, the gateway too, which `up` starts anew", async () => {
    const host = await stack.outputOf(cluster, "ingressHostname");
    await noneFails(stack, async () => {
      await stack.upWith({ "mesh.revision": "canary" });
      await restart(stack, cluster, "helloworld");
      await areServedBy({ curl: canary, helloworld: canary, "istio-system": canary });
    });
    await eventually(60, async () => assert.equal((await curlFromOutside(`http://${host}/hello`)).status, 200));
  });

  it("makes the canary the stable one without a restart of anything, and takes the old control plane away", async () => {
    const promoted = { "mesh.revisions": { stable: newVersion }, samples: ["helloworld", "curl"] };
    await noneFails(stack, async () => {
      await stack.upWith(promoted);
      await checks.oneVersion(stack, cluster, [canary]);
      await areServedBy({ curl: canary, helloworld: canary, "istio-system": canary }, [canary]);
      assert.equal(await stack.kubectl(cluster, `get deploy -n istio-system istiod-${stable} --ignore-not-found`), "");
      // The tag leads new pods to it.
      await restart(stack, cluster, "helloworld");
      await areServedBy({ helloworld: canary }, [canary]);
    });
    await checks.proxiesSynced(stack, cluster, canary);
    await checks.analyzeIsClean(stack, cluster);
  });

  goesAway(stack);
});

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import * as checks from "./checks.ts";
import * as commands from "./commands.ts";
import { alwaysAnswers, restart, versionOf, withoutLocalEndpoints } from "./hello.ts";
import { goesAway } from "./lifecycle.ts";
import { noneFails } from "./load.ts";
import { needsPreviousIstio, newVersion, previousVersion } from "./previous-istio.ts";
import { eventually, must, Stack } from "./shell.ts";

/** The kubelet brings a changed Secret to istiod within its sync period and its cache's, which together are two minutes. */
const untilMounted = 240;

describe("[full] the life of a lab", function () {
  this.timeout(1_800_000);
  const stack = new Stack("multi");
  needsPreviousIstio();

  const authority = async (cluster: string): Promise<X509Certificate> => {
    const text = await stack.kubectl(cluster, "get secret cacerts -n istio-system -o jsonpath='{.data.ca-cert\\.pem}'");
    return new X509Certificate(Buffer.from(text, "base64"));
  };
  const token = async (read: string, reader: string): Promise<string> => {
    const path = `'{.data.${read}}'`;
    const text = await stack.kubectl(
      reader,
      `get secret istio-remote-secret-${read} -n istio-system -o jsonpath=${path}`,
    );
    const kubeconfig = JSON.parse(Buffer.from(text, "base64").toString()) as { users: { user: { token: string } }[] };
    return kubeconfig.users[0]?.user.token ?? assert.fail("a token");
  };
  /** What the API server answers to a token: 200, or 401 once its Secret is gone. */
  const answerTo = async (cluster: string, bearer: string): Promise<string> => {
    const url = `${await stack.apiServer(cluster)}/api/v1/namespaces`;
    return must(`curl -sk -o /dev/null -w '%{http_code}' -H @- ${url} <<<'Authorization: Bearer ${bearer}'`);
  };
  /** The serial number of the authority that signed a workload's certificate, as its proxy has it now. */
  const issuerOf = async (cluster: string): Promise<string> => {
    const pod = (
      await stack.kubectl(cluster, "get pod -n curl -l app=curl -o jsonpath={.items[0].metadata.name}")
    ).trim();
    const secrets = JSON.parse(await stack.istioctl(cluster, `proxy-config secret ${pod}.curl -o json`)) as {
      dynamicActiveSecrets: {
        name: string;
        secret: { tlsCertificate?: { certificateChain: { inlineBytes: string } } };
      }[];
    };
    const chain = secrets.dynamicActiveSecrets.find(({ name }) => name === "default")?.secret.tlsCertificate;
    const pem = Buffer.from(chain?.certificateChain.inlineBytes ?? "", "base64").toString();
    const [, intermediate = ""] = pem.split(/(?=-----BEGIN CERTIFICATE-----)/);
    return new X509Certificate(intermediate).serialNumber;
  };
  /**
   * While a client in each cluster asks helloworld: in the first its requests cross to the second through the gateways,
   * for want of endpoints of its own.
   */
  const underLoad = async (during: () => Promise<void>): Promise<void> => {
    const [from = "", to = ""] = stack.clusters;
    const remote = await versionOf(stack, to);
    await withoutLocalEndpoints(stack, from, async () => {
      await alwaysAnswers(stack, from, remote);
      await noneFails(stack, during);
    });
  };

  it("starts with the Istio of the minor before", async () => {
    await must(`pulumi stack init ${stack.name}`);
    await stack.upWith({ "mesh.version": previousVersion });
    await stack.connect();
    for (const cluster of stack.clusters) {
      await checks.versionsAre(stack, cluster, { controlPlane: [previousVersion], dataPlane: [previousVersion] });
      await alwaysAnswers(stack, cluster, await versionOf(stack, cluster));
    }
  });

  it("upgrades istiod and gateways while requests cross the clusters, and none fails", async () => {
    await underLoad(async () => {
      await stack.pulumi("up --yes");
      // Gateways come from the chart and are upgraded with it; a workload keeps its proxy until it starts anew.
      for (const cluster of stack.clusters) {
        const both = [previousVersion, newVersion];
        await checks.versionsAre(stack, cluster, { controlPlane: [newVersion], dataPlane: both });
      }
    });
  });

  it("says in its outputs what istiod is, so that proxies of another version are known to be stale", async () => {
    for (const cluster of stack.clusters) {
      const controlPlanes = await stack.outputOf(cluster, "controlPlanes");
      assert.deepEqual(controlPlanes, [{ revision: "default", version: newVersion }]);
      const workloads = cluster === stack.clusters[0] ? ["curl"] : ["curl", "helloworld"];
      await checks.staleProxiesAreIn(stack, cluster, newVersion, workloads);
    }
  });

  it("upgrades workloads by their restart, and none fails", async () => {
    await underLoad(async () => {
      const [, second = ""] = stack.clusters;
      await restart(stack, second, "helloworld");
    });
    await commands.renewsStaleProxies(stack, ["curl"]);
    // Only now, since the analyzer of a cluster reads the others as well.
    for (const cluster of stack.clusters) await checks.healthy(stack, cluster);
  });

  it("renews every intermediate in its window, while requests cross the clusters, and none fails", async () => {
    // A window as long as the certificate's life, so that every `up` finds it open.
    const inWindow = { ca: { intermediateDays: 30, renewBeforeDays: 30 } };
    await stack.upWith(inWindow);
    const before = await Promise.all(stack.clusters.map(authority));
    await underLoad(async () => {
      await stack.upWith(inWindow);
      for (const [index, cluster] of stack.clusters.entries()) {
        const renewed = await authority(cluster);
        assert.notEqual(renewed.serialNumber, before[index]?.serialNumber, `the intermediate of ${cluster}`);
        // Signed by the new one without a restart of istiod: a proxy that starts now asks it for a certificate.
        await eventually(untilMounted, async () => {
          await stack.kubectl(cluster, "rollout restart deploy/curl -n curl");
          await stack.kubectl(cluster, "rollout status deploy/curl -n curl --timeout 60s");
          assert.equal(await issuerOf(cluster), renewed.serialNumber);
        });
      }
    });
    for (const cluster of stack.clusters) await alwaysAnswers(stack, cluster, await versionOf(stack, cluster));
  });

  it("gives the readers new tokens and takes the old ones away, without losing a cluster or a request", async () => {
    const [east = "", west = ""] = stack.clusters;
    const old = await token(west, east);
    assert.equal(await answerTo(west, old), "200");
    await underLoad(async () => {
      await stack.upWith({ access: { readerTokenHours: 1 } });
      for (const cluster of stack.clusters) await checks.remotesSynced(stack, cluster);
    });
    const fresh = await token(west, east);
    assert.notEqual(fresh, old);
    assert.equal(await answerTo(west, fresh), "200");
    await eventually(30, async () => assert.equal(await answerTo(west, old), "401"));
  });

  goesAway(stack);
});

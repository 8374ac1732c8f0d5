/** What istiod and its charts are told where one cluster's istiod serves another. */
import assert from "node:assert/strict";
import { istiodRoutes } from "../../istio/istiod-gateway.ts";
import { systemNamespace } from "../../istio/namespaces.ts";
import { meshObjects } from "../../istio/objects.ts";
import { sampleObjects } from "../../istio/samples.ts";
import { externalIstiodValues, remoteBaseValues, remoteIstiodValues } from "../../istio/values-remote.ts";
import { gatewayValues, istiodValues } from "../../istio/values.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { planned } from "./plans.ts";

const host = "istiod.elb.example";
const primaryRemote: LabConfig = { model: "primary-remote", samples: ["helloworld"] };
const external: LabConfig = {
  clusters: [
    { name: "external", config: "config", cidr: "10.10.0.0/16" },
    { name: "config", primary: "external", cidr: "10.20.0.0/16", network: "network-2" },
    { name: "remote", primary: "external", cidr: "10.30.0.0/16", network: "network-3" },
  ],
  samples: ["helloworld"],
};

const values = (config: LabConfig, name: string) => {
  const { lab, cluster } = planned(config, name);
  return remoteIstiodValues(lab, cluster, host) as Record<string, Record<string, unknown>>;
};
const annotations = (config: LabConfig, name: string) => {
  const { lab, cluster } = planned(config, name);
  return systemNamespace(lab, cluster).metadata.annotations;
};
const kinds = (config: LabConfig, name: string) => {
  const { lab, cluster } = planned(config, name);
  const routes = cluster.samples.flatMap((sample) => sampleObjects(lab, cluster, sample).routes);
  return [...meshObjects(lab, cluster), ...routes].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
};

describe("a remote", () => {
  it("has an istiod that injects, and a name for the primary's", () => {
    const { profile, global, istiodRemote, configMap } = values(primaryRemote, "remote");
    assert.equal(profile, "remote");
    assert.equal(global?.["remotePilotAddress"], host);
    assert.equal(global["omitSidecarInjectorConfigMap"], false);
    assert.deepEqual(istiodRemote, { enabledLocalInjectorIstiod: true });
    assert.equal(configMap, true);
  });

  it("gets certificates where its configuration comes from: the injector would sign them as well", () => {
    assert.equal(values(primaryRemote, "remote")["global"]?.["caAddress"], "istiod-remote.istio-system.svc:15012");
  });

  it("runs as many injectors as the primary istiods: without one, no pod starts", () => {
    assert.equal(values({ ...primaryRemote, controlPlane: { ha: true } }, "remote")["replicaCount"], 2);
  });

  it("is called across the internet where it has no injector, by Istio's documented recipe", () => {
    const config = { ...primaryRemote, mesh: { localInjector: false } };
    assert.deepEqual(values(config, "remote"), {
      profile: "remote",
      global: {
        multiCluster: { clusterName: "remote" },
        network: "network-2",
        configCluster: true,
        remotePilotAddress: host,
      },
      istiodRemote: { injectionPath: "/inject/cluster/remote/net/network-2" },
    });
  });

  it("says whose istiod looks after it: an external one goes by the name of its config cluster", () => {
    assert.deepEqual(annotations(primaryRemote, "remote"), { "topology.istio.io/controlPlaneClusters": "primary" });
    assert.equal(annotations(primaryRemote, "primary"), undefined);
    assert.deepEqual(annotations(external, "remote"), { "topology.istio.io/controlPlaneClusters": "config" });
  });

  it("holds no object of Istio's API, which nobody would read", () => {
    assert.deepEqual(kinds(primaryRemote, "remote"), []);
    assert.deepEqual(kinds(external, "remote"), []);
    assert.deepEqual(kinds(primaryRemote, "primary"), [
      "PeerAuthentication default",
      "EnvoyFilter failover",
      "Gateway lab-ingress",
      "Gateway cross-network-gateway",
      "Gateway istiod-gateway",
      "VirtualService istiod",
      "DestinationRule helloworld",
      "VirtualService helloworld",
      "VirtualService helloworld-ingress",
    ]);
  });
});

describe("a primary", () => {
  it("is the authority of other clusters only where it has remotes", () => {
    const global = (config: LabConfig, name: string) => {
      const { lab, cluster } = planned(config, name);
      return istiodValues(lab, cluster)["global"] as Record<string, unknown>;
    };
    assert.equal(global(primaryRemote, "primary")["externalIstiod"], true);
    assert.equal("externalIstiod" in global({ model: "single" }, "primary"), false);
    // Its own istiod serves nothing but the gateway before the other one.
    assert.equal("externalIstiod" in global(external, "external"), false);
  });

  it("lets through to istiod what the remote needs: webhooks only without an injector there", () => {
    const ports = (config: LabConfig) =>
      istiodRoutes(planned(config, "primary").cluster).flatMap(({ kind, spec }) =>
        kind === "Gateway"
          ? (spec as { servers: { port: { number: number } }[] }).servers.map((each) => each.port.number)
          : [],
      );
    assert.deepEqual(ports(primaryRemote), [15012]);
    assert.deepEqual(ports({ ...primaryRemote, mesh: { localInjector: false } }), [15012, 15017]);
    assert.deepEqual(ports({ model: "single" }), []);
  });
});

describe("an external control plane", () => {
  it("acts as the istiod of its config cluster, under the name by which others call it", () => {
    const { lab, cluster } = planned(external, "external");
    const { global, env, configMap } = externalIstiodValues(lab, cluster, "external-istiod", host) as {
      global: Record<string, unknown>;
      env: Record<string, unknown>;
      configMap: boolean;
    };
    assert.equal(global["externalIstiod"], true);
    assert.deepEqual(global["multiCluster"], { clusterName: "config" });
    assert.equal(env["ISTIOD_CUSTOM_HOST"], host);
    // The chart sets it from clusterName already, and a second one is refused.
    assert.equal("CLUSTER_ID" in env, false);
    assert.equal(configMap, false);
  });

  it("finds the mesh's configuration and the injector's template in the config cluster", () => {
    const { global, istiodRemote, configMap, meshConfig, base } = values(external, "config");
    assert.equal(configMap, true);
    assert.equal(global?.["omitSidecarInjectorConfigMap"], false);
    assert.equal(global["caAddress"], `${host}:15012`);
    assert.equal((meshConfig?.["defaultConfig"] as Record<string, unknown>)["discoveryAddress"], `${host}:15012`);
    assert.equal(istiodRemote?.["injectionURL"], `https://${host}:15017/inject/cluster/config/net/network-2`);
    assert.equal(base?.["validationURL"], `https://${host}:15017/validate`);
  });

  it("needs no more than a webhook in a further remote", () => {
    assert.deepEqual(values(external, "remote"), {
      profile: "remote",
      global: {
        istioNamespace: "external-istiod",
        multiCluster: { clusterName: "remote" },
        network: "network-3",
      },
      istiodRemote: { injectionURL: `https://${host}:15017/inject/cluster/remote/net/network-3` },
    });
    const { lab, cluster } = planned(external, "remote");
    assert.equal(remoteBaseValues(lab, cluster, host)["defaultRevision"], "");
  });

  it("has in its own cluster nothing but the way to it", () => {
    assert.deepEqual(kinds(external, "external"), ["Gateway istiod-gateway", "VirtualService istiod"]);
    const [, route] = istiodRoutes(planned(external, "external").cluster);
    assert.match(JSON.stringify(route), /istiod\.external-istiod\.svc\.cluster\.local/);
    assert.ok(kinds(external, "config").includes("VirtualService helloworld-ingress"));
  });

  it("is no entrance to a network", () => {
    const { lab, cluster } = planned(external, "external");
    const [gateway] = cluster.gateways;
    assert.ok(gateway);
    assert.equal("networkGateway" in gatewayValues(lab, cluster, gateway), false);
  });
});

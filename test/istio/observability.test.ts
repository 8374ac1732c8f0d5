import assert from "node:assert/strict";
import { kialiChart } from "../../istio/charts.ts";
import { grafanaObjects } from "../../istio/grafana.ts";
import { kialiAccessValues, kialiSecret, kialiTokenSecret, kialiValues } from "../../istio/kiali.ts";
import type { KubernetesObject } from "../../istio/object.ts";
import { dashboardsOf, observabilityObjects } from "../../istio/observability.ts";
import { prometheusConfig, prometheusImage, prometheusObjects } from "../../istio/prometheus.ts";
import { networkPoliciesOf } from "../../istio/tenant-network.ts";
import { field } from "../../policy/laws/law.ts";
import type { LabConfig } from "../../topology/schema.ts";
import { versions } from "../../local/versions.ts";
import { multi, planned } from "./plans.ts";

const all = { kiali: true, grafana: true };
const single: LabConfig = { model: "single", observability: all };
const several: LabConfig = { ...multi, observability: { ...all, cluster: "east" } };

const everything = (config: LabConfig, name: string): KubernetesObject[] => {
  const { lab, cluster } = planned(config, name);
  const { namespace, policies } = observabilityObjects(lab, cluster);
  const parts = [
    prometheusObjects(lab, cluster),
    ...(cluster.observability?.grafana ? [grafanaObjects(lab, cluster)] : []),
  ];
  return [namespace, ...policies, ...parts.flatMap(({ settings, workloads }) => [...settings, ...workloads])];
};
const found = (objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject => {
  const object = objects.find((each) => each.kind === kind && each.metadata.name === name);
  assert.ok(object, `${kind} ${name} among ${objects.map((each) => `${each.kind} ${each.metadata.name}`).join(", ")}`);
  return object;
};
const configOf = (config: LabConfig, name: string): { [key: string]: unknown } => {
  const { lab, cluster } = planned(config, name);
  return prometheusConfig(lab, cluster) as { [key: string]: unknown };
};
const argumentsOf = (deployment: KubernetesObject): string[] =>
  (field(deployment, "spec", "template", "spec", "containers") as { args?: string[] }[]).flatMap(
    ({ args }) => args ?? [],
  );
const templateOf = (objects: readonly KubernetesObject[], name: string): unknown =>
  field(found(objects, "Deployment", name), "spec", "template");

interface Relabeling {
  readonly source_labels: string[];
  readonly regex: string;
  readonly target_label: string;
  readonly replacement: string;
}

/** As https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config says of `replace`. */
function relabelled(labels: Record<string, string>, each: Relabeling): Record<string, string> {
  const joined = each.source_labels.map((label) => labels[label] ?? "").join(";");
  const anchored = new RegExp(`^(?:${each.regex})$`);
  return anchored.test(joined)
    ? { ...labels, [each.target_label]: joined.replace(anchored, each.replacement) }
    : labels;
}

describe("Prometheus", () => {
  it("is the version that the local cloud builds", () => {
    assert.equal(prometheusImage, `prom/prometheus:v${versions.prometheus}`);
  });

  it("of one cluster keeps what it gathers and sends nothing anywhere", () => {
    assert.equal(configOf(single, "primary")["remote_write"], undefined);
    const store = found(everything(single, "primary"), "Deployment", "prometheus");
    assert.ok(!argumentsOf(store).includes("--web.enable-remote-write-receiver"));
    assert.ok(!argumentsOf(store).includes("--agent"));
  });

  it("of several clusters is one store, to which the others write by its name in the mesh", () => {
    const store = found(everything(several, "east"), "Deployment", "prometheus");
    assert.ok(argumentsOf(store).includes("--web.enable-remote-write-receiver"));
    const { remote_write: sent, storage } = configOf(several, "east");
    assert.equal(sent, undefined);
    assert.equal(field(storage, "tsdb", "out_of_order_time_window"), "4h", "what agents held back is not too old");
    assert.equal(field(configOf(single, "primary")["storage"], "tsdb", "out_of_order_time_window"), undefined);
    assert.deepEqual(configOf(several, "west")["remote_write"], [
      { name: "store", url: "http://prometheus.observability.svc.cluster.local:9090/api/v1/write" },
    ]);
    assert.ok(argumentsOf(found(everything(several, "west"), "Deployment", "prometheus-agent")).includes("--agent"));
    // An agent refuses settings of a store.
    assert.equal(configOf(several, "west")["storage"], undefined);
  });

  it("keeps so little that a forgotten lab does not fill its nodes, and on no volume that would outlive it", () => {
    assert.deepEqual(configOf(single, "primary")["storage"], { tsdb: { retention: { time: "2d", size: "1GB" } } });
    for (const object of [...everything(several, "east"), ...everything(several, "west")]) {
      assert.notEqual(object.kind, "PersistentVolumeClaim");
      assert.doesNotMatch(JSON.stringify(object), /persistentVolumeClaim|hostPath/);
    }
  });

  it("says of every sample which cluster it is of, whatever a pod's labels say", () => {
    for (const cluster of ["east", "west"]) {
      for (const job of configOf(several, cluster)["scrape_configs"] as { relabel_configs: object[] }[]) {
        assert.deepEqual(job.relabel_configs.at(-1), { target_label: "cluster", replacement: cluster });
      }
    }
  });

  it("does not take the cluster that an istiod reads for the one that it runs in", () => {
    const [pods] = configOf(several, "east")["scrape_configs"] as { metric_relabel_configs: Relabeling[] }[];
    const told = (labels: Readonly<Record<string, string>>) =>
      (pods?.metric_relabel_configs ?? []).reduce(relabelled, { cluster: "west", ...labels });
    const read = { __name__: "istiod_remote_cluster_sync_status" };
    assert.deepEqual(told(read), { ...read, cluster: "east", remote_cluster: "west" });
    const other = { __name__: "istio_requests_total", cluster: "east" };
    assert.deepEqual(told(other), other);
  });

  it("has its name in every cluster, and pods behind it in that of the store only", () => {
    const selects = (cluster: string) =>
      field(found(everything(several, cluster), "Service", "prometheus"), "spec", "selector");
    assert.deepEqual(selects("east"), { app: "prometheus" });
    assert.equal(selects("west"), undefined);
  });

  it("crosses networks through the mesh: no Service has an address outside, and the proxy takes that port only", () => {
    for (const cluster of ["east", "west"]) {
      const objects = everything(several, cluster);
      for (const object of objects.filter(({ kind }) => kind === "Service"))
        assert.equal(field(object, "spec", "type"), "ClusterIP");
      assert.equal(found(objects, "Namespace", "observability").metadata.labels?.["istio-injection"], "enabled");
    }
    const annotations = field(templateOf(everything(several, "west"), "prometheus-agent"), "metadata", "annotations");
    assert.equal(field(annotations, "traffic.sidecar.istio.io/includeOutboundIPRanges"), "");
    assert.equal(field(annotations, "traffic.sidecar.istio.io/includeOutboundPorts"), "9090");
  });

  it("is known on other networks in ambient too", () => {
    const ambient: LabConfig = {
      ...several,
      mesh: { dataPlane: "ambient" },
      experimental: true,
      failover: { enabled: false },
    };
    const objects = everything(ambient, "west");
    assert.equal(found(objects, "Service", "prometheus").metadata.labels?.["istio.io/global"], "true");
    assert.equal(found(objects, "Namespace", "observability").metadata.labels?.["istio.io/dataplane-mode"], "ambient");
  });

  it("starts anew when its settings change, since nothing else tells it", () => {
    const mark = (cluster: string) =>
      field(
        templateOf(everything(several, cluster), cluster === "east" ? "prometheus" : "prometheus-agent"),
        "metadata",
        "annotations",
        "istio-lab/config",
      );
    assert.match(String(mark("east")), /^[0-9a-f]+$/);
    assert.notEqual(mark("east"), mark("west"));
  });

  it("may look at pods and nodes, at nothing secret, and change nothing", () => {
    const { rules } = found(everything(single, "primary"), "ClusterRole", "istio-lab-prometheus") as unknown as {
      rules: { resources: string[]; verbs: string[] }[];
    };
    assert.deepEqual(rules.flatMap(({ resources }) => resources).sort(), ["nodes", "nodes/metrics", "pods"]);
    assert.deepEqual([...new Set(rules.flatMap(({ verbs }) => verbs))].sort(), ["get", "list", "watch"]);
  });
});

describe("what may ask the store", () => {
  const rulesOf = (config: LabConfig, cluster: string) => {
    const policy = found(everything(config, cluster), "AuthorizationPolicy", "prometheus");
    return field(policy, "spec", "rules") as { from: { source: { principals: string[] } }[]; to: unknown[] }[];
  };

  it("is who shows it, and who writes to it", () => {
    const [rule] = rulesOf(several, "east");
    assert.deepEqual(rule?.from[0]?.source.principals, [
      "cluster.local/ns/observability/sa/grafana",
      "cluster.local/ns/observability/sa/kiali",
      "cluster.local/ns/observability/sa/prometheus-agent",
    ]);
    assert.deepEqual(rule?.to, [{ operation: { ports: ["9090"] } }]);
    assert.deepEqual(rulesOf(single, "primary")[0]?.from[0]?.source.principals.length, 2);
  });

  it("is nobody where nothing shows it", () => {
    const objects = everything({ model: "single", observability: { prometheus: true } }, "primary");
    const policies = objects.filter(({ kind }) => kind === "AuthorizationPolicy");
    assert.deepEqual(
      policies.map(({ metadata }) => metadata.name),
      ["default-deny"],
    );
  });

  it("is said where an istiod reads it", () => {
    const remote: LabConfig = {
      clusters: [
        { name: "east", cidr: "10.10.0.0/16" },
        { name: "west", cidr: "10.20.0.0/16", primary: "east" },
      ],
      observability: all,
    };
    const policies = (config: LabConfig, cluster: string) =>
      everything(config, cluster)
        .filter(({ kind }) => kind === "AuthorizationPolicy")
        .map(({ metadata }) => metadata.name);
    assert.deepEqual(policies(remote, "east"), ["default-deny", "prometheus"]);
    assert.deepEqual(policies(remote, "west"), []);
    assert.deepEqual(policies(several, "west"), ["default-deny", "prometheus"]);
  });
});

describe("Grafana", () => {
  const objects = () => everything(single, "primary");
  const pod = () =>
    field(templateOf(objects(), "grafana"), "spec") as {
      initContainers: { args: string[] }[];
      containers: { env: { name: string; value?: string }[] }[];
      volumes: { secret?: { secretName: string } }[];
    };

  it("has a password out of a Secret, which this text does not hold, and lets nobody in without", () => {
    const env = Object.fromEntries((pod().containers[0]?.env ?? []).map(({ name, ...rest }) => [name, rest]));
    assert.equal(env["GF_SECURITY_ADMIN_PASSWORD__FILE"]?.value, "/etc/grafana/password/admin-password");
    assert.equal(env["GF_SECURITY_ADMIN_PASSWORD"], undefined);
    assert.ok(pod().volumes.some(({ secret }) => secret?.secretName === "grafana"));
    assert.equal(env["GF_AUTH_ANONYMOUS_ENABLED"]?.value, "false");
    assert.equal(env["GF_USERS_ALLOW_SIGN_UP"]?.value, "false");
    assert.ok(!objects().some(({ kind }) => kind === "Secret"), "the Secret is made where its password is");
  });

  it("fetches Istio's dashboards of the mesh's own version", () => {
    const urls = (pod().initContainers[0]?.args ?? []).filter((each) => each.startsWith("https://"));
    assert.ok(urls.length >= 5, String(urls.length));
    for (const url of urls)
      assert.match(
        url,
        /^https:\/\/raw\.githubusercontent\.com\/istio\/istio\/1\.31\.1\/manifests\/addons\/dashboards\/[a-z.-]+\.json$/,
      );
    assert.ok(!urls.some((url) => url.includes("ztunnel")), "ztunnel's is for ambient");
  });

  it("reads the store, under the name by which Istio's dashboards take it", () => {
    const sources = JSON.parse(
      String(field(found(objects(), "ConfigMap", "grafana"), "data", "datasources.yaml")),
    ) as unknown;
    assert.deepEqual(field(sources, "datasources"), [
      {
        name: "Prometheus",
        type: "prometheus",
        url: "http://prometheus.observability.svc.cluster.local:9090",
        access: "proxy",
        isDefault: true,
        jsonData: { timeInterval: "15s" },
      },
    ]);
  });
});

describe("Kiali", () => {
  const values = (config: LabConfig, name: string) => {
    const { lab, cluster } = planned(config, name);
    return kialiValues(lab, cluster);
  };

  it("is of one version, from its own chart", () => {
    assert.deepEqual(kialiChart(planned(single, "primary").lab.artifacts), {
      chart: "kiali-server",
      version: "2.31.0",
      repositoryOpts: { repo: "https://kiali.org/helm-charts" },
    });
  });

  it("asks for a token in the single lab", () => {
    const single_ = values(single, "primary");
    assert.equal(field(single_, "auth", "strategy"), "token");
    assert.equal(field(single_, "deployment", "view_only_mode"), false);
    assert.deepEqual(field(single_, "clustering", "clusters"), []);
  });

  it("changes nothing where it asks nobody who they are, and reads the others by secrets of its own", () => {
    const east = values(several, "east");
    assert.equal(field(east, "auth", "strategy"), "anonymous");
    assert.equal(field(east, "deployment", "view_only_mode"), true);
    assert.deepEqual(field(east, "clustering", "clusters"), [
      { name: "west", secret_name: "kiali-remote-cluster-secret-west" },
    ]);
    assert.equal(field(east, "clustering", "autodetect_secrets", "enabled"), false);
    assert.equal(field(east, "kubernetes_config", "cluster_name"), "east");
  });

  it("is reached through a port forward only", () => {
    for (const each of [values(single, "primary"), values(several, "east")]) {
      assert.equal(field(each, "deployment", "service_type"), "ClusterIP");
      assert.equal(field(each, "deployment", "ingress", "enabled"), false);
    }
  });

  it("gets a new pod with new tokens", () => {
    const { lab, cluster } = planned(several, "east");
    const later = kialiValues({ ...lab, readers: { ...lab.readers, tokenPeriod: "2027-01-01t00" } }, cluster);
    const mark = (of: object) => field(of, "deployment", "pod_annotations", "istio-lab/token-period");
    assert.notEqual(mark(later), mark(values(several, "east")));
  });

  it("has in the other clusters an account that may only look, and its token", () => {
    const remote = kialiAccessValues();
    assert.deepEqual(remote, {
      auth: { strategy: "anonymous" },
      deployment: { remote_cluster_resources_only: true, view_only_mode: true },
    });
    const token = kialiTokenSecret("2026-11-26t00");
    assert.equal(token.metadata.annotations?.["kubernetes.io/service-account.name"], "kiali");
    assert.equal(token["type"], "kubernetes.io/service-account-token");
  });

  it("finds the secrets as its own script would have made them", () => {
    assert.deepEqual(kialiSecret({ from: "west", to: "east" }), {
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: {
        name: "kiali-remote-cluster-secret-west",
        namespace: "observability",
        labels: { "kiali.io/multiCluster": "true" },
        annotations: { "kiali.io/cluster": "west" },
      },
    });
  });
});

describe("what can be looked at", () => {
  it("is in the store's cluster, each with the way to log in", () => {
    const seen = (config: LabConfig, name: string) =>
      dashboardsOf(planned(config, name).cluster).map(({ name: what, port, login }) => [what, port, login]);
    assert.deepEqual(seen(single, "primary"), [
      ["grafana", 3000, "password"],
      ["kiali", 20001, "token"],
      ["prometheus", 9090, "none"],
    ]);
    assert.deepEqual(seen(several, "east").at(1), ["kiali", 20001, "none"]);
    assert.deepEqual(seen(several, "west"), []);
    assert.deepEqual(seen(multi, "east"), []);
  });
});

describe("a tenant's namespace", () => {
  const admitted = (observability: LabConfig["observability"]) => {
    const { lab, cluster } = planned({ tenants: [{ name: "blue" }], observability }, "primary");
    const [tenant] = cluster.tenants;
    assert.ok(tenant);
    return JSON.stringify(networkPoliciesOf(lab, cluster, tenant).find(({ metadata }) => metadata.name === "callers"));
  };

  it("lets Prometheus ask its proxies, and no more than that", () => {
    assert.match(admitted({ prometheus: true }), /"observability".*"port":15020/);
    assert.doesNotMatch(admitted({ prometheus: false }), /observability|15020/);
  });
});

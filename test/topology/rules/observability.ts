import { east, two, west, type RuleCases } from "./case.ts";

const shared = {
  clusters: [
    { ...east, tenants: ["blue"] },
    { ...west, tenants: ["red"] },
  ],
  tenants: [{ name: "blue" }, { name: "red" }],
};

export const observabilityCases: RuleCases = {
  "observability-without-prometheus": {
    caught: { ...two, observability: { prometheus: false, grafana: true, cluster: "east" } },
    at: "observability.prometheus",
    passes: { ...two, observability: { grafana: true, cluster: "east" } },
  },
  "observability-cluster": {
    caught: { ...two, observability: { kiali: true, cluster: "north" } },
    at: "observability.cluster",
    passes: { ...two, observability: { kiali: true, cluster: "west" } },
  },
  "observability-among-strangers": {
    caught: { ...shared, observability: { prometheus: true, cluster: "east" } },
    at: "observability",
    passes: { ...two, tenants: shared.tenants, observability: { prometheus: true, cluster: "east" } },
  },
};

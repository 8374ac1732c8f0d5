import { destinationRule, gateway } from "../../../../lab/exercise/ground.ts";
import { clusterTenancy } from "../../../../lab/exercise/set/cluster-tenancy.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { networkingApi } from "../../../../istio/object.ts";
import { tries } from "../trial.ts";
import type { Sight } from "../world.ts";

const [space = ""] = clusterTenancy.namespaces;
const identity = `spiffe://cluster.local/ns/${space}/sa/httpbin`;
const tls = { mode: "AUTO_PASSTHROUGH" } as const;
const ledger = (kind: string) => reference(networkingApi, kind, "ledger", space);

/** Leads through where the address of the gateway stands in the entry, and the gateway knows the name. */
const sight: Sight = {
  call: (_, { near, far }) => {
    const entry = far.objectOf(ledger("ServiceEntry"))?.["spec"] as { endpoints: { address: string }[] } | undefined;
    const led = entry?.endpoints[0]?.address === "blue.elb.example" && near.objects.has(`Gateway ${space}/offer`);
    return led ? `By=${identity};URI=spiffe://x` : 0;
  },
};

tries(clusterTenancy, {
  furnish: ({ near }) =>
    near.put({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "istio-eastwestgateway", namespace: "istio-system" },
      status: { loadBalancer: { ingress: [{ hostname: "blue.elb.example" }] } },
    }),
  before: sight,
  solved: sight,
  wrong: [
    {
      title: "by offering everything",
      steps: ({ near }) =>
        apply(
          near.name,
          gateway(space, "offer", {
            selector: { istio: "eastwestgateway" },
            servers: [{ port: { number: 15443, name: "tls", protocol: "TLS" }, tls, hosts: ["*.local"] }],
          }),
        ),
      says: /^blue offers more than the one service: a Gateway has the hosts \*\.local/,
    },
    {
      title: "where the gateway leads nowhere",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "Gateway", "offer", space)),
      says: /^No Gateway in exercise-cluster-tenancy of blue/,
    },
    {
      title: "where nobody has said where it is",
      steps: ({ far }) => remove(far.name, ledger("ServiceEntry")),
      says: /^No ServiceEntry in exercise-cluster-tenancy of red/,
    },
    {
      title: "without naming whom it must meet",
      steps: ({ far }) =>
        apply(
          far.name,
          destinationRule(space, "ledger", {
            host: "ledger.example",
            trafficPolicy: { tls: { mode: "ISTIO_MUTUAL", sni: "x" } },
          }),
        ),
      says: /^red does not say whom it must meet/,
    },
    {
      title: "at the address of a pod, which the other network does not know",
      steps: ({ far }) => {
        const entry = far.objectOf(ledger("ServiceEntry"))!;
        const spec = { ...(entry["spec"] as object), endpoints: [{ address: "10.0.0.1" }] };
        return [{ do: "merge", cluster: far.name, reference: ledger("ServiceEntry"), change: { spec } }];
      },
      says: /^curl in red gets no answer from/,
    },
  ],
  unexpected: [
    {
      title: "where somebody else answers",
      sight: { call: () => "By=spiffe://cluster.local/ns/other/sa/other" },
      says: /^curl in red gets 200 from/,
    },
  ],
});

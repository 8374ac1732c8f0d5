/** What several experiments do or expect. */
import { istioNamespace } from "../../../topology/names.ts";
import type { ClusterPlan } from "../../../topology/types.ts";
import { scale } from "../faults/scale.ts";
import type { Expectation } from "../measure/verdict.ts";
import { namespace, server } from "../workload/names.ts";

/** The service under load in a cluster, as faults name it. */
export const serverOf = ({ name }: ClusterPlan) => ({
  cluster: name,
  namespace,
  deployment: server,
  labels: `app=${server}`,
});

export const istiodOf = ({ name }: ClusterPlan) => ({
  cluster: name,
  namespace: istioNamespace,
  deployment: "istiod",
  labels: "app=istiod",
});

export const eastWestOf = ({ name }: ClusterPlan) => ({
  cluster: name,
  namespace: istioNamespace,
  deployment: "istio-eastwestgateway",
  labels: "istio=eastwestgateway",
});

/** No pod of the service here, so that the other cluster answers. */
export const answeredElsewhere = ({ name }: ClusterPlan) => scale(name, namespace, server, 0);

export const noneFails = (because: string): Expectation => ({ figure: "failed", atMost: 0, because });

/** Away and back again, and no more. */
export const noFlapping: Expectation = {
  figure: "moves",
  atMost: 2,
  because: "An endpoint that is out stays out for its ejection time, so nothing goes back and forth.",
};

/** For where each cluster answers itself, and what is lost lies between them or on the other side. */
export const staysHome = noneFails("Requests stay in their cluster, as long as it has endpoints.");

/** For where the cluster that answers cannot be reached. */
export const failsFastAndReturns = ({ name: client }: ClusterPlan, found: string): Expectation[] => [
  {
    figure: "failureP99",
    client,
    atMost: 4_500,
    because: "A try waits half a second for a connection (`connectTimeout`), and there are six at most.",
  },
  {
    figure: "steadyAfterUndo",
    client,
    atMost: 5_000,
    because: `With all endpoints out everybody is asked (\`minHealthPercent\`), so the next request finds ${found}.`,
  },
];

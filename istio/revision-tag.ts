/** Revision tags: names that namespaces follow, whichever control plane is behind them. */
import type { RevisionTag } from "../topology/schema.ts";
import type { Json } from "../topology/types.ts";
import type { KubernetesObject } from "./object.ts";

const notRefused = { key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] };

/**
 * What `istioctl tag set` makes (https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels). The istiod
 * of that revision, which its label names, puts in the certificate by which the API server knows it.
 */
export function revisionTag(namespace: string, tag: RevisionTag, revision: string): KubernetesObject {
  const follows = { key: "istio.io/rev", operator: "In", values: [tag] };
  const says = (key: string) => ({ key, operator: "DoesNotExist" });
  const webhook = (name: string, namespaces: Json[], pods: Json[]): Json => ({
    name: `${name}.sidecar-injector.istio.io`,
    clientConfig: { service: { name: `istiod-${revision}`, namespace, path: "/inject", port: 443 } },
    sideEffects: "None",
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
    failurePolicy: "Fail",
    reinvocationPolicy: "Never",
    admissionReviewVersions: ["v1"],
    namespaceSelector: { matchExpressions: namespaces },
    objectSelector: { matchExpressions: pods },
  });
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: {
      name: `istio-revision-tag-${tag}`,
      labels: { app: "sidecar-injector", "istio.io/rev": revision, "istio.io/tag": tag },
    },
    webhooks: [
      webhook("rev.namespace", [follows, says("istio-injection")], [notRefused]),
      webhook("rev.object", [says("istio.io/rev"), says("istio-injection")], [notRefused, follows]),
    ],
  };
}

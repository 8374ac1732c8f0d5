/** Whether Istio's webhooks live: the API server goes through the making of objects that nobody wants, and makes none. */
import { networkingApi, type KubernetesObject } from "../../istio/object.ts";
import { failed, type Finding, ok } from "../checks/check.ts";
import { proxyOf, type PodObject } from "./shapes.ts";

const page = "docs/en/recovery.md";

/**
 * A pod that asks for a proxy, in Istio's own namespace: there it asks by itself, as a gateway does, whatever labels the
 * namespace has (https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy).
 */
export function podThatAsks(namespace: string, revision: string): KubernetesObject {
  const labels = {
    "sidecar.istio.io/inject": "true",
    ...(revision === "default" ? {} : { "istio.io/rev": revision }),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "istio-lab-status", namespace, labels },
    spec: { containers: [{ name: "app", image: "never.pulled/app:1" }] },
  };
}

/** A route to nowhere, which its definition allows and Istio's validation does not. */
export const routeToNowhere = (namespace: string): KubernetesObject => ({
  apiVersion: networkingApi,
  kind: "VirtualService",
  metadata: { name: "istio-lab-status", namespace },
  spec: { hosts: ["istio-lab-status.example"], http: [{}] },
});

/** @param admitted by revision, the pod as it would be, or why the API server refused it */
export function judgeInjection(admitted: Readonly<Record<string, PodObject | Error>>): Finding {
  const answers = Object.entries(admitted).map(([revision, answer]) => ({
    pod: `A pod that asks for a proxy${revision === "default" ? "" : ` of the revision ${revision}`}`,
    answer,
  }));
  const refused = answers.flatMap(({ pod, answer }) =>
    answer instanceof Error ? [`${pod} is refused: ${reasonOf(answer)}.`] : [],
  );
  const bare = answers.flatMap(({ pod, answer }) =>
    answer instanceof Error || proxyOf(answer) !== undefined
      ? []
      : [`${pod} gets none: no webhook of Istio answers for it.`],
  );
  if (refused.length + bare.length === 0)
    return ok(
      answers.length === 1
        ? "a pod that asks for a proxy gets one"
        : `pods that ask for a proxy get one, of ${Object.keys(admitted).join(" and ")}`,
    );
  return failed(
    [...refused, ...bare].join(" "),
    refused.length > 0
      ? "Look whether istiod runs and the API server reaches its port 15017."
      : "pulumi up --refresh, which makes the webhooks anew.",
    page,
  );
}

/** @param refused undefined where the API server would take the route to nowhere */
export function judgeValidation(refused: Error | undefined): Finding {
  const fix = "Look whether istiod runs and the API server reaches its port 15017.";
  if (refused === undefined)
    return failed("A VirtualService without a route is taken: nobody validates Istio's objects.", fix, page);
  const reason = reasonOf(refused);
  if (/admission webhook "[^"]*istio[^"]*" denied/.test(reason)) return ok("a route to nowhere is refused");
  return failed(`Istio's objects are not validated, but refused: ${reason}.`, fix, page);
}

/** The API server's message, without the rest of its answer. */
function reasonOf({ message }: Error): string {
  const body = /\bBody: (.*)$/m.exec(message)?.[1];
  const [, inner = body ?? message] =
    /"message":"((?:[^"\\]|\\.)*)"/.exec(body?.replace(/\\(["\\])/g, "$1") ?? "") ?? [];
  return (body?.match(/admission webhook .*? denied[^,}]*/)?.[0] ?? inner).replace(/\\+"/g, '"').slice(0, 300);
}

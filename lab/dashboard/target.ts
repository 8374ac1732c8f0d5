/** Which pod's port shows a dashboard. */
import type { DashboardOutput } from "../../topology/outputs.ts";
import type { Found } from "../cluster/cluster.ts";
import { selects } from "../cluster/pods.ts";

type Labels = Readonly<Record<string, string>>;

export type ServiceObject = Found<{
  readonly spec: {
    readonly selector?: Labels;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
    }[];
  };
}>;

export type PodObject = Found<{
  readonly metadata: { readonly labels?: Labels; readonly deletionTimestamp?: string };
  readonly spec: {
    readonly containers: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}>;

export interface Target {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

export const dashboardNames = ["kiali", "grafana", "prometheus"] as const satisfies readonly DashboardOutput["name"][];
export type DashboardName = DashboardOutput["name"];

/** Where its pages begin. */
export const pathOf = (name: DashboardName): string => (name === "kiali" ? "/kiali" : "/");

/** How one logs in; kubectl prints what is secret, so that it stands in no log of ours. */
export function loginOf({ login, namespace }: DashboardOutput, context: string): string | undefined {
  const kubectl = `kubectl --context ${context} -n ${namespace}`;
  switch (login) {
    case "token":
      return `the token that it asks for: ${kubectl} create token kiali`;
    case "password":
      return (
        `the user is admin, and the password: ${kubectl} get secret grafana ` +
        "-o jsonpath={.data.admin-password} | base64 -d"
      );
    case "none":
      return undefined;
  }
}

/**
 * A ready pod of the Service, and its port, which may have a name.
 * @param wanted the Service's port of the dashboard, where it has several; otherwise its first
 */
export function targetOf(
  { metadata, spec }: ServiceObject,
  pods: readonly PodObject[],
  wanted: number,
): Target | undefined {
  const behind = pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      pod.metadata.deletionTimestamp === undefined &&
      selects(spec.selector, pod.metadata.labels),
  );
  const ready = behind.find(({ status }) =>
    status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  const ports = spec.ports ?? [];
  const port = ports.find((each) => each.port === wanted || each.targetPort === wanted) ?? ports[0];
  if (ready === undefined || port === undefined) return undefined;
  const number = numberOf(port.targetPort ?? port.port, ready);
  return number === undefined
    ? undefined
    : { namespace: metadata.namespace ?? "", pod: ready.metadata.name, port: number };
}

function numberOf(port: number | string, { spec }: PodObject): number | undefined {
  if (typeof port === "number") return port;
  return spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port)?.containerPort;
}

/** Another number of replicas, politely: what goes may finish, and is taken out of service first. */
import { rolledOut } from "../../cluster/wait.ts";
import { clusterOf } from "../run/running-lab.ts";
import type { Fault, FaultKind } from "./fault.ts";

export interface ScaleFault extends Fault {
  readonly kind: "scale";
  readonly cluster: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly replicas: number;
}

export interface Replicas {
  readonly replicas: number;
  readonly [key: string]: number;
}

export function scale(cluster: string, namespace: string, deployment: string, replicas: number): ScaleFault {
  const says = `${deployment} of ${cluster} to ${replicas} replicas`;
  return { kind: "scale", says, cluster, namespace, deployment, replicas };
}

const reference = ({ namespace, deployment }: ScaleFault) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: deployment, namespace },
});

export const scaleKind: FaultKind<ScaleFault, Replicas> = {
  async prepare(lab, fault) {
    const found = await clusterOf(lab, fault.cluster).read<{ spec: { replicas: number } }>(reference(fault));
    if (found === undefined)
      throw new Error(`There is no Deployment ${fault.deployment} in ${fault.namespace} of ${fault.cluster}.`);
    return { replicas: found.spec.replicas };
  },
  inject: (lab, fault) => clusterOf(lab, fault.cluster).merge(reference(fault), { spec: { replicas: fault.replicas } }),
  async remove(lab, fault, { replicas }) {
    const cluster = clusterOf(lab, fault.cluster);
    await cluster.merge(reference(fault), { spec: { replicas } });
    await rolledOut(cluster, fault.namespace, fault.deployment);
  },
};

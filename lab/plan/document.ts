/** The plan as one JSON document: what `--json` prints. Its shape is a contract. */
import type { Issue, LabPlan, OpenPlan, Role } from "../../topology/types.ts";
import type { JsonObject, ResourceGraph } from "../recorder/graph.ts";
import { type Cost, costOf } from "./cost.ts";
import { maskInputs } from "./masked.ts";

export interface PlanDocument {
  readonly stack: string;
  readonly clusters: readonly {
    readonly name: string;
    readonly roles: readonly Role[];
    readonly network: string;
    readonly region: string;
    readonly primary: string;
    readonly config: string;
  }[];
  /** `from` is the cluster whose API is read, `to` the one that holds the Secret; `type` only where it is `config`. */
  readonly remoteSecrets: readonly { readonly from: string; readonly to: string; readonly type?: "config" }[];
  readonly eastWestGateways: readonly string[];
  readonly istiodGateways: readonly string[];
  readonly resources: readonly {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly parent: string | null;
    readonly dependsOn: readonly string[];
    readonly provider: string | null;
    readonly inputs: JsonObject;
  }[];
  readonly cost: Cost;
  readonly open: readonly OpenPlan[];
  readonly warnings: readonly Issue[];
}

/** The document of a plan and of the program recorded with it. Secrets in inputs are placeholders. */
export function planDocument(stack: string, lab: LabPlan, graph: ResourceGraph): PlanDocument {
  return {
    stack,
    clusters: lab.clusters.map(({ name, roles, network, region, primary, config }) => ({
      name,
      roles,
      network,
      region,
      primary,
      config,
    })),
    remoteSecrets: lab.remoteSecrets.map(({ from, to, type }) =>
      type === "config" ? { from, to, type } : { from, to },
    ),
    eastWestGateways: lab.eastWestGateways,
    istiodGateways: lab.istiodGateways,
    resources: graph.nodes.map((node) => ({
      urn: node.urn,
      type: node.type,
      name: node.name,
      parent: node.parent ?? null,
      dependsOn: node.dependsOn,
      provider: node.provider ?? null,
      inputs: maskInputs(node).inputs,
    })),
    cost: costOf(lab),
    open: lab.open,
    warnings: lab.warnings,
  };
}

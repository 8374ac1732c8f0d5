/** Mistakes in the multi stack, and the resources that they are made in. */
import type { JsonObject, ResourceNode } from "../../lab/recorder/graph.ts";
import { field } from "../../policy/laws/law.ts";
import { type Change, withInputs } from "../laws/mistakes.ts";

export interface Twin {
  readonly name: string;
  readonly type?: string;
  readonly wrong: Change;
  /** Where the stack does not keep the policy, because of an exception: what would. */
  readonly right?: Change;
  /** What the objection names; by default the resource itself. */
  readonly about?: RegExp;
}

/** A resource of another type in place of one; whether the program would run does not matter to a law. */
export const instead =
  (type: string, inputs: JsonObject = {}): Change =>
  () => ({ type, inputs });
export const asIs: Change = () => ({});

/** An input deep inside; the rest stays. */
export const inside = (path: readonly string[], value: JsonObject[string]): Change => {
  const put = (object: unknown, [key = "", ...rest]: readonly string[]): JsonObject => {
    const inner = rest.length === 0 ? value : put(field(object, key), rest);
    return { ...(object as JsonObject), [key]: inner };
  };
  return ({ inputs }) => ({ inputs: put(inputs, path) });
};

export const eks = { name: "east", type: "eks:index:Cluster" };
export const group = { name: "east-nodes", type: "eks:index:ManagedNodeGroup" };
export const template = { name: "east-nodes-template" };
export const igw = { name: "east-network-igw" };
export const curl = { name: "east-curl-curl", type: "kubernetes:apps/v1:Deployment" };
export const ingress = { name: "east-ingress", type: "kubernetes:core/v1:Service" };
export const eastWest = { name: "east-east-west", type: "kubernetes:core/v1:Service" };
export const istiod = { name: "east-istio-istiod" };
export const mtls = { name: "east-mesh-default" };
export const failoverFilter = { name: "east-mesh-failover" };
export const rule = { name: "east-helloworld-helloworld", type: "kubernetes:networking.istio.io/v1:DestinationRule" };
export const door = { name: "east-mesh-lab-ingress" };
export const rights = { name: "east-load-balancers-policy", type: "aws:iam/policy:Policy" };
export const attachment = { name: "east-nodes-role-AmazonEKS_CNI_Policy" };

export const pod = (changes: JsonObject): Change => podWith((spec) => ({ ...spec, ...changes }));
export const container = (changes: JsonObject): Change =>
  podWith((spec) => ({ ...spec, containers: [{ ...(spec["containers"] as JsonObject[])[0], ...changes }] }));
function podWith(change: (spec: JsonObject) => JsonObject): Change {
  const path = ["spec", "template", "spec"];
  return (node, graph) => inside(path, change(field(node.inputs, ...path) as JsonObject))(node, graph);
}

export const role = (rule: JsonObject): Change =>
  instead("kubernetes:rbac.authorization.k8s.io/v1:Role", {
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"], ...rule }],
  });
export const harmless = role({});
export const authorization = (spec: JsonObject, namespace = "istio-system"): Change =>
  instead("kubernetes:security.istio.io/v1:AuthorizationPolicy", { metadata: { namespace, name: "x" }, spec });
export const allow = (statement: JsonObject): Change =>
  withInputs({
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Resource: "arn:aws:s3:::x", ...statement }] }),
  });
export const narrow = allow({ Action: ["s3:PutObject"] });
export const disk = (changes: JsonObject): Change =>
  withInputs({
    blockDeviceMappings: [{ ebs: { encrypted: "true", volumeSize: 20, volumeType: "gp3", ...changes } }],
  });
export const port = (changes: JsonObject): Change =>
  inside(["spec", "ports"], [{ name: "tls", port: 443, ...changes }]);
export const audited: Change = withInputs({ enabledClusterLogTypes: ["api", "audit"] });
export const options =
  (changes: ResourceNode["options"]): Change =>
  (node) => ({ options: { ...node.options, ...changes } });

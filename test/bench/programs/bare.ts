/** Registers resources bare: by the SDKs' own classes, with plain inputs, without parents, providers and dependencies. */
import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

export interface BareResource {
  /** Type token, such as `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

type ResourceClass = new (name: string, inputs: object) => pulumi.Resource;

const sdks: Readonly<Record<string, unknown>> = { aws, eks, kubernetes: k8s, random, tls };
const providers = "pulumi:providers:";

/** Whether a type is one of the SDKs', and not a component of our own. */
export function isBare(type: string): boolean {
  return type.startsWith(providers) || type.split(":")[0]! in sdks;
}

export function registerBare(resources: readonly BareResource[]): void {
  for (const { type, name, inputs } of resources) new (classOf(type))(name, inputs);
}

/** `aws:ec2/vpc:Vpc` is `aws.ec2.Vpc`, `kubernetes:core/v1:Secret` is `k8s.core.v1.Secret`, Istio's kinds are custom resources. */
function classOf(type: string): ResourceClass {
  const [sdk = "", module = "", name = ""] = type.split(":");
  if (type.startsWith(providers)) return (sdks[name] as { Provider: ResourceClass }).Provider;
  if (sdk === "kubernetes" && module.includes(".istio.io/")) return k8s.apiextensions.CustomResource as ResourceClass;
  const folders = sdk === "kubernetes" ? module.replace("helm.sh", "helm").split("/") : module.split("/").slice(0, -1);
  const path = [sdk, ...folders.filter((folder) => folder !== "index"), name];
  const found = path.reduce<unknown>((from, key) => (from as Record<string, unknown> | undefined)?.[key], sdks);
  if (typeof found !== "function") throw new Error(`No SDK has a class for ${type}: tell test/bench/programs/bare.ts.`);
  return found as ResourceClass;
}

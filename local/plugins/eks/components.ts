import * as pulumi from "@pulumi/pulumi";
import type * as aws from "@pulumi/aws";

/** Of a cluster's core data, what other components read. */
export interface CoreData {
  cluster: aws.eks.Cluster;
  subnetIds?: string[];
  privateSubnetIds?: string[];
  publicSubnetIds?: string[];
  instanceRoles?: aws.iam.Role[];
}

/** A cluster that exists already in the stack and is handed to another component. */
export class Cluster extends pulumi.ComponentResource {
  declare readonly core: pulumi.Output<CoreData>;
  declare readonly eksCluster: pulumi.Output<aws.eks.Cluster>;

  /** @param urn whose outputs are read from the engine */
  constructor(name: string, urn: string) {
    super("eks:index:Cluster", name, { core: undefined, eksCluster: undefined }, { urn });
  }
}

/** Some other component of this package that is only passed through. */
class OtherComponent extends pulumi.ComponentResource {
  constructor(type: string, name: string, urn: string) {
    super(type, name, {}, { urn });
  }
}

/** The Kubernetes provider that a component of this package makes; nothing here uses the typed SDK's resources. */
export class KubernetesProvider extends pulumi.ProviderResource {
  /** The version that pulumi-eks 4.3.0 is built with. https://github.com/pulumi/pulumi-eks/blob/v4.3.0/nodejs/eks/package.json */
  static readonly version = "4.19.0";

  constructor(
    name: string,
    args: { kubeconfig?: pulumi.Input<string>; enableConfigMapMutable?: pulumi.Input<boolean> | undefined },
    options: pulumi.ResourceOptions,
  ) {
    const inputs = {
      kubeconfig: args.kubeconfig,
      enableConfigMapMutable: pulumi.output(args.enableConfigMapMutable).apply((value) => JSON.stringify(value)),
    };
    super("kubernetes", name, inputs, { ...options, version: KubernetesProvider.version });
  }
}

/** Lets the SDK turn references to this package's components and to Kubernetes providers back into resources. */
export function registerComponents(): void {
  pulumi.runtime.registerResourceModule("eks", "index", {
    construct: (name: string, type: string, urn: string) =>
      type === "eks:index:Cluster" ? new Cluster(name, urn) : new OtherComponent(type, name, urn),
  });
  pulumi.runtime.registerResourcePackage("kubernetes", {
    constructProvider: (name: string, _type: string, urn: string) => new KubernetesProvider(name, {}, { urn }),
  });
}

import * as pulumi from "@pulumi/pulumi";
import { endWithEngine } from "../host/lifetime.ts";
import { engineAddress } from "../host/server.ts";
import { type Cluster, registerComponents } from "./components.ts";
import { ClusterComponent } from "./cluster.ts";
import { ManagedNodeGroupComponent } from "./managed-node-group.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import type { ClusterArgs } from "./cluster-args.ts";
import type { ManagedNodeGroupArgs } from "./node-group-args.ts";

/**
 * A stand-in for `pulumi-resource-eks` 4.3.0, which is itself a Node.js program and not served by npm: it registers
 * the same children under the same names through the real `@pulumi/aws`, makes the same checks with the same words and
 * gives the same outputs. What it does not imitate it refuses by name.
 * https://github.com/pulumi/pulumi-eks/tree/v4.3.0/nodejs/eks
 */
const provider: pulumi.provider.Provider = {
  version: "4.3.0",

  construct(name, type, inputs, options) {
    return Promise.resolve().then(() => {
      switch (type) {
        case "eks:index:Cluster": {
          const cluster = new ClusterComponent(name, inputs as ClusterArgs, options);
          return { urn: cluster.urn, state: { ...cluster.outputs } };
        }
        case "eks:index:ManagedNodeGroup": {
          const group = new ManagedNodeGroupComponent(name, inputs as unknown as ManagedNodeGroupArgs, options);
          return { urn: group.urn, state: { nodeGroup: group.nodeGroup, placementGroupName: pulumi.output("") } };
        }
        default:
          throw new Error(`the local cloud's eks stand-in has no ${type}, only eks.Cluster and eks.ManagedNodeGroup`);
      }
    });
  },

  call(token, inputs) {
    if (token !== "eks:index:Cluster/getKubeconfig") {
      return Promise.reject(new Error(`the local cloud's eks stand-in has no function ${token}`));
    }
    const {
      __self__: cluster,
      profileName,
      roleArn,
    } = inputs as {
      __self__: Cluster;
      profileName?: pulumi.Input<string>;
      roleArn?: pulumi.Input<string>;
    };
    const kubeconfig = cluster.eksCluster.apply((eksCluster) =>
      kubeconfigFor(eksCluster, eksCluster.endpoint, { profileName, roleArn }, true),
    );
    return Promise.resolve({ outputs: { result: pulumi.jsonStringify(kubeconfig) } });
  },
};

registerComponents();
const engine = engineAddress(process.argv.slice(2));
// All that it makes, it makes through the engine: without that nothing is under way.
if (engine) endWithEngine(engine, () => true);
await pulumi.provider.main(provider, process.argv.slice(2));

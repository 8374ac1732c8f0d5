import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { VpcCniOptions } from "./cluster-args.ts";
import { stringifyConfiguration } from "./addon-configuration.ts";

/**
 * The options of the CNI's DaemonSet, the variable that each becomes, and what pulumi-eks sets without the option
 * (undefined: nothing). https://github.com/aws/amazon-vpc-cni-k8s#cni-configuration-variables
 */
const cniVariables: [option: string, variable: string, otherwise: string | undefined][] = [
  ["nodePortSupport", "AWS_VPC_CNI_NODE_PORT_SUPPORT", undefined],
  ["warmEniTarget", "WARM_ENI_TARGET", "1"],
  ["warmIpTarget", "WARM_IP_TARGET", undefined],
  ["warmPrefixTarget", "WARM_PREFIX_TARGET", undefined],
  ["enablePrefixDelegation", "ENABLE_PREFIX_DELEGATION", undefined],
  ["logLevel", "AWS_VPC_K8S_CNI_LOGLEVEL", "DEBUG"],
  ["logFile", "AWS_VPC_K8S_CNI_LOG_FILE", "/host/var/log/aws-routed-eni/ipamd.log"],
  ["vethPrefix", "AWS_VPC_K8S_CNI_VETHPREFIX", "eni"],
  ["eniMtu", "AWS_VPC_ENI_MTU", "9001"],
  ["eniConfigLabelDef", "ENI_CONFIG_LABEL_DEF", undefined],
  ["pluginLogLevel", "AWS_VPC_K8S_PLUGIN_LOG_LEVEL", "DEBUG"],
  ["pluginLogFile", "AWS_VPC_K8S_PLUGIN_LOG_FILE", "/var/log/aws-routed-eni/plugin.log"],
  ["enablePodEni", "ENABLE_POD_ENI", "false"],
  ["cniConfigureRpfilter", "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER", undefined],
  ["cniCustomNetworkCfg", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false"],
  ["externalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT", "false"],
];

/** Variables of the CNI's init container. */
const initVariables: typeof cniVariables = [["disableTcpEarlyDemux", "DISABLE_TCP_EARLY_DEMUX", "false"]];

export interface VpcCniArgs extends VpcCniOptions {
  clusterName: pulumi.Input<string>;
  clusterVersion: pulumi.Input<string>;
}

/** The Amazon VPC CNI as an EKS add-on. */
export class VpcCniAddon extends pulumi.ComponentResource {
  readonly addon: aws.eks.Addon;

  constructor(name: string, args: VpcCniArgs, options: pulumi.ComponentResourceOptions) {
    super("eks:index:VpcCniAddon", name, args, options);
    if (args["cniExternalSnat"] && args["externalSnat"]) {
      throw new Error("Please specify one of `cniExternalSnat` or `externalSnat` in your VpcCniOptions");
    }
    if (args["securityContextPrivileged"]) {
      throw new Error("the local cloud's eks stand-in has no vpcCniOptions.securityContextPrivileged");
    }
    const addonVersion =
      args.addonVersion ??
      aws.eks.getAddonVersionOutput(
        { addonName: "vpc-cni", kubernetesVersion: args.clusterVersion, mostRecent: true },
        { parent: this },
      ).version;
    this.addon = new aws.eks.Addon(
      name,
      {
        clusterName: args.clusterName,
        addonVersion,
        addonName: "vpc-cni",
        resolveConflictsOnCreate: args.resolveConflictsOnCreate ?? "OVERWRITE",
        resolveConflictsOnUpdate: args.resolveConflictsOnUpdate ?? "OVERWRITE",
        preserve: true,
        configurationValues: stringifyConfiguration(cniConfiguration(args)),
        ...(args.serviceAccountRoleArn ? { serviceAccountRoleArn: args.serviceAccountRoleArn } : {}),
        ...(args.tags ? { tags: args.tags } : {}),
      },
      { parent: this },
    );
    this.registerOutputs({ addon: this.addon });
  }
}

/** The add-on's configuration: the component's variables, over which the user's own `configurationValues` win. */
function cniConfiguration(args: VpcCniArgs): pulumi.Output<object> {
  const snat = args["externalSnat"] ?? args["cniExternalSnat"];
  const values = { ...args, externalSnat: snat };
  return pulumi
    .all([
      variables(cniVariables, values),
      variables(initVariables, values),
      args.enableNetworkPolicy,
      args.configurationValues,
    ])
    .apply(([env, initEnv, enableNetworkPolicy, configured]) => {
      const own = (configured ?? {}) as { env?: object; init?: { env?: object } };
      return {
        ...(enableNetworkPolicy === undefined ? {} : { enableNetworkPolicy: String(enableNetworkPolicy) }),
        ...own,
        env: { ...env, ...own.env },
        init: { ...own.init, env: { ...initEnv, ...own.init?.env } },
      };
    });
}

function variables(table: typeof cniVariables, values: Record<string, unknown>): pulumi.Output<Record<string, string>> {
  const pairs = table.map(([option, variable, otherwise]) =>
    pulumi.output(values[option] as pulumi.Input<string | number | boolean | undefined>).apply((value) => {
      const text = value === undefined || value === false || value === "" ? otherwise : String(value);
      return text === undefined ? undefined : ([variable, text] as const);
    }),
  );
  return pulumi.all(pairs).apply((all) => Object.fromEntries(all.filter((pair) => pair !== undefined)));
}

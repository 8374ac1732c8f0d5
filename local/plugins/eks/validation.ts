import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./cluster-args.ts";

const authenticationModes = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

/** Whether access entries work in this authentication mode. Unset means CONFIG_MAP. */
export function supportsAccessEntries(mode: string | undefined): boolean {
  return mode === "API" || mode === "API_AND_CONFIG_MAP";
}

/**
 * Makes the checks that pulumi-eks makes before it registers anything, in its words.
 *
 * @returns the arguments, in which lists that have to be empty refuse once they are known
 */
export function validateClusterArgs(args: ClusterArgs): ClusterArgs {
  const checked = validateAuthenticationMode(args);
  if (args.instanceRole && args.instanceRoles) {
    throw new Error("instanceRole and instanceRoles are mutually exclusive, and cannot both be set.");
  }
  if (args.subnetIds && (args.publicSubnetIds || args.privateSubnetIds)) {
    throw new Error(
      "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds are mutually exclusive. Choose a single approach.",
    );
  }
  if (args.nodeGroupOptions && singularNodeOptions.some((option) => args[option])) {
    throw new Error(
      "Setting nodeGroupOptions, and any set of singular node group option(s) on the cluster, is mutually exclusive. Choose a single approach.",
    );
  }
  if (args.autoMode?.enabled && !supportsAccessEntries(args.authenticationMode)) {
    throw new Error(
      "Access entries are required when using EKS Auto Mode. Use the authentication mode 'API' or 'API_AND_CONFIG_MAP'.",
    );
  }
  refuseWhatIsNotImitated(args);
  return checked;
}

const singularNodeOptions = [
  "nodeSubnetIds",
  "nodeAssociatePublicIpAddress",
  "instanceType",
  "instanceProfileName",
  "nodePublicKey",
  "nodeRootVolumeSize",
  "nodeUserData",
  "minSize",
  "maxSize",
  "desiredCapacity",
  "nodeAmiId",
  "gpu",
];

function validateAuthenticationMode(args: ClusterArgs): ClusterArgs {
  const mode = args.authenticationMode;
  if (mode && !authenticationModes.includes(mode)) {
    const allowed = authenticationModes.join(", ");
    throw new Error(`Invalid value for authenticationMode: ${mode}. Allowed values are: ${allowed}.`);
  }
  if (args.accessEntries && !supportsAccessEntries(mode)) {
    const state = mode ? `set to '${mode}'` : "not set";
    throw new Error(`The 'accessEntries' property is not supported when 'authenticationMode' is ${state}.`);
  }
  if (mode !== "API") return args;
  return {
    ...args,
    ...emptyInApiMode("roleMappings", args.roleMappings),
    ...emptyInApiMode("userMappings", args.userMappings),
    ...emptyInApiMode("instanceRoles", args.instanceRoles),
  };
}

/** Refuses a list with something in it: at once, or when an output's value is known. */
function emptyInApiMode(property: string, list: pulumi.Input<unknown[]> | undefined): Record<string, unknown> {
  const check = (value: unknown[]): unknown[] => {
    if (value.length === 0) return value;
    throw new Error(
      `The '${property}' property does not support non-empty values when 'authenticationMode' is set to 'API'.`,
    );
  };
  if (list === undefined) return {};
  return { [property]: Array.isArray(list) ? check(list) : pulumi.output(list).apply(check) };
}

function refuseWhatIsNotImitated(args: ClusterArgs): void {
  const refused: [option: string, set: unknown, instead: string][] = [
    ["authenticationMode CONFIG_MAP", !supportsAccessEntries(args.authenticationMode), 'set authenticationMode: "API"'],
    ["authenticationMode API_AND_CONFIG_MAP", args.authenticationMode === "API_AND_CONFIG_MAP", 'use "API"'],
    ["a default node group", !args.skipDefaultNodeGroup, "set skipDefaultNodeGroup: true and add a ManagedNodeGroup"],
    ["default security groups", !args.skipDefaultSecurityGroups, "set skipDefaultSecurityGroups: true"],
    ["EKS Auto Mode", args.autoMode?.enabled, "use a ManagedNodeGroup"],
    ["Fargate", args.fargate, "use a ManagedNodeGroup"],
    ["storageClasses", args.storageClasses, "leave it out"],
    ["createOidcProvider", args.createOidcProvider, "use Pod Identity"],
    ["creationRoleProvider", args["creationRoleProvider"], "leave it out"],
    ["the default VPC", !args.vpcId, "set vpcId"],
    ["createInstanceRole", args.createInstanceRole, "give the ManagedNodeGroup its own role"],
  ];
  const found = refused.find(([, set]) => Boolean(set));
  if (found) throw new Error(`the local cloud's eks stand-in has no ${found[0]}: ${found[2]}`);
}

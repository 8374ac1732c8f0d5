import { ec2Arn } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import type { ResourceType } from "../resource.ts";
import { groupById } from "./find.ts";
import { LaunchTemplate } from "./kinds.ts";
import type { LaunchTemplateState } from "./kinds.ts";

type LaunchTemplateInputs = Omit<LaunchTemplateState, "arn" | "latestVersion" | "defaultVersion"> & {
  defaultVersion?: number;
  updateDefaultVersion?: boolean;
};

export const launchTemplate: ResourceType<LaunchTemplateInputs, LaunchTemplateState> = {
  kind: LaunchTemplate,
  replaceOn: ["name", "namePrefix", "region"],
  computed: ["name", "defaultVersion"],
  changedByUpdate: ["latestVersion", "defaultVersion"],
  autoName: { property: "name", maxLength: 125, unless: "namePrefix" },
  words: {
    "metadataOptions.httpTokens": ["optional", "required"],
    "metadataOptions.httpEndpoint": ["enabled", "disabled"],
    "blockDeviceMappings.ebs.volumeType": ["standard", "io1", "io2", "gp2", "gp3", "sc1", "st1"],
    "tagSpecifications.resourceType": ["instance", "volume", "network-interface", "spot-instances-request"],
  },
  create(cloud, inputs, { region }) {
    if (cloud.all(LaunchTemplate, region).some(({ state }) => state.name === inputs.name)) {
      const message = "Launch template name already in use.";
      throw new AwsError("InvalidLaunchTemplateName.AlreadyExistsException", message);
    }
    for (const id of inputs.vpcSecurityGroupIds ?? []) groupById(cloud, region, id);
    const id = cloud.newId("lt");
    const arn = ec2Arn(region, `launch-template/${id}`);
    return cloud.add(LaunchTemplate, { id, region, state: { ...inputs, arn, latestVersion: 1, defaultVersion: 1 } });
  },
  /** A template never changes: an update adds a version. */
  update(cloud, { state, region }, inputs) {
    for (const id of inputs.vpcSecurityGroupIds ?? []) groupById(cloud, region, id);
    state.latestVersion++;
    if (inputs.updateDefaultVersion) state.defaultVersion = state.latestVersion;
  },
};

import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ServiceRoleArgs {
  /** The AWS service that assumes the role. */
  service: pulumi.Input<string>;
  description?: string;
  /** `id` gives the attachment its name and is the same in every partition. */
  managedPolicies: { id: string; arn: pulumi.Input<string> }[];
  assumeRoleActions?: string[];
  tags?: aws.iam.RoleArgs["tags"];
}

/** An IAM role for a service, with managed policies attached. */
export class ServiceRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly attachments: aws.iam.RolePolicyAttachment[];

  constructor(name: string, args: ServiceRoleArgs, options: pulumi.ComponentResourceOptions) {
    super("eks:index:ServiceRole", name, {}, options);
    const parent = this;
    this.role = new aws.iam.Role(
      `${name}-role`,
      {
        ...(args.description ? { description: args.description } : {}),
        assumeRolePolicy: pulumi.output(args.service).apply((service) =>
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Action: args.assumeRoleActions ?? ["sts:AssumeRole"],
                Effect: "Allow",
                Principal: { Service: [service] },
              },
            ],
          }),
        ),
        ...(args.tags ? { tags: args.tags } : {}),
      },
      { parent },
    );
    this.attachments = args.managedPolicies.map(
      ({ id, arn }) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${shortHash(id)}`,
          { policyArn: arn, role: this.role.name },
          { parent },
        ),
    );
    this.registerOutputs({ role: this.role });
  }
}

/** pulumi-eks names attachments by the first eight digits of a policy's SHA-1. */
function shortHash(text: string): string {
  return createHash("sha1").update(text).digest("hex").slice(0, 8);
}

import * as pulumi from "@pulumi/pulumi";
import type * as aws from "@pulumi/aws";

/** Which credentials the kubeconfig's `aws eks get-token` is to use, where not the default ones. */
export interface CredentialOptions {
  roleArn?: pulumi.Input<string> | undefined;
  profileName?: pulumi.Input<string> | undefined;
}

/**
 * The kubeconfig of pulumi-eks: cluster `kubernetes`, context and user `aws`, a token by `aws eks get-token` in the
 * cluster's region, which comes from its ARN.
 *
 * @param endpoint the API server's URL, given once the API answers
 * @param includeProfile the component's own provider uses the profile; what users get does not
 */
export function kubeconfigFor(
  cluster: aws.eks.Cluster,
  endpoint: pulumi.Input<string>,
  credentials: pulumi.Input<CredentialOptions> | undefined,
  includeProfile: boolean,
): pulumi.Output<object> {
  return pulumi
    .all([cluster.name, cluster.arn, endpoint, cluster.certificateAuthority, credentials])
    .apply(([name, arn, server, authority, options]) => ({
      apiVersion: "v1",
      clusters: [{ cluster: { server, "certificate-authority-data": authority.data }, name: "kubernetes" }],
      contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
      "current-context": "aws",
      kind: "Config",
      users: [
        {
          name: "aws",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              args: [
                ...["--region", regionOf(arn), "eks", "get-token", "--cluster-name", name, "--output", "json"],
                ...(options?.roleArn ? ["--role", options.roleArn] : []),
                ...(includeProfile && options?.profileName ? ["--profile", options.profileName] : []),
              ],
              env: [
                {
                  name: "KUBERNETES_EXEC_INFO",
                  value: `{"apiVersion": "client.authentication.k8s.io/v1beta1"}`,
                },
              ],
            },
          },
        },
      ],
    }));
}

/** The region in an ARN such as `arn:aws:eks:us-east-1:123456789012:cluster/east`. */
export function regionOf(arn: string): string {
  const region = arn.split(":")[3];
  if (!region) throw new Error(`Could not find the region in ARN '${arn}'`);
  return region;
}

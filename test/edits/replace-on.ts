/**
 * Inputs whose change makes a resource anew, for every type that the lab registers. AWS: `ForceNew` in the schemas of
 * https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service, which @pulumi/aws bridges; the npm
 * packages do not carry that mark. The local cloud's stand-ins have the same lists, and a test of theirs compares.
 */
export const replaceOn: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/internetGateway:InternetGateway": ["region"],
  // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/ec2_launch_template.go
  "aws:ec2/launchTemplate:LaunchTemplate": ["name", "namePrefix", "region"],
  "aws:ec2/route:Route": ["routeTableId", "destinationCidrBlock", "region"],
  "aws:ec2/routeTable:RouteTable": ["vpcId", "region"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["subnetId", "gatewayId", "region"],
  "aws:ec2/subnet:Subnet": [
    ...["availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId", "region"],
  ],
  "aws:ec2/vpc:Vpc": ["cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength", "region"],
  "aws:eks/addon:Addon": ["addonName", "clusterName", "region"],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": ["clusterName", "namespace", "serviceAccount", "region"],
  "aws:route53/healthCheck:HealthCheck": [
    ...["measureLatency", "referenceName", "requestInterval", "routingControlArn", "type"],
  ],
  "aws:route53/record:Record": ["name", "zoneId"],
  "aws:iam/policy:Policy": ["name", "namePrefix", "path", "description"],
  "aws:iam/role:Role": ["name", "namePrefix", "path"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["role", "policyArn"],
};

/**
 * The same for components whose children a plugin makes: inputs that it hands on to what must be made anew. The cluster:
 * https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/cluster/cluster.ts and ForceNew of
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/eks/cluster.go; the node group: ForceNew of
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/eks/node_group.go.
 */
export const componentsReplaceOn: Readonly<Record<string, readonly string[]>> = {
  "eks:index:Cluster": ["name", "kubernetesServiceIpAddressRange", "ipFamily", "serviceRole"],
  "eks:index:ManagedNodeGroup": [
    ...["amiType", "capacityType", "cluster", "diskSize", "instanceTypes", "nodeGroupName", "nodeRoleArn", "subnetIds"],
    ...["launchTemplate.id", "launchTemplate.name"],
  ],
};

/**
 * What lives in the state alone is made anew by any change but these
 * (https://github.com/hashicorp/terraform-provider-tls/tree/main/internal/provider,
 * https://github.com/hashicorp/terraform-provider-random/tree/main/internal/provider).
 */
export const inPlace: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomId:RandomId": [],
  "tls:index/certRequest:CertRequest": [],
  "tls:index/locallySignedCert:LocallySignedCert": ["earlyRenewalHours"],
  "tls:index/privateKey:PrivateKey": [],
  "tls:index/selfSignedCert:SelfSignedCert": ["earlyRenewalHours"],
};

/**
 * Kubernetes objects by kind, beside the name and the namespace of each; with `enableSecretMutable` a Secret's data
 * change in place (forceNew in https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go).
 */
export const kubernetesReplaceOn: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:apps/v1:Deployment": ["spec.selector"],
  "kubernetes:core/v1:Secret": ["type"],
  "kubernetes:core/v1:Service": ["spec.clusterIP"],
};
/** Of objects, and of a Helm release, which is another one under another name (helm_release.go in the same folder). */
export const kubernetesIdentity: readonly string[] = ["metadata.name", "metadata.namespace"];
export const releaseIdentity: readonly string[] = ["name", "namespace"];

/** Another region, another API server: another provider, and all that the old one made is made anew. */
export const providersReplaceOn: Readonly<Record<string, readonly string[]>> = {
  "pulumi:providers:aws": ["region"],
  "pulumi:providers:kubernetes": ["kubeconfig"],
};

/** Outputs that a change in place changes: a launch template gets another version. */
export const changedInPlace: ReadonlySet<string> = new Set(["aws:ec2/launchTemplate:LaunchTemplate"]);

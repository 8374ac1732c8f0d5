/**
 * What AWS, Kubernetes and the other providers would answer, as far as the program reads it. A fake says what its
 * resource's outputs are at preview (known before anything exists) and which more there are after `up`. Values are
 * recognisable inventions: they let the program run to its end and are never the subject of a test.
 */
import * as pulumi from "@pulumi/pulumi";
import type { JsonObject, JsonValue } from "./graph.ts";

const unknown = pulumi.runtime.unknownValue;

export interface FakeRequest {
  readonly name: string;
  /** On the wire's terms: secrets and unknown values still carry their markers. */
  readonly inputs: JsonObject;
}

interface Fake {
  /** Outputs besides the inputs that are known at preview. */
  readonly atPreview?: (request: FakeRequest) => JsonObject;
  /** Outputs that are known after `up` only. */
  readonly afterUp?: (request: FakeRequest) => JsonObject;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const pem = (label: string, name: string): string =>
  `-----BEGIN ${label}-----\n${base64(`fake ${label} of ${name}`)}\n-----END ${label}-----\n`;
const arn = (request: FakeRequest): string => `arn:aws:fake:::${request.name}`;

/**
 * Components whose children a plugin makes. What is known at preview and what after `up` was seen on the real eks
 * component 4.3.0; a type that is missing here is an error, because reading an absent output gives `undefined`.
 */
const remoteComponents: Readonly<Record<string, Fake>> = {
  "eks:index:Cluster": {
    atPreview: ({ name, inputs }) => ({
      eksCluster: {
        name,
        version: inputs["version"] ?? unknown,
        endpoint: unknown,
        arn: unknown,
        certificateAuthority: unknown,
        vpcConfig: unknown,
      },
      clusterIngressRuleId: "",
      oidcProviderArn: "",
      instanceRoles: [],
    }),
    afterUp: ({ name, inputs }) => ({
      eksCluster: {
        name,
        version: inputs["version"] ?? "",
        endpoint: `https://${name}.eks.fake`,
        arn: `arn:aws:eks:fake:::cluster/${name}`,
        certificateAuthority: { data: base64(`certificate authority of ${name}`) },
        vpcConfig: { clusterSecurityGroupId: `sg-${name}` },
      },
      kubeconfigJson: JSON.stringify({ kind: "Config", "current-context": name }),
      kubeconfig: { kind: "Config", "current-context": name },
      clusterSecurityGroupId: `sg-${name}`,
      nodeSecurityGroupId: `sg-${name}`,
      core: { endpoint: `https://${name}.eks.fake` },
    }),
  },
  "eks:index:ManagedNodeGroup": {
    afterUp: ({ name }) => ({ nodeGroup: { nodeGroupName: name, arn: `arn:aws:eks:fake:::nodegroup/${name}` } }),
  },
  "kubernetes:yaml/v2:ConfigFile": { afterUp: () => ({ resources: [] }) },
};

/** Resources with outputs that the program may read besides what it put in. */
const customResources: Readonly<Record<string, Fake>> = {
  "aws:iam/role:Role": { afterUp: (request) => ({ arn: arn(request), name: request.name, uniqueId: request.name }) },
  "aws:ec2/eip:Eip": { afterUp: (request) => ({ arn: arn(request), publicIp: `address-of-${request.name}` }) },
  "aws:ec2/launchTemplate:LaunchTemplate": { afterUp: (request) => ({ arn: arn(request), latestVersion: 1 }) },
  "kubernetes:core/v1:Secret": {
    afterUp: ({ name, inputs }) =>
      inputs["type"] === "kubernetes.io/service-account-token"
        ? { data: { token: base64(`token ${name}`), "ca.crt": base64("ca"), namespace: base64("namespace") } }
        : {},
  },
  "kubernetes:core/v1:Service": {
    afterUp: ({ name }) => ({ status: { loadBalancer: { ingress: [{ hostname: `${name}.elb.fake` }] } } }),
  },
  "random:index/randomId:RandomId": { afterUp: ({ name }) => ({ hex: "00c0ffee", b64Url: base64(name) }) },
  "random:index/randomPassword:RandomPassword": { afterUp: () => ({ result: "fake password" }) },
  "tls:index/certRequest:CertRequest": {
    afterUp: ({ name }) => ({ certRequestPem: pem("CERTIFICATE REQUEST", name) }),
  },
  "tls:index/locallySignedCert:LocallySignedCert": { afterUp: ({ name }) => ({ certPem: pem("CERTIFICATE", name) }) },
  "tls:index/privateKey:PrivateKey": {
    afterUp: ({ name }) => ({
      privateKeyPem: pem("EC PRIVATE KEY", name),
      privateKeyPemPkcs8: pem("PRIVATE KEY", name),
      publicKeyPem: pem("PUBLIC KEY", name),
    }),
  },
  "tls:index/selfSignedCert:SelfSignedCert": {
    afterUp: ({ name }) => ({ certPem: pem("CERTIFICATE", name), validityEndTime: "2999-12-31T00:00:00Z" }),
  },
};

/** Packages whose resources may do with their inputs alone; `arn` is what every AWS resource has. */
const packages: Readonly<Record<string, Fake>> = {
  aws: { afterUp: (request) => ({ arn: arn(request) }) },
  kubernetes: {},
  pulumi: {},
  random: {},
  tls: {},
};

/** Stands for the name of a zone, which differs per account: AWS alone knows. */
const zonePlaceholder = (region: string, letter: string): string => `(zone ${letter} of ${region})`;
/** Stands for the id of a hosted zone, which AWS chose. */
const hostedZonePlaceholder = (name: string): string => `(hosted zone ${name})`;

/** Whether a value is an invented answer of a provider function, which a plan must not show as if it were known. */
export const isAnswerPlaceholder = (value: unknown): boolean =>
  typeof value === "string" && /^\((zone [a-e] of [a-z0-9-]+|hosted zone [a-z0-9.-]+)\)$/.test(value);

/** Provider functions, by token. `region` is that of the provider that was asked. */
const functions: Readonly<Record<string, (inputs: JsonObject, region: string) => JsonObject>> = {
  // As many as the planner lets anybody ask for: how many a region has, AWS alone knows.
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, region) => ({
    id: region,
    names: ["a", "b", "c", "d", "e"].map((letter) => zonePlaceholder(region, letter)),
    zoneIds: ["1", "2", "3", "4", "5"].map((digit) => `${region}-az${digit}`),
  }),
  "aws:route53/getZone:getZone": ({ name }) => ({
    zoneId: hostedZonePlaceholder(typeof name === "string" ? name : ""),
  }),
};

/**
 * The outputs of a resource.
 * @param request its name and inputs
 * @param preview true: what is known before anything exists; else what `up` ends with
 * @throws for a remote component or a package without a fake
 */
export function fakeOutputs(type: string, remote: boolean, preview: boolean, request: FakeRequest): JsonObject {
  const fake = remote ? remoteComponents[type] : (customResources[type] ?? packages[type.split(":")[0] ?? ""]);
  if (fake === undefined) {
    throw new Error(
      `The recorder has no fake for ${remote ? "the remote component" : "the resource type"} ${type} ` +
        `(resource ${request.name}): say in lab/recorder/fakes.ts which outputs it has at preview and after up.`,
    );
  }
  return {
    ...(remote ? {} : request.inputs),
    ...fake.atPreview?.(request),
    ...(preview ? {} : fake.afterUp?.(request)),
  };
}

/**
 * The answer of a provider function.
 * @throws for a function without a fake
 */
export function fakeCall(token: string, inputs: JsonObject, region: string): Record<string, JsonValue> {
  const call = functions[token];
  if (call === undefined) {
    throw new Error(`The recorder has no fake for the call ${token}: say in lab/recorder/fakes.ts what it answers.`);
  }
  return call(inputs, region);
}

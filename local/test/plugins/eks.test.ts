import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, it } from "mocha";
import * as pulumi from "@pulumi/pulumi";
import { amiTypeFor } from "../../plugins/eks/ami.ts";
import { waitForHealthz } from "../../plugins/eks/healthz.ts";
import { kubeconfigFor } from "../../plugins/eks/kubeconfig.ts";
import { validateClusterArgs } from "../../plugins/eks/validation.ts";
import { selfSignedCert } from "../../plugins/tls/self-signed-cert.ts";
import { privateKey } from "../../plugins/tls/private-key.ts";
import type { ClusterArgs } from "../../plugins/eks/cluster-args.ts";

const good: ClusterArgs = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-1", "subnet-2"],
  authenticationMode: "API",
  skipDefaultNodeGroup: true,
  skipDefaultSecurityGroups: true,
};

function resolved<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => output.apply(resolve));
}

describe("eks.Cluster refuses, as the real component, word for word", () => {
  const refusals: [args: ClusterArgs, message: string][] = [
    [
      { roleMappings: [{}] },
      "The 'roleMappings' property does not support non-empty values when 'authenticationMode' is set to 'API'.",
    ],
    [
      { instanceRoles: [{} as never] },
      "The 'instanceRoles' property does not support non-empty values when 'authenticationMode' is set to 'API'.",
    ],
    [
      { authenticationMode: undefined as never, accessEntries: { a: { principalArn: "arn" } } },
      "The 'accessEntries' property is not supported when 'authenticationMode' is not set.",
    ],
    [
      { authenticationMode: "CONFIG_MAP", accessEntries: { a: { principalArn: "arn" } } },
      "The 'accessEntries' property is not supported when 'authenticationMode' is set to 'CONFIG_MAP'.",
    ],
    [
      { authenticationMode: "IAM" },
      "Invalid value for authenticationMode: IAM. Allowed values are: CONFIG_MAP, API_AND_CONFIG_MAP, API.",
    ],
    [
      { subnetIds: ["subnet-3"] },
      "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds are mutually exclusive. Choose a single approach.",
    ],
  ];
  for (const [args, message] of refusals) {
    it(message, () => {
      assert.throws(() => validateClusterArgs({ ...good, ...args }), { message });
    });
  }

  it("and refuses by name what it does not imitate, but nothing of what the lab uses", () => {
    assert.throws(() => validateClusterArgs({ ...good, fargate: true }), /eks stand-in has no Fargate: use a/);
    assert.throws(() => validateClusterArgs({ ...good, skipDefaultNodeGroup: false }), /no a default node group/);
    assert.deepEqual(validateClusterArgs({ ...good, roleMappings: [] }), { ...good, roleMappings: [] });
  });
});

describe("eks.ManagedNodeGroup", () => {
  it("takes the AMI type from operating system and instance types", () => {
    assert.equal(amiTypeFor("AL2023", false, ["t3.large", "t3a.large"]), "AL2023_x86_64_STANDARD");
    assert.equal(amiTypeFor("AL2023", false, ["t4g.large", "c7gn.large"]), "AL2023_ARM_64_STANDARD");
    assert.equal(amiTypeFor("AL2023", false, ["g5.xlarge"]), "AL2023_x86_64_STANDARD");
    assert.equal(amiTypeFor("Bottlerocket", false, []), "BOTTLEROCKET_x86_64");
  });

  it("refuses instance types of two architectures, and what is no instance type", () => {
    const reason =
      "Cannot determine architecture of instance types. The provided instance types do not share a common architecture";
    assert.throws(() => amiTypeFor("AL2023", false, ["t3.large", "t4g.large"]), { reason });
    assert.throws(() => amiTypeFor("AL2023", false, ["large"]), { reason: "Invalid EC2 instance type: large" });
  });
});

describe("the kubeconfig", () => {
  const cluster = {
    name: pulumi.output("east-1"),
    arn: pulumi.output("arn:aws:eks:us-west-2:123456789012:cluster/east-1"),
    certificateAuthority: pulumi.output({ data: "Q0E=" }),
  };
  const exec = async (credentials: object, includeProfile: boolean) => {
    const config = kubeconfigFor(cluster as never, "https://api", credentials, includeProfile);
    const { users } = (await resolved(config)) as { users: { user: { exec: { args: string[] } } }[] };
    return users[0]?.user.exec.args.join(" ");
  };

  it("asks for a token in the region of the cluster's ARN", async () => {
    assert.equal(await exec({}, true), "--region us-west-2 eks get-token --cluster-name east-1 --output json");
  });

  it("names a role for everybody and a profile only for the component itself", async () => {
    const credentials = { roleArn: "arn:role", profileName: "dev" };
    assert.match((await exec(credentials, true)) ?? "", /--role arn:role --profile dev$/);
    assert.match((await exec(credentials, false)) ?? "", /--role arn:role$/);
  });
});

describe("the wait for a reachable API server", () => {
  it("tries again until /healthz answers 200", async function () {
    this.timeout(30_000);
    const key = String(
      (await privateKey.generate({ algorithm: "ECDSA", ecdsaCurve: "P256" })).outputs["privateKeyPem"],
    );
    const made = await selfSignedCert.generate({ privateKeyPem: key, allowedUses: [], validityPeriodHours: 1 });
    const answers = [500, 200];
    const asked: (string | undefined)[] = [];
    const server = createServer({ key, cert: String(made.outputs["certPem"]) }, (request, response) => {
      asked.push(request.url);
      response.writeHead(answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const told: number[] = [];
    await waitForHealthz(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, (left) => told.push(left));
    server.close();
    assert.deepEqual(asked, ["/healthz", "/healthz"]);
    assert.deepEqual(told, [300]);
  });
});

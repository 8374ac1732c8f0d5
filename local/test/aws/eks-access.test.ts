import assert from "node:assert/strict";
import { DEFAULT_PRINCIPAL } from "../../aws/cloud.ts";
import { NullRuntime } from "../../aws/runtime.ts";
import type { AccessEntry } from "../../aws/runtime.ts";
import { Lab, refuses } from "./lab.ts";

const admin = "arn:aws:iam::123456789012:user/admin";
const adminPolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
const invalid = "InvalidParameterException";

/** Remembers who was let in last. */
class Doorkeeper extends NullRuntime {
  entries: AccessEntry[] = [];

  override setAccess(_cluster: unknown, entries: AccessEntry[]): Promise<void> {
    this.entries = entries;
    return Promise.resolve();
  }
}

async function withCluster(overrides: object = {}): Promise<{ lab: Lab; runtime: Doorkeeper }> {
  const runtime = new Doorkeeper();
  const lab = await Lab.open({ runtime: () => runtime });
  await lab.make("cluster", await lab.clusterInputs(await lab.network(), overrides as Record<string, unknown>));
  return { lab, runtime };
}

describe("access to a cluster", () => {
  it("belongs to its creator, and to whom an entry with a policy names", async () => {
    const { lab, runtime } = await withCluster();
    const whole = { policyArn: adminPolicy, scope: { type: "cluster" } };
    assert.deepEqual(runtime.entries, [
      { principalArn: DEFAULT_PRINCIPAL, username: DEFAULT_PRINCIPAL, groups: [], policies: [whole] },
    ]);
    const role = await lab.role("ec2.amazonaws.com", []);
    const entry = await lab.make("entry", {
      clusterName: "east",
      principalArn: role.arn,
      kubernetesGroups: ["readers"],
    });
    const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
    const accessScope = { type: "namespace", namespaces: ["a", "b"] };
    await lab.make("entryPolicy", { clusterName: "east", principalArn: role.arn, policyArn, accessScope });
    assert.deepEqual(runtime.entries[1], {
      principalArn: role.arn,
      username: `arn:aws:sts::123456789012:assumed-role/${role.name}/{{SessionName}}`,
      groups: ["readers"],
      policies: [{ policyArn, scope: { type: "namespace", namespaces: ["a", "b"] } }],
    });
    await lab.delete("entry", entry);
    assert.equal(runtime.entries.length, 1);
  });

  it("is nobody's when an access configuration does not say that the creator is admin", async () => {
    const { runtime } = await withCluster({ accessConfig: { authenticationMode: "API" } });
    assert.deepEqual(runtime.entries, []);
  });

  it("is refused twice to one principal, the creator included, and to principals that are not there", async () => {
    const { lab } = await withCluster();
    const entry = (principalArn: string, more: object = {}) =>
      lab.make("entry", { clusterName: "east", principalArn, ...more });
    await entry(admin);
    const words = "The specified access entry resource is already in use on this cluster.";
    await refuses(() => entry(admin), "ResourceInUseException", words);
    await refuses(() => entry(DEFAULT_PRINCIPAL), "ResourceInUseException", words);
    await refuses(() => entry("arn:aws:iam::123456789012:role/gone"), invalid, /invalid principal\.$/);
    await refuses(
      () => entry(`${admin}2`, { kubernetesGroups: ["system:masters"] }),
      invalid,
      /cannot start with system:/,
    );
    assert.equal(lab.check("entry", { clusterName: "east", principalArn: "arn:aws:s3:::x" }).failures.length, 1);
  });

  it("needs the API mode, an entry before its policy, and a policy that exists", async () => {
    const old = await withCluster({ accessConfig: { authenticationMode: "CONFIG_MAP" } });
    await refuses(
      () => old.lab.make("entry", { clusterName: "east", principalArn: admin }),
      "InvalidRequestException",
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
    const { lab } = await withCluster();
    const policy = (policyArn: string, accessScope: object = { type: "cluster" }) =>
      lab.make("entryPolicy", { clusterName: "east", principalArn: admin, policyArn, accessScope });
    await refuses(
      () => policy(adminPolicy),
      "ResourceNotFoundException",
      /^The specified principalArn could not be found/,
    );
    await lab.make("entry", { clusterName: "east", principalArn: admin });
    await refuses(() => policy("arn:aws:iam::aws:policy/AdministratorAccess"), invalid, /policyArn parameter format/);
    await refuses(() => policy(adminPolicy, { type: "namespace" }), invalid, /needs namespaces/);
    await policy(adminPolicy);
  });
});

describe("pod identity associations", () => {
  it("need a cluster and a role, and one service account has one", async () => {
    const { lab } = await withCluster();
    const role = await lab.role("pods.eks.amazonaws.com", []);
    const associate = (more: object = {}) =>
      lab.make("podIdentity", { clusterName: "east", namespace: "a", serviceAccount: "b", roleArn: role.arn, ...more });
    await refuses(() => associate({ clusterName: "west" }), "ResourceNotFoundException", /No cluster found/);
    await refuses(
      () => associate({ roleArn: "arn:aws:iam::123456789012:role/gone" }),
      invalid,
      "Role provided in the request does not exist.",
    );
    const id = await associate();
    await refuses(() => associate(), "ResourceInUseException", `Association already exists: ${id}`);
    await associate({ namespace: "c" });
    assert.equal(lab.ledger.snapshot().clusters[0]?.podIdentities.length, 2);
  });
});

describe("add-ons", () => {
  it("with pods of their own fail without nodes, in the words of the real provider", async () => {
    const { lab } = await withCluster({ bootstrapSelfManagedAddons: false });
    await refuses(
      () => lab.make("addon", { clusterName: "east", addonName: "coredns" }),
      "InsufficientNumberOfReplicas",
      /timeout while waiting for state to become 'ACTIVE' \(last state: 'DEGRADED', timeout: 20m0s\)/,
    );
    await lab.make("addon", { clusterName: "east", addonName: "kube-proxy" });
  });

  it("with pods of their own wait for nodes that are being made", async () => {
    const { lab } = await withCluster({ bootstrapSelfManagedAddons: false });
    const network = lab.ledger.snapshot().subnets.map(({ id }) => id);
    const inputs = await lab.nodeGroupInputs({ subnets: network } as never);
    const [group] = await Promise.all([
      lab.make("nodeGroup", inputs),
      lab.make("addon", { clusterName: "east", addonName: "coredns" }),
    ]);
    assert.match(group, /^east:nodeGroup-/);
  });

  it("do not take over what the cluster came with unless told to", async () => {
    const { lab } = await withCluster();
    const proxy = (more: object = {}) => lab.make("addon", { clusterName: "east", addonName: "kube-proxy", ...more });
    await refuses(() => proxy(), "CREATE_FAILED", /^ConfigurationConflict: Conflicts found when trying to apply/);
    await proxy({ resolveConflictsOnCreate: "OVERWRITE" });
    await refuses(() => proxy(), "ResourceInUseException", "Addon already exists.");
  });

  it("need a known name, a version of that Kubernetes, and a configuration by the add-on's schema", async () => {
    const { lab } = await withCluster({ bootstrapSelfManagedAddons: false });
    const addon = (addonName: string, more: object = {}) =>
      lab.make("addon", { clusterName: "east", addonName, ...more });
    await refuses(() => addon("core-dns"), invalid, /Addon core-dns specified is not supported in 1\.36/);
    const wrong = "Addon version specified is not supported";
    await refuses(() => addon("kube-proxy", { addonVersion: "v1.35.0-eksbuild.2" }), invalid, wrong);
    await refuses(() => addon("vpc-cni", { addonVersion: "1.23.1" }), invalid, wrong);
    await refuses(() => addon("vpc-cni", { configurationValues: "{" }), invalid, /not in valid JSON or YAML/);
    const numeric = JSON.stringify({ env: { WARM_PREFIX_TARGET: 1 } });
    await refuses(
      () => addon("vpc-cni", { configurationValues: numeric }),
      invalid,
      /Json schema validation failed with error: \[\$\.env\.WARM_PREFIX_TARGET: number found, string expected\]/,
    );
  });

  it("of the VPC CNI decide which pod traffic keeps its address", async () => {
    const { lab } = await withCluster({ bootstrapSelfManagedAddons: false });
    const snat = () => lab.ledger.snapshot().clusters[0]?.snat;
    assert.deepEqual(snat(), { external: false, excludeCidrs: [] });
    const env = { AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: "10.20.0.0/16, 10.30.0.0/16" };
    const configurationValues = JSON.stringify({ env });
    await lab.make("addon", { clusterName: "east", addonName: "vpc-cni", configurationValues });
    assert.deepEqual(snat(), { external: false, excludeCidrs: ["10.20.0.0/16", "10.30.0.0/16"] });
  });
});

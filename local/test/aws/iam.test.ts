import assert from "node:assert/strict";
import { allows, trusts } from "../../aws/iam-policy.ts";
import { Lab, refuses } from "./lab.ts";

const statement = { Effect: "Allow", Action: "ec2:*", Resource: "*" };
const document = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };

describe("IAM refuses", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open();
  });

  it("names that exist, are too long or have wrong characters", async () => {
    await lab.make("role", { name: "node", assumeRolePolicy: document(trust) });
    await refuses(
      () => lab.make("role", { name: "node", assumeRolePolicy: document(trust) }),
      "EntityAlreadyExists",
      "Role with name node already exists.",
    );
    await lab.make("policy", { name: "p", policy: document(statement) });
    await refuses(
      () => lab.make("policy", { name: "p", policy: document(statement) }),
      "EntityAlreadyExists",
      "A policy called p already exists. Duplicate names are not allowed.",
    );
    const reason = (name: string) => lab.check("role", { name, assumeRolePolicy: document(trust) }).failures[0]?.reason;
    assert.match(reason("r".repeat(65)) ?? "", /expected length of name to be in the range \(1 - 64\)/);
    assert.equal(reason("r".repeat(64)), undefined);
    assert.match(reason("a/b") ?? "", /invalid value for name/);
  });

  it("documents that are no policies", async () => {
    const malformed: [string, string, RegExp][] = [
      ["role", document({ ...trust, Principal: undefined }), /^Missing required field Principal$/],
      ["role", document({ ...trust, Resource: "*" }), /^Has prohibited field Resource$/],
      ["role", document({ ...trust, Principal: { Service: "ec2" } }), /^Invalid principal in policy: "SERVICE":"ec2"$/],
      ["policy", document({ ...statement, Resource: undefined }), /^Policy statement must contain resources\.$/],
      ["policy", document({ ...statement, Action: undefined }), /^Policy statement must contain actions\.$/],
      ["policy", document({ ...statement, Principal: "*" }), /should not specify a principal/],
      ["policy", document({ ...statement, Action: "Describe*" }), /must be prefaced by a vendor/],
      ["policy", document({ ...statement, Effect: "allow" }), /^Syntax errors in policy\.$/],
      ["policy", "{}", /^Syntax errors in policy\.$/],
    ];
    for (const [type, text, words] of malformed) {
      const inputs = type === "role" ? { assumeRolePolicy: text } : { policy: text };
      await refuses(() => lab.make(type as "role" | "policy", inputs), "MalformedPolicyDocument", words);
    }
    assert.match(lab.check("policy", { policy: "{" }).failures[0]?.reason ?? "", /contains an invalid JSON policy/);
    const long = document({ ...statement, Resource: `arn:aws:s3:::${"x".repeat(6144)}` });
    await refuses(
      () => lab.make("policy", { policy: long }),
      "LimitExceeded",
      "Cannot exceed quota for PolicySize: 6144",
    );
  });

  it("attachments of what is not there", async () => {
    const role = await lab.make("role", { assumeRolePolicy: document(trust) });
    const policyArn = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicie";
    await refuses(
      () => lab.make("attach", { role, policyArn }),
      "NoSuchEntity",
      `Policy ${policyArn} does not exist or is not attachable.`,
    );
    const known = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy";
    await refuses(
      () => lab.make("attach", { role: "gone", policyArn: known }),
      "NoSuchEntity",
      "The role with name gone cannot be found.",
    );
  });

  it("deleting roles with policies, and policies with roles", async () => {
    const role = await lab.make("role", { assumeRolePolicy: document(trust) });
    const policy = await lab.make("policy", { policy: document(statement) });
    const attachment = await lab.make("attach", { role, policyArn: policy });
    const inline = await lab.make("rolePolicy", { role, policy: document(statement) });
    await refuses(
      () => lab.delete("role", role),
      "DeleteConflict",
      "Cannot delete entity, must detach all policies first.",
    );
    await refuses(() => lab.delete("policy", policy), "DeleteConflict", "Cannot delete a policy attached to entities.");
    await lab.delete("attach", attachment);
    await refuses(
      () => lab.delete("role", role),
      "DeleteConflict",
      "Cannot delete entity, must delete policies first.",
    );
    await lab.delete("rolePolicy", inline);
    await lab.delete("role", role);
    await lab.delete("policy", policy);
    assert.deepEqual(lab.ledger.resources(), []);
  });
});

describe("policy documents", () => {
  it("allow what a statement names, with wildcards, unless another denies it", () => {
    const describe = document({ ...statement, Action: ["ec2:Describe*", "elasticloadbalancing:AddTags"] });
    assert.equal(allows([describe], "ec2:DescribeSubnets"), true);
    assert.equal(allows([describe], "ec2:CreateTags"), false);
    assert.equal(allows([describe], "elasticloadbalancing:AddTagsAndMore"), false);
    const deny = document({ ...statement, Effect: "Deny", Action: "ec2:DescribeSubnets" });
    assert.equal(allows([describe, deny], "ec2:DescribeSubnets"), false);
  });

  it("trust a service for all of the actions or not at all", () => {
    const text = document(trust);
    assert.equal(trusts(text, "ec2.amazonaws.com"), true);
    assert.equal(trusts(text, "eks.amazonaws.com"), false);
    assert.equal(trusts(text, "ec2.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]), false);
  });
});

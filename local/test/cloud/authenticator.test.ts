import "./own-world.ts";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccessEntry, ClusterRecord } from "../../aws/runtime.ts";
import { Authenticator } from "../../cloud/cluster/authenticator.ts";

const east = { name: "east", region: "us-east-1" } as ClusterRecord;
const west = { name: "west", region: "us-east-1" } as ClusterRecord;
const me = "arn:aws:iam::123456789012:user/me";

function entry(policy: string | undefined, groups: string[] = []): AccessEntry {
  const policyArn = `arn:aws:eks::aws:cluster-access-policy/${policy}`;
  const policies = policy === undefined ? [] : [{ policyArn, scope: { type: "cluster" as const } }];
  return { principalArn: me, username: me, groups, policies };
}

describe("the authenticator", () => {
  const folder = mkdtempSync(join(tmpdir(), "il-token-"));
  const authenticator = new Authenticator(folder);
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const review = (token: string, cluster = east, now?: number) => authenticator.review(cluster, token, now);

  it("knows a principal by its access entry, and not after the entry has gone", () => {
    const { token } = authenticator.token(east, me);
    assert.deepEqual(review(token), { error: `no access entry for ${me}` });
    authenticator.setAccess(east, [entry("AmazonEKSClusterAdminPolicy", ["team"])]);
    assert.deepEqual(review(token), { username: me, principal: me, groups: ["team", "system:masters"] });
    authenticator.setAccess(east, [entry("AmazonEKSViewPolicy")]);
    assert.deepEqual(review(token), { username: me, principal: me, groups: ["eks:access-policy:AmazonEKSViewPolicy"] });
    authenticator.setAccess(east, []);
    assert.ok("error" in review(token));
  });

  it("refuses tokens that are forged, stale or another cluster's", () => {
    for (const cluster of [east, west]) authenticator.setAccess(cluster, [entry(undefined)]);
    const { token, expirationTimestamp } = authenticator.token(east, me);
    assert.deepEqual(review(token, west), { error: "token is for another cluster" });
    assert.deepEqual(review(token, east, Date.parse(expirationTimestamp) + 1000), { error: "token has expired" });
    const [body = "", signature = ""] = token.slice("k8s-aws-v1.".length).split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, principal: "arn:aws:iam::1:root" })).toString("base64url");
    for (const bad of [`k8s-aws-v1.${forged}.${signature}`, `k8s-aws-v1.${body}`, body, ""]) {
      assert.deepEqual(review(bad), { error: "unknown token" });
    }
  });

  it("keeps its key over a restart", () => {
    authenticator.setAccess(east, [entry(undefined)]);
    const again = new Authenticator(folder);
    again.setAccess(east, [entry(undefined)]);
    assert.ok("username" in again.review(east, authenticator.token(east, me).token));
  });
});

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { dirname, join } from "node:path";
import type { AccessEntry, ClusterRecord, ClusterToken } from "../../aws/runtime.ts";
import { authenticatorPort, internetAddresses } from "../names.ts";
import { accessPolicyGroup } from "./bootstrap.ts";

const prefix = "k8s-aws-v1.";
/** `aws eks get-token` says 14 minutes. */
const lifetime = 14 * 60_000;

interface Claims {
  cluster: string;
  region: string;
  principal: string;
  /** Milliseconds since 1970. */
  expires: number;
}

/** Who a token review finds, or why nobody. */
export type Review = { username: string; groups: string[]; principal: string } | { error: string };

function keyOf(cluster: { region: string; name: string }): string {
  return `${cluster.region}/${cluster.name}`;
}

/**
 * Hands out tokens for principals and answers the API servers' token reviews by the clusters' access entries, so that
 * a changed entry counts at once. A principal without an entry is nobody: the API server says Unauthorized, as EKS's.
 */
export class Authenticator {
  readonly #secret: Buffer;
  readonly #access = new Map<string, AccessEntry[]>();
  #server: Server | undefined;

  constructor(runDir: string) {
    const file = join(runDir, "clusters", "token.key");
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
    this.#secret = readFileSync(file);
  }

  setAccess(cluster: { region: string; name: string }, entries: AccessEntry[]): void {
    this.#access.set(keyOf(cluster), entries);
  }

  forget(cluster: { region: string; name: string }): void {
    this.#access.delete(keyOf(cluster));
  }

  token(cluster: ClusterRecord, principal: string, now = Date.now()): ClusterToken {
    const claims: Claims = { cluster: cluster.name, region: cluster.region, principal, expires: now + lifetime };
    const body = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return {
      token: `${prefix}${body}.${this.#sign(body)}`,
      // Without fractions of a second, as the AWS CLI prints it.
      expirationTimestamp: `${new Date(claims.expires).toISOString().slice(0, 19)}Z`,
    };
  }

  review(cluster: { region: string; name: string }, token: string, now = Date.now()): Review {
    const [body = "", signature = ""] = token.startsWith(prefix) ? token.slice(prefix.length).split(".") : [];
    const expected = Buffer.from(this.#sign(body));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { error: "unknown token" };
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
    if (claims.expires < now) return { error: "token has expired" };
    if (keyOf({ region: claims.region, name: claims.cluster }) !== keyOf(cluster)) {
      return { error: "token is for another cluster" };
    }
    const entry = this.#access.get(keyOf(cluster))?.find(({ principalArn }) => principalArn === claims.principal);
    if (entry === undefined) return { error: `no access entry for ${claims.principal}` };
    return { username: entry.username, groups: groupsOf(entry), principal: entry.principalArn };
  }

  listen(address: string = internetAddresses.authenticator): Promise<void> {
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(this.#respond(request.url ?? "/", text)));
      });
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(authenticatorPort, address, resolve);
    });
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #respond(url: string, text: string): object {
    const [region = "", name = ""] = url.split("?")[0]?.slice(1).split("/") ?? [];
    let review: Review;
    try {
      const { spec } = JSON.parse(text) as { spec?: { token?: string } };
      review = this.review({ region, name }, spec?.token ?? "");
    } catch {
      review = { error: "not a TokenReview" };
    }
    const status =
      "error" in review
        ? { authenticated: false, error: review.error }
        : {
            authenticated: true,
            user: {
              username: review.username,
              uid: review.principal,
              groups: review.groups,
              extra: { arn: [review.principal] },
            },
          };
    return { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", status };
  }

  #sign(body: string): string {
    return createHmac("sha256", this.#secret).update(body).digest("base64url");
  }
}

/** The entry's own groups, and one per access policy with cluster scope. */
function groupsOf({ groups, policies }: AccessEntry): string[] {
  const named = policies
    .filter(({ scope }) => scope.type === "cluster")
    .map(({ policyArn }) => policyArn.split("/").at(-1) ?? "")
    .map((policy) => (policy === "AmazonEKSClusterAdminPolicy" ? "system:masters" : accessPolicyGroup(policy)));
  return [...groups, ...named];
}

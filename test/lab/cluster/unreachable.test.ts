import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import { reaching, whyUnreachable } from "../../../lab/cluster/unreachable.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";

const fetchFailed = (code: string): Error =>
  new TypeError("Failed to fetch resource metadata for v1/Node: fetch failed", {
    cause: Object.assign(new Error(code), { code }),
  });

describe("a cluster that does not answer", () => {
  const cases: readonly [string, Error, RegExp][] = [
    ["is not there", fetchFailed("ENOTFOUND"), /^The API server of east cannot be reached \(ENOTFOUND\)/],
    ["refuses", fetchFailed("ECONNREFUSED"), /cannot be reached \(ECONNREFUSED\)/],
    ["hangs", fetchFailed("UND_ERR_CONNECT_TIMEOUT"), /cannot be reached \(UND_ERR_CONNECT_TIMEOUT\)/],
    ["fails without a code", new TypeError("fetch failed"), /cannot be reached \(no connection\)/],
    [
      "forbids it",
      new ApiException(
        403,
        "Forbidden",
        JSON.stringify({ kind: "Status", message: 'nodes is forbidden: User "me"' }),
        {},
      ),
      /^The API server of east refuses: nodes is forbidden: User "me"$/,
    ],
    [
      "forbids it, and its answer is parsed",
      new ApiException(403, "Forbidden", { kind: "Status", message: "nodes is forbidden" }, {}),
      /^The API server of east refuses: nodes is forbidden$/,
    ],
    [
      "stands behind a proxy that forbids it",
      new ApiException(403, "", "<html>\nno</html>", {}),
      /403 <html> no<\/html>$/,
    ],
    ["does not know the token", new ApiException(401, "Unauthorized", {}, {}), /does not know who asks \(401\)/],
    [
      "needs a command that is missing",
      Object.assign(new Error("Failed to fetch resource metadata for v1/Node: spawn aws ENOENT"), { code: "ENOENT" }),
      /logs in with the command `aws`, which is not there/,
    ],
    [
      "needs a login that has expired",
      new Error(
        "Failed to fetch resource metadata for v1/Node: \nAn error occurred (ExpiredToken): The token has expired\n",
      ),
      /its login failed with "An error occurred \(ExpiredToken\): The token has expired"\. Log in to AWS again/,
    ],
  ];
  for (const [what, error, says] of cases) {
    it(`${what}: one sentence says so, without a stack trace`, async () => {
      await assert.rejects(
        reaching("east", () => Promise.reject(error)),
        (thrown) => thrown instanceof UsageError && says.test(thrown.message) && !thrown.message.includes("\n"),
      );
    });
  }

  it("is no cluster that answers otherwise", async () => {
    for (const error of [new ApiException(409, "Conflict", {}, {}), new Error("exec failed in server-1")]) {
      assert.equal(whyUnreachable("east", error), undefined);
      await assert.rejects(
        reaching("east", () => Promise.reject(error)),
        (thrown) => thrown === error,
      );
    }
  });
});

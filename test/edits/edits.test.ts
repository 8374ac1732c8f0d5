import assert from "node:assert/strict";
import { ResourceGraph } from "../../lab/recorder/graph.ts";
import { recordConfig } from "../components/record.ts";
import { changesBetween } from "./changes.ts";
import { running } from "./edit.ts";
import { edits } from "./edits.ts";

/** `Kind name` of a URN, such as `Vpc east-network-vpc`. */
const short = (urn: string): string => {
  const [type = "", name = ""] = urn.split("::").slice(2);
  return `${type.split(/[$:]/).at(-1) ?? ""} ${name}`;
};

/** What a running lab stands on: everything else comes back within minutes, and without new identities. */
const lasting = /^((Cluster|Vpc|Subnet) |(PrivateKey|SelfSignedCert) lab-trust-)/;

describe("an edit of the stack file", () => {
  for (const { name, from = running, to, endsWhatLasts, ...allowed } of edits) {
    it(`${name}: changes what it must${endsWhatLasts === undefined ? "" : ", what lasts among it"}`, async () => {
      const changes = changesBetween(await recordConfig(from), await recordConfig(to(from)));
      for (const kind of ["created", "updated", "replaced", "deleted"] as const) {
        const seen = changes[kind].map(short);
        const patterns = allowed[kind] ?? [];
        assert.deepEqual(
          seen.filter((each) => !patterns.some((pattern) => pattern.test(each))),
          [],
          `${kind}, and not on the list`,
        );
        assert.deepEqual(
          patterns.filter((pattern) => !seen.some((each) => pattern.test(each))),
          [],
          `on the list as ${kind}, and not so`,
        );
      }
      const ended = [...changes.replaced, ...changes.deleted].map(short).filter((each) => lasting.test(each));
      if (endsWhatLasts === undefined) assert.deepEqual(ended, [], "made anew or gone, and no reason is named");
      else assert.notDeepEqual(ended, [], `nothing that lasts goes, although: ${endsWhatLasts}`);
    });
  }
});

describe("the comparison of two recorded labs", () => {
  it("sees that a replaced network takes along what stands in it, and not what merely knows it", async () => {
    const before = await recordConfig(running);
    const vpc = before.named("east-network-vpc");
    const other = { ...vpc, inputs: { ...vpc.inputs, cidrBlock: "10.99.0.0/16" } };
    const after = new ResourceGraph(before.nodes.map((node) => (node === vpc ? other : node)));
    const { replaced, updated } = changesBetween(before, after);
    assert.ok(replaced.map(short).includes("Subnet east-network-public-a"));
    assert.deepEqual(updated.map(short).sort(), [
      "Cluster east",
      "InternetGateway east-network-igw",
      "Release east-load-balancers",
    ]);
  });

  it("sees a replaced root, and every certificate under it", async () => {
    const before = await recordConfig(running);
    const root = before.named("lab-trust-mesh1-root");
    const other = { ...root, inputs: { ...root.inputs, setAuthorityKeyId: true } };
    const after = new ResourceGraph(before.nodes.map((node) => (node === root ? other : node)));
    assert.deepEqual(changesBetween(before, after).replaced.map(short).sort(), [
      "LocallySignedCert east-istio-cacerts-intermediate",
      "LocallySignedCert west-istio-cacerts-intermediate",
      "SelfSignedCert lab-trust-mesh1-root",
    ]);
  });
});

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { EC2Client } from "@aws-sdk/client-ec2";
import { eks } from "../../../../lab/experiment/platforms/eks.ts";
import { eksOutputs } from "./outputs.ts";

interface Wire {
  readonly method: string;
  readonly hostname: string;
  readonly body: string;
}

/** What AWS answers an action: the elements of its response, or the code of its refusal. */
type Answer = { readonly xml: string } | { readonly code: string };

/** A client of AWS's own SDK whose requests end here, as text. */
function clientOf(region: string, answers: (action: string, form: URLSearchParams) => Answer, sent: Wire[]): EC2Client {
  const handle = (request: Wire) => {
    sent.push(request);
    const form = new URLSearchParams(request.body);
    const action = form.get("Action") ?? "";
    const answer = answers(action, form);
    const text =
      "xml" in answer
        ? `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${answer.xml}</${action}Response>`
        : `<Response><Errors><Error><Code>${answer.code}</Code><Message>No.</Message></Error></Errors></Response>`;
    const body = Readable.from([Buffer.from(text)]);
    return Promise.resolve({ response: { statusCode: "xml" in answer ? 200 : 400, headers: {}, body } });
  };
  const handler = { handle, updateHttpClientConfig: () => undefined, httpHandlerConfigs: () => ({}) };
  return new EC2Client({
    region,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "none" },
    maxAttempts: 1,
    requestHandler: handler as never,
  });
}

const rule = (egress: boolean, number: number, action: string): string =>
  `<item><ruleNumber>${String(number)}</ruleNumber><protocol>-1</protocol><ruleAction>${action}</ruleAction>` +
  `<egress>${String(egress)}</egress><cidrBlock>0.0.0.0/0</cidrBlock></item>`;
const fallback = rule(true, 32_767, "deny") + rule(false, 32_767, "deny");

const acl = (id: string, rules: string, association: string, tags: string): string =>
  `<networkAclId>${id}</networkAclId><vpcId>vpc-1</vpcId><default>false</default><entrySet>${rules}</entrySet>` +
  `<associationSet><item><networkAclAssociationId>${association}</networkAclAssociationId>` +
  `<networkAclId>${id}</networkAclId><subnetId>subnet-b</subnetId></item></associationSet><tagSet>${tags}</tagSet>`;

const subnet =
  "<subnetSet><item><subnetId>subnet-b</subnetId><vpcId>vpc-1</vpcId>" +
  "<availabilityZone>us-east-1b</availabilityZone></item></subnetSet>";

describe("requests to EC2, as AWS's SDK writes them", () => {
  const cut = { cluster: "east", zones: ["us-east-1b"], blocks: ["198.51.100.7/32"], says: "partition" };
  let sent: Wire[];
  let copied: boolean;
  let refused: { action: string; code: string } | undefined;

  beforeEach(() => {
    sent = [];
    copied = false;
    refused = undefined;
  });

  function answers(action: string, form: URLSearchParams): Answer {
    if (refused?.action === action) return refused;
    if (action === "DescribeSubnets") return { xml: subnet };
    if (action === "DescribeNetworkAcls") {
      const usual = acl("acl-usual", rule(true, 100, "allow") + rule(false, 100, "allow") + fallback, "aclassoc-1", "");
      const tag = "<item><key>istio-lab/copy-of</key><value>acl-usual</value></item>";
      const copy = copied ? `<item>${acl("acl-copy", fallback, "aclassoc-2", tag)}</item>` : "";
      const asked = form.get("Filter.1.Name") === "association.subnet-id" ? `<item>${usual}</item>` : copy;
      return { xml: `<networkAclSet>${asked}</networkAclSet>` };
    }
    if (action === "CreateNetworkAcl") {
      return { xml: `<networkAcl><networkAclId>acl-copy</networkAclId><entrySet>${fallback}</entrySet></networkAcl>` };
    }
    return { xml: "<return>true</return>" };
  }

  const platform = () => eks({ ...eksOutputs(), client: (region) => clientOf(region, answers, sent) });
  /** The forms that were posted, without the version, which all have. */
  const forms = (): Record<string, string>[] =>
    sent.splice(0).map(({ method, hostname, body }) => {
      assert.deepEqual([method, hostname], ["POST", "ec2.us-east-1.amazonaws.com"]);
      const { Version, ...form } = Object.fromEntries(new URLSearchParams(body));
      assert.equal(Version, "2016-11-15");
      return form;
    });

  it("ask for the subnets by their tags, and for the ACLs that these have", async () => {
    await platform().prepare(cut);
    assert.deepEqual(forms(), [
      {
        Action: "DescribeSubnets",
        "Filter.1.Name": "tag:istio-lab/id",
        "Filter.1.Value.1": "0badcafe",
        "Filter.2.Name": "tag:Name",
        "Filter.2.Value.1": "east-network-public-?",
        "Filter.2.Value.2": "east-network-private-?",
      },
      { Action: "DescribeNetworkAcls", "Filter.1.Name": "association.subnet-id", "Filter.1.Value.1": "subnet-b" },
    ]);
  });

  it("make a copy of the ACL with rules before its own, and give it to the subnet", async () => {
    const prepared = (await platform().prepare(cut)) as { id: string };
    forms();
    await platform().cut(prepared);
    const [asked, made, ...rest] = forms();
    assert.deepEqual(asked, {
      ...{ Action: "DescribeNetworkAcls", "Filter.1.Name": "tag:istio-lab/cut", "Filter.1.Value.1": prepared.id },
    });
    const tags = [
      ...[
        ["istio-lab/id", "0badcafe"],
        ["Name", "east: partition"],
      ],
      ...[
        ["istio-lab/cut", prepared.id],
        ["istio-lab/copy-of", "acl-usual"],
      ],
    ].flatMap(([key, value], index) => [
      [`TagSpecification.1.Tag.${String(index + 1)}.Key`, key],
      [`TagSpecification.1.Tag.${String(index + 1)}.Value`, value],
    ]);
    assert.deepEqual(made, {
      ...{ Action: "CreateNetworkAcl", VpcId: "vpc-1", ClientToken: `${prepared.id}-acl-usual` },
      "TagSpecification.1.ResourceType": "network-acl",
      ...(Object.fromEntries(tags) as object),
    });
    const entry = (Egress: string, RuleNumber: string, RuleAction: string, CidrBlock: string) => ({
      ...{ Action: "CreateNetworkAclEntry", NetworkAclId: "acl-copy", Protocol: "-1" },
      ...{ Egress, RuleNumber, RuleAction, CidrBlock },
    });
    assert.deepEqual(rest, [
      entry("false", "1", "deny", "198.51.100.7/32"),
      entry("false", "2", "allow", "0.0.0.0/0"),
      entry("true", "1", "deny", "198.51.100.7/32"),
      entry("true", "2", "allow", "0.0.0.0/0"),
      { Action: "ReplaceNetworkAclAssociation", AssociationId: "aclassoc-1", NetworkAclId: "acl-copy" },
    ]);
  });

  it("give the subnet its ACL back and delete the copy, and take it well that the copy is gone", async () => {
    const prepared = await platform().prepare(cut);
    copied = true;
    for (const code of [undefined, "InvalidNetworkAclID.NotFound"]) {
      refused = code === undefined ? undefined : { action: "DeleteNetworkAcl", code };
      forms();
      await platform().mend(prepared);
      assert.deepEqual(forms().slice(1), [
        { Action: "ReplaceNetworkAclAssociation", AssociationId: "aclassoc-2", NetworkAclId: "acl-usual" },
        { Action: "DeleteNetworkAcl", NetworkAclId: "acl-copy" },
      ]);
    }
    refused = { action: "DeleteNetworkAcl", code: "DependencyViolation" };
    await assert.rejects(platform().mend(prepared), { name: "DependencyViolation" });
  });

  it("take it well that a rule stands already, and nothing else that AWS refuses", async () => {
    const prepared = await platform().prepare(cut);
    refused = { action: "CreateNetworkAclEntry", code: "NetworkAclEntryAlreadyExists" };
    await platform().cut(prepared);
    assert.equal(forms().at(-1)?.["Action"], "ReplaceNetworkAclAssociation");
    refused = { action: "CreateNetworkAclEntry", code: "NetworkAclEntryLimitExceeded" };
    await assert.rejects(platform().cut(prepared), { name: "NetworkAclEntryLimitExceeded" });
    assert.ok(forms().every(({ Action }) => Action !== "ReplaceNetworkAclAssociation"));
  });
});

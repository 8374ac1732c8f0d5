import assert from "node:assert/strict";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient } from "@aws-sdk/client-eks";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import { accountIn } from "../../../lab/aws/account.ts";
import { actionOf, type Answer, formOf, json, result, type Sent, textOf, wired, xml } from "./wire.ts";

const tag = (value: string) => `<tagSet><item><key>istio-lab/stack</key><value>${value}</value></item></tagSet>`;
const instance = (type: string, cores: number, more: string) =>
  `<item><instanceType>${type}</instanceType><cpuOptions><coreCount>${String(cores)}</coreCount>` +
  `<threadsPerCore>2</threadsPerCore></cpuOptions>${more}</item>`;
const instances = [
  instance("t3.large", 1, tag("multi")),
  instance("t3.large", 1, ""),
  instance("m5.xlarge", 2, "<instanceLifecycle>spot</instanceLifecycle>"),
  instance("inf1.xlarge", 2, ""),
].join("");

/** As the references of the APIs show their answers. */
const usual: Record<string, Answer> = {
  GetCallerIdentity: result("GetCallerIdentity", "<Arn>arn:aws:iam::111122223333:user/me</Arn>"),
  GetServiceQuota: json({ Quota: { Value: 5 } }),
  DescribeVpcs: xml("DescribeVpcs", `<vpcSet><item>${tag("multi")}</item><item>${tag("other")}</item><item/></vpcSet>`),
  DescribeAddresses: xml(
    "DescribeAddresses",
    "<addressesSet><item><allocationId>e</allocationId></item></addressesSet>",
  ),
  DescribeInstances: xml(
    "DescribeInstances",
    `<reservationSet><item><instancesSet>${instances}</instancesSet></item></reservationSet>`,
  ),
  DescribeInstanceTypes: xml(
    "DescribeInstanceTypes",
    "<instanceTypeSet><item><instanceType>t3.large</instanceType><vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo></item></instanceTypeSet>",
  ),
  DescribeAvailabilityZones: xml(
    "DescribeAvailabilityZones",
    "<availabilityZoneInfo><item><zoneName>us-east-1a</zoneName><zoneId>use1-az3</zoneId></item></availabilityZoneInfo>",
  ),
  "GET /cluster-versions": json({
    clusterVersions: [
      { clusterVersion: "1.36", versionStatus: "STANDARD_SUPPORT", endOfStandardSupportDate: 1_817_164_800 },
    ],
  }),
};

describe("what the doctor asks of AWS, as AWS's SDK writes it", () => {
  let sent: Sent[];
  let answers: Record<string, Answer>;
  const account = () => {
    const settings = wired(
      "us-east-1",
      (request) => answers[actionOf(request)] ?? { status: 400, text: actionOf(request) },
      sent,
    );
    return accountIn(
      {
        ...{ ec2: new EC2Client(settings), eks: new EKSClient(settings) },
        ...{ quotas: new ServiceQuotasClient(settings), sts: new STSClient(settings) },
      },
      "multi",
    );
  };

  beforeEach(() => {
    sent = [];
    answers = { ...usual };
  });

  it("who asks", async () => {
    assert.equal(await account().caller(), "arn:aws:iam::111122223333:user/me");
    assert.deepEqual(formOf(sent[0]!), { Action: "GetCallerIdentity" });
  });

  it("a quota, and the default where the account never had its own", async () => {
    assert.equal(await account().quota("vpcs"), 5);
    assert.deepEqual(JSON.parse(textOf(sent[0]!)), { ServiceCode: "vpc", QuotaCode: "L-F678F1CE" });
    answers["GetServiceQuota"] = {
      status: 400,
      text: JSON.stringify({ __type: "NoSuchResourceException", Message: "no" }),
    };
    answers["GetAWSDefaultServiceQuota"] = json({ Quota: { Value: 32 } });
    assert.equal(await account().quota("onDemand"), 32);
    answers["GetServiceQuota"] = {
      status: 400,
      text: JSON.stringify({ __type: "AccessDeniedException", Message: "no" }),
    };
    await assert.rejects(account().quota("spot"), { name: "AccessDeniedException" });
  });

  it("what is used, without what is the stack's own or of another quota", async () => {
    assert.deepEqual(await account().usage(), { vpcs: 2, addresses: 1, onDemand: 2, spot: 4 });
    const asked = sent.map(formOf).find(({ Action }) => Action === "DescribeInstances");
    assert.deepEqual(asked, {
      ...{ Action: "DescribeInstances", MaxResults: "1000", "Filter.1.Name": "instance-state-name" },
      ...{ "Filter.1.Value.1": "pending", "Filter.1.Value.2": "running" },
    });
  });

  it("instance types and zones that the region has", async () => {
    assert.deepEqual(await account().vcpus(["t3.large", "x9.z"]), { "t3.large": 2 });
    assert.deepEqual(await account().zones(), [{ name: "us-east-1a", id: "use1-az3" }]);
    assert.deepEqual(
      sent.map(formOf).map((form) => form["Filter.1.Name"]),
      ["instance-type", "opt-in-status"],
    );
  });

  it("what EKS says of a version", async () => {
    assert.deepEqual(await account().eksVersion("1.36"), { status: "STANDARD_SUPPORT", standardEnds: "2027-08-02" });
    answers["GET /cluster-versions"] = json({ clusterVersions: [] });
    assert.equal(await account().eksVersion("1.99"), undefined);
  });
});

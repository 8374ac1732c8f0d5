import assert from "node:assert/strict";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient } from "@aws-sdk/client-eks";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { accountInventory } from "../../../lab/audit/account.ts";
import { leftoversOf } from "../../../lab/audit/leftovers.ts";
import { UsageError } from "../../../lab/plan/usage-error.ts";
import { actionOf, type Answer, formOf, json, result, type Sent, textOf, wired, xml } from "../aws/wire.ts";

const eksName = "east-eksCluster-1a2b3c4";
const tags = "<tagSet><item><key>istio-lab/id</key><value>0badcafe</value></item></tagSet>";
const set = (action: string, name: string, ...items: string[]) =>
  xml(action, `<${name}>${items.map((item) => `<item>${item}</item>`).join("")}</${name}>`);
const member = (...items: string[]) => items.map((item) => `<member>${item}</member>`).join("");
const balancer = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/k8s-a/1";
const group = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/k8s-a/1";
const healthCheck = "arn:aws:route53:::healthcheck/0a1b";

/** As the references of the APIs show their answers. */
const usual: Record<string, Answer> = {
  DescribeVpcs: set("DescribeVpcs", "vpcSet", `<vpcId>vpc-1</vpcId>${tags}`, "<vpcId>vpc-9</vpcId>"),
  DescribeSubnets: set("DescribeSubnets", "subnetSet", "<subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>"),
  DescribeRouteTables: set(
    "DescribeRouteTables",
    "routeTableSet",
    "<routeTableId>rtb-main</routeTableId><vpcId>vpc-1</vpcId><associationSet><item><main>true</main></item></associationSet>",
    "<routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId>",
  ),
  DescribeNetworkAcls: set(
    "DescribeNetworkAcls",
    "networkAclSet",
    "<networkAclId>acl-default</networkAclId><vpcId>vpc-1</vpcId><default>true</default>",
    "<networkAclId>acl-1</networkAclId><vpcId>vpc-1</vpcId><default>false</default>",
  ),
  DescribeSecurityGroups: set(
    "DescribeSecurityGroups",
    "securityGroupInfo",
    "<groupId>sg-default</groupId><groupName>default</groupName><vpcId>vpc-1</vpcId>",
    "<groupId>sg-1</groupId><groupName>k8s-traffic</groupName><vpcId>vpc-1</vpcId>",
  ),
  DescribeInternetGateways: set(
    "DescribeInternetGateways",
    "internetGatewaySet",
    "<internetGatewayId>igw-1</internetGatewayId><attachmentSet><item><vpcId>vpc-1</vpcId></item></attachmentSet>",
  ),
  DescribeNatGateways: set(
    "DescribeNatGateways",
    "natGatewaySet",
    "<natGatewayId>nat-gone</natGatewayId><state>deleted</state><vpcId>vpc-1</vpcId>",
  ),
  DescribeVpcPeeringConnections: set("DescribeVpcPeeringConnections", "vpcPeeringConnectionSet"),
  DescribeNetworkInterfaces: set(
    "DescribeNetworkInterfaces",
    "networkInterfaceSet",
    "<networkInterfaceId>eni-1</networkInterfaceId><vpcId>vpc-1</vpcId>",
    "<networkInterfaceId>eni-9</networkInterfaceId><vpcId>vpc-9</vpcId>",
  ),
  DescribeInstances: set(
    "DescribeInstances",
    "reservationSet",
    `<instancesSet><item><instanceId>i-gone</instanceId><instanceState><name>terminated</name></instanceState>${tags}</item></instancesSet>`,
  ),
  DescribeVolumes: set("DescribeVolumes", "volumeSet", `<volumeId>vol-1</volumeId>${tags}`),
  DescribeAddresses: set("DescribeAddresses", "addressesSet", `<allocationId>eipalloc-1</allocationId>${tags}`),
  DescribeLaunchTemplates: set("DescribeLaunchTemplates", "launchTemplates"),
  DescribeLoadBalancers: result(
    "DescribeLoadBalancers",
    `<LoadBalancers>${member(`<LoadBalancerArn>${balancer}</LoadBalancerArn><VpcId>vpc-8</VpcId>`)}</LoadBalancers>`,
  ),
  DescribeTargetGroups: result(
    "DescribeTargetGroups",
    `<TargetGroups>${member(`<TargetGroupArn>${group}</TargetGroupArn><VpcId>vpc-8</VpcId>`)}</TargetGroups>`,
  ),
  DescribeTags: result(
    "DescribeTags",
    `<TagDescriptions>${member(`<ResourceArn>${group}</ResourceArn><Tags>${member(`<Key>elbv2.k8s.aws/cluster</Key><Value>${eksName}</Value>`)}</Tags>`)}</TagDescriptions>`,
  ),
  "GET /clusters": json({ clusters: [eksName, "production"] }),
  [`GET /clusters/${eksName}`]: json({ cluster: { tags: {}, resourcesVpcConfig: { vpcId: "vpc-1" } } }),
  "GET /clusters/production": json({ cluster: { tags: {} } }),
  [`GET /clusters/${eksName}/node-groups`]: json({ nodegroups: ["east-nodes"] }),
  "GET /clusters/production/node-groups": json({ nodegroups: ["theirs"] }),
  DescribeLogGroups: json({
    logGroups: [{ logGroupName: `/aws/eks/${eksName}/cluster` }, { logGroupName: "/aws/eks/production/cluster" }],
  }),
  GetResources: json({
    ResourceTagMappingList: [
      {
        ResourceARN: "arn:aws:ec2:us-east-1:111122223333:instance/i-gone",
        Tags: [{ Key: "istio-lab/id", Value: "0badcafe" }],
      },
      { ResourceARN: healthCheck, Tags: [{ Key: "istio-lab/id", Value: "0badcafe" }] },
    ],
  }),
  ListRoles: result(
    "ListRoles",
    `<Roles>${member("<RoleName>east-nodes-role</RoleName>", "<RoleName>theirs</RoleName>")}</Roles>`,
  ),
  ListRoleTags: result("ListRoleTags", `<Tags>${member("<Key>istio-lab/id</Key><Value>0badcafe</Value>")}</Tags>`),
  ListPolicies: result("ListPolicies", "<Policies/>"),
};

describe("what an audit asks of AWS, as AWS's SDK writes it", () => {
  let sent: Sent[];
  let answers: Record<string, Answer>;
  const answer = (request: Sent): Answer =>
    answers[actionOf(request)] ?? { status: 400, text: `no answer to ${actionOf(request)}` };
  const inventory = () =>
    accountInventory({
      ...{ regions: ["us-east-1"], clusters: ["east"], iam: new IAMClient(wired("us-east-1", answer, sent)) },
      clients: (region) => {
        const settings = wired(region, answer, sent);
        return {
          ...{
            ec2: new EC2Client(settings),
            elb: new ElasticLoadBalancingV2Client(settings),
            eks: new EKSClient(settings),
          },
          ...{ logs: new CloudWatchLogsClient(settings), tagging: new ResourceGroupsTaggingAPIClient(settings) },
        };
      },
    });

  beforeEach(() => {
    sent = [];
    answers = { ...usual };
  });

  it("finds what is the lab's, leaves out what is gone, goes by itself or is another's", async () => {
    const { resources, unasked } = await inventory();
    assert.deepEqual(unasked, []);
    const left = leftoversOf(resources, { labId: "0badcafe", stack: "multi", eksNames: [], clusters: ["east"] });
    assert.deepEqual(
      left.map(({ id }) => id),
      [
        // The balancer's own tags are gone; its VPC is known by the target group.
        ...[`${eksName}:east-nodes`, eksName, balancer, group, "eni-1", "eipalloc-1", "vol-1", "sg-1", "igw-1"],
        ...["subnet-1", "rtb-1", "acl-1", "vpc-1", `/aws/eks/${eksName}/cluster`, "east-nodes-role", "0a1b"],
      ],
    );
  });

  it("asks for tags by arn, for log groups by prefix, for roles by name, and changes nothing", async () => {
    await inventory();
    const form = (action: string) => sent.map(formOf).find(({ Action }) => Action === action);
    assert.deepEqual(form("DescribeTags"), {
      ...{ Action: "DescribeTags", "ResourceArns.member.1": balancer, "ResourceArns.member.2": group },
    });
    assert.deepEqual(form("ListRoleTags"), { Action: "ListRoleTags", RoleName: "east-nodes-role" });
    assert.equal(sent.filter((each) => actionOf(each) === "ListRoleTags").length, 1, "nobody's role but the lab's");
    const logs = sent.find((each) => actionOf(each) === "DescribeLogGroups")!;
    assert.deepEqual(JSON.parse(textOf(logs)), { logGroupNamePrefix: "/aws/eks/" });
    for (const each of sent) assert.match(actionOf(each), /^(Describe|List|Get|GET )/);
  });

  it("says what could not be asked, and goes on with the rest", async () => {
    answers["ListRoles"] = {
      status: 403,
      text: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
    };
    const { resources, unasked } = await inventory();
    assert.deepEqual(unasked, [{ what: "IAM", why: "AccessDenied: no" }]);
    assert.ok(resources.length > 0);
  });

  it("says in one sentence that nobody could be asked", async () => {
    const expired =
      "<Response><Errors><Error><Code>ExpiredToken</Code><Message>no</Message></Error></Errors></Response>";
    answers = Object.fromEntries(Object.keys(usual).map((action) => [action, { status: 400, text: expired }]));
    await assert.rejects(
      inventory(),
      (error) => error instanceof UsageError && /could not be asked/.test(error.message),
    );
  });
});

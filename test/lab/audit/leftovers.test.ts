import assert from "node:assert/strict";
import pc from "picocolors";
import { type Identity, leftoversOf } from "../../../lab/audit/leftovers.ts";
import { removalOf } from "../../../lab/audit/removal.ts";
import { type Audit, auditLines, isClean, notesOn } from "../../../lab/audit/report.ts";
import { kinds, type Resource } from "../../../lab/audit/resource.ts";

const identity: Identity = { labId: "0badcafe", stack: "multi", eksNames: [], clusters: ["east", "west"] };
const eksName = "east-eksCluster-1a2b3c4";

const made = (id: string, more: Partial<Resource> = {}): Resource => ({
  ...{ kind: "security group", id, region: "us-east-1", tags: {} },
  ...more,
});
const idsOf = (resources: readonly Resource[], of: Identity = identity) =>
  leftoversOf(resources, of).map(({ id }) => id);
const tagged = (tags: Record<string, string>) => made("sg-1", { tags });

describe("what is left of a lab", () => {
  const ours: readonly [string, Resource, Identity?][] = [
    ["the lab's tag", tagged({ "istio-lab/id": "0badcafe" })],
    [
      "the stack's tag, when the id is forgotten after destroy",
      tagged({ "istio-lab/id": "?", "istio-lab/stack": "multi" }),
      { ...identity, labId: undefined } as never,
    ],
    ["the tag of the load balancer controller", tagged({ "elbv2.k8s.aws/cluster": eksName })],
    ["the tag of EKS and the CNI", tagged({ [`kubernetes.io/cluster/${eksName}`]: "owned" })],
    ["EKS's tag of a node group", tagged({ "eks:cluster-name": eksName })],
    ["the name of an EKS cluster", made(eksName, { kind: "EKS cluster", cluster: eksName })],
    ["the name of a log group", made(`/aws/eks/${eksName}/cluster`, { kind: "log group", cluster: eksName })],
    [
      "a name that the stack's outputs say",
      tagged({ "elbv2.k8s.aws/cluster": "called-otherwise" }),
      { ...identity, eksNames: ["called-otherwise"] },
    ],
  ];
  for (const [what, resource, of] of ours)
    it(`is known by ${what}`, () => assert.deepEqual(idsOf([resource], of), [resource.id]));

  const others: readonly [string, Resource][] = [
    ["has no tag", made("sg-1")],
    ["is another lab's", tagged({ "istio-lab/id": "deadbeef", "istio-lab/stack": "multi" })],
    [
      "is another lab's with a cluster of the same name",
      tagged({ "istio-lab/id": "deadbeef", "elbv2.k8s.aws/cluster": eksName }),
    ],
    ["is of a cluster that is called alike", tagged({ "elbv2.k8s.aws/cluster": "northeast-eksCluster-1a2b3c4" })],
    ["is of a cluster that only begins alike", tagged({ [`kubernetes.io/cluster/east-production`]: "owned" })],
  ];
  for (const [what, resource] of others) it(`is nothing that ${what}`, () => assert.deepEqual(idsOf([resource]), []));

  it("has everything in the lab's VPC, with a tag or without, but nothing of another lab's", () => {
    const resources = [
      made("eni-1", { kind: "network interface", vpcId: "vpc-1" }),
      made("eni-2", { kind: "network interface", vpcId: "vpc-2" }),
      made("sg-1", { vpcId: "vpc-1", tags: { "istio-lab/id": "deadbeef" } }),
      made("vpc-1", { kind: "VPC", tags: { "istio-lab/id": "0badcafe" } }),
      made("vpc-2", { kind: "VPC" }),
    ];
    assert.deepEqual(idsOf(resources), ["eni-1", "vpc-1"]);
  });

  it("has nothing that EKS made for another lab, though its cluster is called alike and carries no tag", () => {
    const theirs = { "istio-lab/id": "deadbeef", "istio-lab/stack": "multi" };
    const resources = [
      made(eksName, { kind: "EKS cluster", cluster: eksName, vpcId: "vpc-2", tags: theirs }),
      made("vpc-2", { kind: "VPC", tags: theirs }),
      made("sg-1", { vpcId: "vpc-2", tags: { [`kubernetes.io/cluster/${eksName}`]: "owned" } }),
      made("eni-1", { kind: "network interface", vpcId: "vpc-2" }),
      made("eni-2", {
        kind: "network interface",
        vpcId: "vpc-2",
        tags: { "eks:cluster-name": "west-eksCluster-1a2b3c4" },
      }),
      made("lt-1", { kind: "launch template", tags: { "eks:cluster-name": eksName } }),
      made("/aws/eks/east", { kind: "log group", cluster: eksName }),
    ];
    assert.deepEqual(idsOf(resources), []);
    const ours = made("sg-2", { vpcId: "vpc-2", tags: { "istio-lab/id": "0badcafe" } });
    assert.ok(idsOf([...resources, ours]).includes("sg-2"), "what carries the lab's tag is the lab's wherever it is");
  });

  it("is known by its id alone also where only its cluster carries it", () => {
    const resources = [
      made("called-otherwise", {
        ...{ kind: "EKS cluster", cluster: "called-otherwise" },
        tags: { "istio-lab/id": "0badcafe" },
      }),
      made("/aws/eks/called-otherwise/cluster", { kind: "log group", cluster: "called-otherwise" }),
      made("/aws/eks/other/cluster", { kind: "log group", cluster: "other" }),
    ];
    const alone: Identity = { labId: "0badcafe", eksNames: [], clusters: [] };
    assert.deepEqual(idsOf(resources, alone), ["called-otherwise", "/aws/eks/called-otherwise/cluster"]);
  });

  it("may have been of the clusters whose log groups outlived them, where its id alone is known", () => {
    const logs = (cluster: string) => made(`/aws/eks/${cluster}/cluster`, { kind: "log group", cluster });
    const standing = made("west-eksCluster-1a2b3c4", { kind: "EKS cluster", cluster: "west-eksCluster-1a2b3c4" });
    const resources = [standing, logs(standing.id), logs(eksName), logs("of-somebody-else")];
    const alone: Identity = { labId: "0badcafe", eksNames: [], clusters: [] };
    const left = leftoversOf(resources, alone);
    assert.deepEqual(
      left.map(({ id, by }) => [id, by]),
      [[`/aws/eks/${eksName}/cluster`, "its cluster is gone, and nothing says whose it was"]],
    );
    assert.match(notesOn({ left }, alone).join(), /^A log group carries no tag\. Look into those/);
    const named: Identity = { stack: "multi", eksNames: [], clusters: ["north"] };
    assert.deepEqual(idsOf(resources, named), [], "a stack's clusters have names");
    assert.deepEqual(notesOn({ left: [] }, alone), []);
  });

  it("has what is in a VPC that only a subnet tells of, and that VPC", () => {
    const subnet = made("subnet-1", { kind: "subnet", vpcId: "vpc-1", tags: { "istio-lab/stack": "multi" } });
    assert.deepEqual(idsOf([made("vpc-1", { kind: "VPC" }), subnet]), ["subnet-1", "vpc-1"]);
  });

  it("comes in an order in which it can be removed", () => {
    const shuffled = [...kinds].reverse().map((kind) => made(kind, { kind, tags: { "istio-lab/id": "0badcafe" } }));
    assert.deepEqual(
      leftoversOf(shuffled, identity).map(({ kind }) => kind),
      kinds,
    );
  });

  it("is removed by AWS's own commands, in the right region, and with nothing that a shell would take apart", () => {
    const it = (kind: Resource["kind"], id: string, more: Partial<Resource> = {}) =>
      removalOf(made(id, { kind, ...more }));
    assert.equal(it("security group", "sg-1"), "aws ec2 delete-security-group --region us-east-1 --group-id sg-1");
    assert.equal(
      it("EKS node group", "a:b", { cluster: "a", name: "b" }),
      "aws eks delete-nodegroup --region us-east-1 --cluster-name a --nodegroup-name b",
    );
    assert.match(
      it("internet gateway", "igw-1", { vpcId: "vpc-1" }),
      /^aws ec2 detach-internet-gateway .* --vpc-id vpc-1 && aws ec2 delete-internet-gateway /,
    );
    assert.equal(it("network ACL", "acl-1"), "aws ec2 delete-network-acl --region us-east-1 --network-acl-id acl-1");
    assert.equal(it("health check", "0a1b", { region: "" }), "aws route53 delete-health-check --health-check-id 0a1b");
    assert.match(
      it("IAM role", "east-role", { region: "" }),
      /detach-role-policy --role-name east-role.*aws iam delete-role --role-name east-role$/,
    );
    assert.ok(!it("IAM role", "east-role", { region: "" }).includes("--region"));
    assert.equal(
      it("log group", "/a'b; rm -rf ~"),
      "aws logs delete-log-group --region us-east-1 --log-group-name '/a'\\''b; rm -rf ~'",
    );
    for (const kind of kinds) assert.match(it(kind, "x"), kind === "other" ? /^# / : /aws \w+ [a-z-]+/);
  });
});

describe("an audit", () => {
  const lines = (audit: Omit<Audit, "notes"> & Partial<Audit>) =>
    auditLines({ notes: [], ...audit }, pc.createColors(false));
  const of = "the stack multi";

  it("is clean only when nothing is left and everybody was asked", () => {
    assert.ok(isClean({ of, notes: [], left: [], unasked: [] }));
    assert.deepEqual(lines({ of, left: [], unasked: [] }), ["✔ AWS has nothing of the stack multi."]);
    const gap = { of, notes: [], left: [], unasked: [{ what: "IAM", why: "AccessDenied: no" }] };
    assert.ok(!isClean(gap));
    assert.deepEqual(lines(gap), [
      "✘ IAM could not be asked: AccessDenied: no",
      "Nothing of the stack multi was found, but not everything was asked.",
    ]);
  });

  it("says of each thing where it is, how it was known, and what removes it", () => {
    const left = leftoversOf(
      [made("sg-1", { name: "k8s-traffic", tags: { "elbv2.k8s.aws/cluster": eksName } })],
      identity,
    );
    assert.ok(!isClean({ of, notes: [], left, unasked: [] }));
    assert.deepEqual(lines({ of, left, unasked: [] }), [
      "AWS still has 1 resource of the stack multi, in the order in which they can go:",
      "security group in us-east-1: k8s-traffic (sg-1)  tag elbv2.k8s.aws/cluster",
      "  aws ec2 delete-security-group --region us-east-1 --group-id sg-1",
    ]);
    assert.match(
      lines({ of, up: "multi", left, unasked: [] })[0] ?? "",
      /^The stack multi is up, so this is in use\. To remove it: pulumi destroy --stack multi$/,
    );
  });

  it("says that Pulumi has to go first, where an `up` or a `destroy` ended half way", () => {
    const left = leftoversOf([tagged({ "istio-lab/id": "0badcafe" })], identity);
    const halfway = { stack: "multi", resources: 12 };
    const notes = notesOn({ left, halfway }, identity);
    assert.match(
      lines({ of, notes, left, unasked: [] })[0] ?? "",
      /of the stack multi ended half way, or still runs: Pulumi has 12 resources.*: pulumi destroy --stack multi\. /,
    );
  });

  it("says of each thing which lab's it is, and first of all that there are several of the name", () => {
    const forgotten: Identity = { stack: "multi", eksNames: [], clusters: ["east"] };
    const of2 = (ids: readonly string[]) =>
      leftoversOf(
        ids.map((id) => made(`sg-${id}`, { tags: { "istio-lab/id": id, "istio-lab/stack": "multi" } })),
        forgotten,
      );
    const left = of2(["0badcafe", "deadbeef"]);
    const notes = notesOn({ left }, forgotten);
    const printed = lines({ of, notes, left, unasked: [] });
    assert.match(
      printed[0] ?? "",
      /^2 labs have a stack of the name multi: 0badcafe, deadbeef\..*multi --lab-id 0badcafe$/,
    );
    assert.match(printed.join("\n"), /sg-0badcafe {2}tag istio-lab\/stack, lab 0badcafe$/m);
    const one = of2(["0badcafe"]);
    assert.deepEqual(notesOn({ left: one }, forgotten), []);
  });

  it("says why it is not known whether the stack is up, where that matters", () => {
    const left = leftoversOf([tagged({ "istio-lab/id": "0badcafe" })], identity);
    const unread = "The stack multi cannot be read: it is locked.";
    assert.deepEqual(notesOn({ left, unread }, identity), [`Whether the stack is up is not known: ${unread}`]);
    assert.deepEqual(notesOn({ left: [], unread }, identity), []);
  });

  it("does not take for clean what nobody was asked about", () => {
    assert.deepEqual(lines({ of, notAsked: "it is not the lab's.", left: [], unasked: [] }), [
      "Nothing was asked about the stack multi: it is not the lab's.",
    ]);
  });
});

import assert from "node:assert/strict";
import { within } from "../../aws/cidr.ts";
import { Lab, addressIn, refuses } from "./lab.ts";
import type { Running } from "./lab.ts";

describe("load balancers of Services", () => {
  let lab: Lab;
  let running: Running;
  beforeEach(async () => {
    lab = await Lab.open();
    running = await lab.running();
  });
  const ensure = (overrides: Parameters<Lab["balancerRequest"]>[1] = {}) =>
    lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster, overrides));
  const key = () => {
    const { region, service } = lab.balancerRequest(running.cluster);
    return { cluster: running.cluster, region, service };
  };

  it("have an address per zone, groups, and rules that let them reach the pods and their health check", async () => {
    const balancer = await ensure({ sourceRanges: ["203.0.113.0/24"] });
    assert.match(balancer.hostname, /^k8s-istioing-ingress-[0-9a-f]{10}-[0-9a-f]{16}\.elb\.us-west-2\.amazonaws\.com$/);
    assert.deepEqual(balancer.zones.map(({ zone }) => zone).sort(), ["us-west-2a", "us-west-2b"]);
    const snapshot = lab.ledger.snapshot();
    for (const { subnetId, privateIp, publicIp, networkInterfaceId } of balancer.zones) {
      const subnet = snapshot.subnets.find(({ id }) => id === subnetId);
      assert.ok(within(privateIp, [subnet?.cidr ?? ""]));
      assert.ok(within(publicIp ?? "", ["198.19.0.0/16"]));
      const eni = snapshot.networkInterfaces.find(({ id }) => id === networkInterfaceId);
      assert.deepEqual(eni?.securityGroupIds, balancer.securityGroupIds);
    }
    const [frontend, backend] = balancer.securityGroupIds.map((id) =>
      snapshot.securityGroups.find((group) => group.id === id),
    );
    assert.deepEqual(
      frontend?.rules.filter(({ direction }) => direction === "ingress"),
      [
        {
          direction: "ingress",
          protocol: "tcp",
          fromPort: 80,
          toPort: 80,
          peer: { kind: "cidr", cidr: "203.0.113.0/24" },
        },
      ],
    );
    const nodes = snapshot.securityGroups.find(({ id }) => id === snapshot.clusters[0]?.clusterSecurityGroupId);
    const opened = nodes?.rules.filter(({ peer }) => peer.kind === "security-group" && peer.id === backend?.id);
    assert.deepEqual(
      opened?.map(({ fromPort, toPort }) => [fromPort, toPort]),
      [
        [8080, 8080],
        [15021, 15021],
      ],
    );
  });

  it("are private unless asked for otherwise", async () => {
    const balancer = await ensure({ scheme: "internal" });
    assert.deepEqual(
      balancer.zones.map(({ publicIp }) => publicIp),
      [undefined, undefined],
    );
    const record = lab.ledger.snapshot().dns.find(({ name }) => name === balancer.hostname.toLowerCase());
    assert.deepEqual(
      record?.addresses,
      balancer.zones.map(({ privateIp }) => privateIp),
    );
  });

  it("stay the same when asked for again, keep the health of targets that stay, and change with the request", async () => {
    const first = await ensure();
    const [listener] = first.listeners;
    const targets = lab.ledger.snapshot().targetGroups[0]?.targets ?? [];
    const healthy = targets.map(({ ip, port }) => ({ ip, port, health: "healthy" as const }));
    await lab.ledger.loadBalancers.setTargetHealth(listener?.targetGroupArn ?? "", healthy);
    const second = await ensure();
    assert.deepEqual(second, first);
    assert.deepEqual(
      lab.ledger.snapshot().targetGroups[0]?.targets.map(({ health }) => health),
      ["healthy", "healthy"],
    );
    const listeners = lab.balancerRequest(running.cluster).listeners.map((one) => ({ ...one, port: 443 }));
    const third = await ensure({ listeners, crossZone: true });
    assert.equal(third.hostname, first.hostname);
    assert.deepEqual([third.listeners[0]?.port, third.crossZone], [443, true]);
    const other = await ensure({ scheme: "internal" });
    assert.notEqual(other.hostname, first.hostname);
    assert.equal(lab.ledger.snapshot().loadBalancers.length, 1);
  });

  it("are answered by DNS with the zones that have a healthy target, and with all when none has", async () => {
    const balancer = await ensure();
    const { targetGroupArn = "" } = balancer.listeners[0] ?? {};
    const addresses = () =>
      lab.ledger
        .snapshot()
        .dns.find(({ name }) => name === balancer.hostname.toLowerCase())
        ?.addresses.toSorted();
    const all = balancer.zones.map(({ publicIp = "" }) => publicIp).sort();
    assert.deepEqual(addresses(), all);
    const [first, second] = lab.ledger.snapshot().targetGroups[0]?.targets ?? [];
    assert.ok(first && second);
    const report = (target: typeof first, health: "healthy" | "unhealthy") =>
      lab.ledger.loadBalancers.setTargetHealth(targetGroupArn, [{ ip: target.ip, port: target.port, health }]);
    await report(first, "healthy");
    const inZone = (zone: string) => balancer.zones.filter((one) => one.zone === zone).map(({ publicIp }) => publicIp);
    assert.deepEqual(addresses(), inZone(first.zone));
    await report(second, "healthy");
    assert.deepEqual(addresses(), all);
    await report(first, "unhealthy");
    assert.deepEqual(addresses(), inZone(second.zone));
    await ensure({ crossZone: true });
    assert.deepEqual(addresses(), all);
    await report(second, "unhealthy");
    assert.deepEqual(addresses(), all, "fail open");
  });

  it("leave nothing behind when their Service goes; the shared group stays as long as one of them does", async () => {
    const before = lab.ledger
      .resources()
      .map(({ id }) => id)
      .sort();
    await ensure();
    const service = { namespace: "istio-system", name: "eastwest", uid: "9b1c" };
    await ensure({ service });
    await lab.ledger.loadBalancers.delete(key());
    const shared = () =>
      lab.ledger.snapshot().securityGroups.filter(({ name }) => name.startsWith("k8s-traffic-")).length;
    assert.equal(shared(), 1);
    await lab.ledger.loadBalancers.delete({ ...key(), service });
    assert.equal(shared(), 0);
    assert.deepEqual(
      lab.ledger
        .resources()
        .map(({ id }) => id)
        .sort(),
      before,
    );
    await lab.ledger.loadBalancers.delete(key());
  });

  it("outlive a deleted cluster, and block its subnets, internet gateway and VPC", async () => {
    await ensure();
    await lab.delete("nodeGroup", running.nodeGroup);
    await lab.delete("cluster", running.cluster);
    await refuses(() => lab.delete("igw", running.igw), "DependencyViolation", /mapped public address\(es\)/);
    for (const id of running.associations) await lab.delete("association", id);
    for (const id of running.subnets)
      await refuses(() => lab.delete("subnet", id), "DependencyViolation", /dependencies/);
    await refuses(() => lab.delete("vpc", running.vpc), "DependencyViolation", /dependencies/);
    const [group] = lab.ledger.snapshot().loadBalancers[0]?.securityGroupIds ?? [];
    await refuses(() => lab.delete("group", group ?? ""), "DependencyViolation", /has a dependent object/);
  });

  it("carry the request's tags, with their target groups and security groups", async () => {
    await ensure({ tags: { "istio-lab/id": "abc" } });
    const tagged = lab.ledger
      .resources()
      .filter(({ state }) => (state["tags"] as Record<string, string> | undefined)?.["istio-lab/id"] === "abc")
      .map(({ type }) => type);
    const groups = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/securityGroup:SecurityGroup"];
    assert.deepEqual(tagged.sort(), [...groups, "aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup"]);
  });

  it("are deleted by hand as AWS deletes them: groups stay, and go when nothing has them", async () => {
    const { arn, listeners, securityGroupIds } = await ensure();
    const [frontend = "", backend = ""] = securityGroupIds;
    const targets = listeners[0]?.targetGroupArn ?? "";
    await refuses(() => lab.ledger.loadBalancers.deleteTargetGroup(targets), "ResourceInUse", /currently in use/);
    await refuses(() => lab.delete("group", frontend), "DependencyViolation", /has a dependent object/);
    await lab.ledger.loadBalancers.deleteLoadBalancer(arn);
    assert.equal(lab.ledger.snapshot().loadBalancers.length, 0);
    assert.ok(lab.ledger.snapshot().networkInterfaces.every(({ kind }) => kind !== "load-balancer"));
    await lab.ledger.loadBalancers.deleteTargetGroup(targets);
    assert.equal(lab.ledger.snapshot().targetGroups.length, 0);
    await lab.delete("group", frontend);
    // The nodes' group lets it in as long as the cluster is there.
    await refuses(() => lab.delete("group", backend), "DependencyViolation", /has a dependent object/);
    await lab.delete("nodeGroup", running.nodeGroup);
    await lab.delete("cluster", running.cluster);
    await lab.delete("group", backend);
  });

  it("are refused names that ELB does not take", async () => {
    const named = (name: string) => ensure({ name });
    await refuses(
      () => named("a".repeat(33)),
      "ValidationError",
      `The load balancer name '${"a".repeat(33)}' cannot be longer than '32' characters`,
    );
    await refuses(() => named("-a"), "ValidationError", /cannot begin or end with a hyphen/);
    await refuses(() => named("a_b"), "ValidationError", /alphanumeric characters and hyphens/);
    await refuses(() => named("internal-a"), "ValidationError", /cannot begin with 'internal-'/);
    await named("a");
    const service = { namespace: "other", name: "other", uid: "1" };
    await refuses(() => ensure({ name: "a", service }), "DuplicateLoadBalancerName", /with the same name 'a' exists/);
  });

  it("need targets that are pods or nodes of the VPC", async () => {
    const listeners = lab.balancerRequest(running.cluster).listeners.map((one) => {
      return { ...one, targets: [{ ip: "10.10.250.9", port: 8080 }] };
    });
    await refuses(() => ensure({ listeners }), "InvalidTarget", /'10\.10\.250\.9' is not within/);
  });
});

describe("the load balancer controller is refused", () => {
  let lab: Lab;
  let running: Running;
  beforeEach(async () => {
    lab = await Lab.open();
    running = await lab.running();
  });
  const ensure = () => lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster));

  it("without its Pod Identity association or the agent", async () => {
    await lab.delete("addon", `${running.cluster}:eks-pod-identity-agent`);
    await refuses(ensure, "NoCredentialProviders", /169\.254\.170\.23:80: connect: connection refused/);
    await lab.delete("podIdentity", running.podIdentity);
    await refuses(ensure, "NoCredentialProviders", /has no Pod Identity association/);
  });

  it("with a role that EKS may not assume and tag", async () => {
    const statement = { Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: "sts:AssumeRole" };
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await lab.update("role", running.role, { name: running.role, assumeRolePolicy });
    await refuses(ensure, "AccessDeniedException", /EKS does not have permissions to assume the associated role\.$/);
  });

  it("with a policy that lacks an action, for making and for removing", async () => {
    const policy = (Action: string[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
    const grant = (actions: string[]) => lab.update("policy", running.policy, { policy: policy(actions) });
    await grant(["elasticloadbalancing:*"]);
    await refuses(
      ensure,
      "AccessDenied",
      /is not authorized to perform: ec2:DescribeSubnets because no identity-based policy/,
    );
    await grant(["ec2:*", "elasticloadbalancing:*"]);
    await ensure();
    await grant(["ec2:*", "elasticloadbalancing:Describe*"]);
    const { region, service, cluster } = lab.balancerRequest(running.cluster);
    await refuses(
      () => lab.ledger.loadBalancers.delete({ region, service, cluster }),
      "AccessDenied",
      /elasticloadbalancing:DeleteLoadBalancer/,
    );
  });
});

describe("the load balancer controller chooses subnets", () => {
  const elb = "kubernetes.io/role/elb";
  let lab: Lab;
  let running: Running;
  beforeEach(async () => {
    lab = await Lab.open();
    running = await lab.running();
  });
  const retag = (index: number, tags: Record<string, string>) =>
    lab.update("subnet", running.subnets[index] ?? "", {
      ...{ vpcId: running.vpc, cidrBlock: `10.10.${index * 16}.0/20`, mapPublicIpOnLaunch: true, tags },
    });
  const zones = async (scheme: "internet-facing" | "internal" = "internet-facing") => {
    const balancer = await lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster, { scheme }));
    return balancer.zones.map(({ subnetId }) => running.subnets.indexOf(subnetId)).sort();
  };

  it("by their role", async () => {
    await retag(0, { [elb]: "1" });
    await retag(1, { "kubernetes.io/role/internal-elb": "" });
    assert.deepEqual(await zones(), [0]);
    assert.deepEqual(await zones("internal"), [1]);
  });

  it("by their way to the internet when none has the role", async () => {
    await retag(0, {});
    await retag(1, {});
    assert.deepEqual(await zones(), [0, 1]);
    await refuses(
      () => zones("internal"),
      "FailedBuildModel",
      "couldn't auto-discover subnets: unable to resolve at least one subnet. Evaluated 0 subnets: 0 are tagged for other clusters, and 0 have insufficient available IP addresses",
    );
  });

  it("but none that is tagged for other clusters only", async () => {
    await retag(0, { [elb]: "1", "kubernetes.io/cluster/west": "shared" });
    await retag(1, { [elb]: "1", "kubernetes.io/cluster/west": "shared", "kubernetes.io/cluster/east": "shared" });
    assert.deepEqual(await zones(), [1]);
    await retag(1, { [elb]: "1", "kubernetes.io/cluster/west": "shared" });
    const service = { namespace: "a", name: "b", uid: "c" };
    await refuses(
      () => lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster, { service })),
      "FailedBuildModel",
      /Evaluated 2 subnets: 2 are tagged for other clusters, and 0 have insufficient/,
    );
  });

  it("one in each zone, and none that is nearly full", async () => {
    const more = async (cidrBlock: string, tags: Record<string, string>) =>
      lab.make("subnet", { vpcId: running.vpc, cidrBlock, availabilityZone: "us-west-2a", tags });
    const own = await more("10.10.64.0/20", { [elb]: "1", "kubernetes.io/cluster/east": "owned" });
    const balancer = await lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster));
    assert.equal(balancer.zones.length, 2);
    assert.ok(
      balancer.zones.some(({ subnetId }) => subnetId === own),
      "this cluster's own tag comes first",
    );
    await retag(0, {});
    await retag(1, {});
    const full = await Lab.open();
    const small = await full.running();
    for (const index of [0, 1]) {
      const inputs = { vpcId: small.vpc, cidrBlock: `10.10.${index * 16}.0/20`, mapPublicIpOnLaunch: true };
      await full.update("subnet", small.subnets[index] ?? "", inputs);
    }
    const nearly = await full.make("subnet", { vpcId: small.vpc, cidrBlock: "10.10.96.0/28", tags: { [elb]: "1" } });
    for (let index = 0; index < 4; index++) await full.make("nat", { subnetId: nearly, connectivityType: "private" });
    await refuses(
      () => full.ledger.loadBalancers.ensure(full.balancerRequest(small.cluster)),
      "FailedBuildModel",
      /Evaluated 1 subnets: 0 are tagged for other clusters, and 1 have insufficient available IP addresses$/,
    );
  });

  it("or takes those that the Service names, one per zone and of its VPC", async () => {
    const named = (subnetIds: string[]) =>
      lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster, { subnetIds }));
    await refuses(() => named(["subnet-0gone"]), "InvalidSubnetID.NotFound", /subnet-0gone/);
    const twin = await lab.make("subnet", {
      ...{ vpcId: running.vpc, cidrBlock: "10.10.64.0/20", availabilityZone: "us-west-2a" },
    });
    await refuses(
      () => named([running.subnets[0] ?? "", twin]),
      "FailedBuildModel",
      /^multiple subnets in same Availability Zone us-west-2a/,
    );
    assert.deepEqual(
      (await named([twin])).zones.map(({ subnetId }) => subnetId),
      [twin],
    );
  });

  it("and refuses targets whose interface carries no group of the cluster, or several", async () => {
    const own = await lab.make("group", { vpcId: running.vpc });
    const template = await lab.make("template", { vpcSecurityGroupIds: [own] });
    const launchTemplate = { id: template, version: "1" };
    await lab.make("nodeGroup", await lab.nodeGroupInputs(running, { launchTemplate, nodeGroupName: "own" }));
    const groups = lab.ledger.snapshot().clusters[0]?.nodeGroups ?? [];
    const [node] = groups.find(({ name }) => name === "own")?.nodes ?? [];
    const listeners = lab.balancerRequest(running.cluster).listeners.map((one) => {
      return { ...one, targets: [{ ip: addressIn(node?.podCidr ?? ""), port: 8080 }] };
    });
    await refuses(
      () => lab.ledger.loadBalancers.ensure(lab.balancerRequest(running.cluster, { listeners })),
      "FailedReconcile",
      /^expected exactly one securityGroup tagged with kubernetes\.io\/cluster\/east for eni eni-\w+, got: \[\]/,
    );
  });
});

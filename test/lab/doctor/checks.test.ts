import assert from "node:assert/strict";
import type { Account, QuotaName } from "../../../lab/aws/account.ts";
import { runChecks, type Checked } from "../../../lab/checks/check.ts";
import { doctorChecks, type Patient } from "../../../lab/doctor/checks.ts";
import type { Machine } from "../../../lab/doctor/machine.ts";
import { planOf } from "../../../lab/plan/plan-of.ts";
import { readSource } from "../../../lab/plan/source.ts";

const healthy: Machine = {
  node: "24.21.0",
  environment: { PULUMI_CONFIG_PASSPHRASE: "" },
  prints: (command) =>
    Promise.resolve(
      { pulumi: "v3.259.0", aws: "aws-cli/2.31.0", kubectl: "Client Version: v1.36.3", istioctl: "1.31.1" }[command],
    ),
  backend: () => Promise.resolve({ user: "me", url: "file://~" }),
  stacks: () => Promise.resolve(["single", "multi", "private", "kind"]),
  asks: () => Promise.resolve(200),
  pullLimit: () => Promise.resolve({ limit: 100, remaining: 100, hours: 6 }),
  secretsOf: () => ({ salted: true }),
};

const rich: Account = {
  caller: () => Promise.resolve("arn:aws:iam::111122223333:user/me"),
  quota: () => Promise.resolve(32),
  usage: () => Promise.resolve({ vpcs: 1, addresses: 0, onDemand: 4, spot: 0 }),
  vcpus: (types) => Promise.resolve(Object.fromEntries(types.map((type) => [type, 2]))),
  zones: () => Promise.resolve(["a", "b", "c"].map((letter) => ({ name: `zone-${letter}`, id: `az-${letter}` }))),
  eksVersion: () => Promise.resolve({ status: "STANDARD_SUPPORT", standardEnds: "2027-08-02" }),
};

function patient(stack: string, machine: Partial<Machine> = {}, account: Partial<Account> = {}): Patient {
  const source = readSource({ stack });
  return {
    ...{ source, plan: planOf(source), machine: { ...healthy, ...machine } },
    ...{ account: () => ({ ...rich, ...account }), context: () => Promise.resolve() },
    ...{ localCloud: false, today: "2026-11-28" },
  };
}

const examined = (of: Patient): Promise<Checked[]> => runChecks(doctorChecks(of));
const named = (checked: readonly Checked[], outcome: Checked["outcome"]) =>
  checked.filter((each) => each.outcome === outcome).map(({ name }) => name);
const named2 = (error: string) => Object.assign(new Error(`${error} of a test`), { name: error });

describe("the doctor", () => {
  for (const stack of ["single", "multi", "private", "kind"]) {
    it(`finds nothing wrong where all is well for ${stack}, and names no check twice`, async () => {
      const checked = await examined(patient(stack));
      assert.deepEqual(named(checked, "failed"), []);
      const names = checked.map(({ name }) => name);
      assert.deepEqual([...new Set(names)], names);
    });
  }

  it("names no check twice where a region has machines of both kinds", async () => {
    const of = patient("multi");
    const [east, west] = of.plan.clusters;
    const mixed = [east!, { ...west!, region: east!.region, nodes: { ...west!.nodes, capacityType: "SPOT" as const } }];
    const names = (await examined({ ...of, plan: { ...of.plan, clusters: mixed } })).map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
    for (const kind of ["spot", "on demand"]) assert.ok(names.includes(`us-east-1: vCPUs ${kind}`), kind);
  });

  it("asks in every region, for all clusters that are to stand there", async () => {
    const names = (await examined(patient("multi"))).map(({ name }) => name);
    for (const region of ["us-east-1", "us-west-2"])
      for (const what of [
        "credentials",
        "zones",
        "instance types",
        "VPCs",
        "Elastic IPs",
        "vCPUs on demand",
        "Kubernetes 1.36",
      ])
        assert.ok(names.includes(`${region}: ${what}`), `${region}: ${what}`);
  });

  it("finds each thing that is wrong, and nothing else", async () => {
    const absent = (missing: string): Partial<Machine> => ({
      prints: (command) => (command === missing ? Promise.resolve(undefined) : healthy.prints(command)),
    });
    const short = (name: QuotaName): Partial<Account> => ({
      quota: (asked) => Promise.resolve(asked === name ? 0 : 32),
    });
    const wrong: readonly [string, Patient, string[]][] = [
      ["no Pulumi", patient("single", absent("pulumi")), ["Pulumi"]],
      ["no AWS CLI", patient("single", absent("aws")), ["AWS CLI"]],
      ["no passphrase", patient("single", { environment: {} }), ["passphrase"]],
      ["no stack", patient("single", { stacks: () => Promise.resolve([]) }), ["stack"]],
      [
        "no host",
        patient("single", { asks: (url) => Promise.resolve(url.includes("blob") ? 404 : 200) }),
        ["Istio's charts"],
      ],
      [
        "too few pulls",
        patient("single", { pullLimit: () => Promise.resolve({ limit: 5, remaining: 5, hours: 6 }) }),
        ["Docker Hub's limit"],
      ],
      ["vCPUs", patient("single", {}, short("onDemand")), ["us-east-1: vCPUs on demand"]],
      ["VPCs", patient("single", {}, short("vpcs")), ["us-east-1: VPCs"]],
      ["addresses", patient("private", {}, short("addresses")), ["us-east-1: Elastic IPs", "us-west-2: Elastic IPs"]],
      ["zones", patient("single", {}, { zones: () => Promise.resolve([]) }), ["us-east-1: zones"]],
      ["instance types", patient("single", {}, { vcpus: () => Promise.resolve({}) }), ["us-east-1: instance types"]],
      ["EKS", patient("single", {}, { eksVersion: () => Promise.resolve(undefined) }), ["us-east-1: Kubernetes 1.36"]],
      [
        "AWS's failure",
        patient("single", {}, { zones: () => Promise.reject(named2("Throttling")) }),
        ["us-east-1: zones"],
      ],
      [
        "a context",
        { ...patient("kind"), context: () => Promise.reject(new Error("no context")) },
        ["east: context", "west: context"],
      ],
    ];
    for (const [what, of, failures] of wrong) assert.deepEqual(named(await examined(of), "failed"), failures, what);
  });

  describe("of a quota that others have used in part", () => {
    const cluster = (stack: string, change: object = {}): Patient => {
      const of = patient(stack);
      const [first, ...others] = of.plan.clusters;
      return { ...of, plan: { ...of.plan, clusters: [{ ...first!, ...change }, ...others] } };
    };
    const nodesOf = ({ plan }: Patient) => plan.clusters[0]!.nodes;
    const single = cluster("single");
    const spot = cluster("single", { nodes: { ...nodesOf(single), capacityType: "SPOT" } });
    const both = cluster("multi", { region: "us-west-2" });
    // Two vCPUs each, as the account says.
    const vcpus = nodesOf(single).count * 2;
    const quotas: readonly [what: string, name: QuotaName, of: Patient, needed: number, check: string][] = [
      ["a VPC", "vpcs", single, 1, "us-east-1: VPCs"],
      ["VPCs of two clusters in one region", "vpcs", both, 2, "us-west-2: VPCs"],
      ["an address of a NAT gateway", "addresses", cluster("private"), 1, "us-east-1: Elastic IPs"],
      ["no address without one", "addresses", single, 0, "us-east-1: Elastic IPs"],
      ["vCPUs on demand", "onDemand", single, vcpus, "us-east-1: vCPUs on demand"],
      ["vCPUs on the spot market", "spot", spot, vcpus, "us-east-1: vCPUs spot"],
    ];
    for (const [what, name, of, needed, failure] of quotas)
      it(`needs ${what}: what is just enough is taken, one less is not`, async () => {
        const used = 3;
        const failures = async (limit: number): Promise<string[]> => {
          const account: Account = {
            ...rich,
            usage: () => Promise.resolve({ vpcs: 0, addresses: 0, onDemand: 0, spot: 0, [name]: used }),
            quota: (asked) => Promise.resolve(asked === name ? limit : 1_000),
          };
          return named(await examined({ ...of, account: () => account }), "failed").filter(
            (check) => check === failure,
          );
        };
        assert.deepEqual(await failures(used + needed), []);
        assert.deepEqual(await failures(used + needed - 1), [failure]);
      });
  });

  it("says once that the session has expired, and leaves alone what needs one", async () => {
    const checked = await examined(
      patient("single", {}, { caller: () => Promise.reject(named2("ExpiredTokenException")) }),
    );
    assert.deepEqual(named(checked, "failed"), ["us-east-1: credentials"]);
    assert.equal(named(checked, "skipped").filter((name) => name.startsWith("us-east-1")).length, 6);
  });

  it("takes what it may not ask for not known, and EKS's versions from its own table", async () => {
    const denied = () => Promise.reject(named2("AccessDeniedException"));
    const checked = await examined(patient("single", {}, { quota: denied, eksVersion: denied }));
    assert.deepEqual(named(checked, "failed"), []);
    assert.deepEqual(named(checked, "skipped"), [
      "us-east-1: VPCs",
      "us-east-1: Elastic IPs",
      "us-east-1: vCPUs on demand",
    ]);
  });

  it("asks neither AWS nor the internet in a shell of the local cloud, nor AWS about clusters that exist already", async () => {
    const nobody = () => assert.fail("asked");
    const quiet = { account: nobody, machine: { ...healthy, asks: nobody, pullLimit: nobody } };
    const local = await examined({ ...patient("multi"), ...quiet, localCloud: true });
    assert.deepEqual(named(local, "failed"), []);
    const existing = await examined({ ...patient("kind"), account: nobody });
    assert.deepEqual(named(existing, "failed"), []);
    assert.ok(!existing.some(({ name }) => name === "AWS CLI"));
  });
});

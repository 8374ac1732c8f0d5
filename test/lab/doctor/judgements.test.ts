import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { quotaCodes } from "../../../lab/aws/account.ts";
import { awsCause, isDenied } from "../../../lab/aws/explain.ts";
import type { Finding } from "../../../lab/checks/check.ts";
import { judgeEksVersion, judgeInstanceTypes, judgeQuota, judgeZones } from "../../../lab/doctor/aws.ts";
import { judgeBackend, judgePassphrase, judgeStack } from "../../../lab/doctor/backend.ts";
import { hostsOf, judgeHost, judgePulls, pullLimitOf, pullsThroughOneAddress } from "../../../lab/doctor/hosts.ts";
import { judgeAwsCli, judgeIstioctl, judgeKubectl, judgeNode, judgePulumi } from "../../../lab/doctor/tools.ts";
import { planOf } from "../../../lab/plan/plan-of.ts";
import { readSource } from "../../../lab/plan/source.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const files = { user: "me", url: "file://~" };
const cloud = { user: "me", url: "https://app.pulumi.com/me" };
const zones = [
  { name: "us-east-1a", id: "use1-az3" },
  { name: "us-east-1b", id: "use1-az6" },
  { name: "us-east-1c", id: "use1-az1" },
];
const standard = { status: "STANDARD_SUPPORT", standardEnds: "2027-08-02" };
const quota = { region: "us-east-1", limit: 5, used: 3 };
const host = { name: "Istio's charts", url: "https://c/index.yaml", fine: [200], key: "istioCharts" };
const limit = { limit: 100, remaining: 7, hours: 6 };

/** What is found, what it is judged as, and what must be said. */
const cases: readonly (readonly [string, Finding, Finding["outcome"], RegExp])[] = [
  ["Node as needed", judgeNode("22.18.0"), "ok", /22\.18\.0/],
  ["an old Node", judgeNode("22.17.9"), "failed", /older than 22\.18/],
  ["Pulumi", judgePulumi("v3.259.0\n"), "ok", /^3\.259\.0$/],
  ["no Pulumi", judgePulumi(undefined), "failed", /`pulumi` is not there/],
  ["a Pulumi of another age", judgePulumi("v2.25.2"), "failed", /no version 3/],
  ["AWS CLI 2", judgeAwsCli("aws-cli/2.31.0 Python/3.13.7 Linux/6"), "ok", /^2\.31\.0$/],
  ["AWS CLI 1 of late", judgeAwsCli("aws-cli/1.24.0 Python/3.9"), "ok", /^1\.24\.0$/],
  ["an old AWS CLI 2", judgeAwsCli("aws-cli/2.6.9 Python/3.9"), "failed", /2\.6\.9 is older than 2\.7/],
  ["an old AWS CLI 1", judgeAwsCli("aws-cli/1.23.9 Python/3.9"), "failed", /older than 1\.24/],
  ["an AWS CLI that says nothing", judgeAwsCli("Segmentation fault"), "failed", /"Segmentation fault"/],
  ["no AWS CLI", judgeAwsCli(undefined), "failed", /`aws` is not there/],
  ["kubectl", judgeKubectl("Client Version: v1.35.2", ["1.36"]), "ok", /1\.35\.2/],
  ["a kubectl that says nothing", judgeKubectl("", ["1.36"]), "failed", /says no version/],
  ["a kubectl that is broken", judgeKubectl("error: unknown\nflag", ["1.36"]), "failed", /"error: unknown flag"/],
  ["no kubectl", judgeKubectl(undefined, ["1.36"]), "skipped", /does without it/],
  ["an old kubectl", judgeKubectl("Client Version: v1.34.1", ["1.36"]), "failed", /more than one minor/],
  [
    "istioctl of the mesh's version",
    judgeIstioctl('{"clientVersion":{"version":"1.31.1"}}', ["1.31.1"]),
    "ok",
    /1\.31\.1/,
  ],
  ["istioctl in plain text", judgeIstioctl("client version: 1.31.1", ["1.30.4", "1.31.1"]), "ok", /1\.31\.1/],
  ["an istioctl that says nothing", judgeIstioctl("", ["1.31.1"]), "failed", /says no version/],
  ["no istioctl", judgeIstioctl(undefined, ["1.31.1"]), "skipped", /does without it/],
  [
    "another istioctl",
    judgeIstioctl("client version: 1.31.0", ["1.31.1"]),
    "failed",
    /1\.31\.0, but the mesh is 1\.31\.1/,
  ],
  ["a backend", judgeBackend(files), "ok", /file:\/\/~, as me/],
  ["no backend", judgeBackend(undefined), "failed", /not logged in/],
  ["a passphrase for files", judgePassphrase({ backend: files, salted: false, set: true }), "ok", /is set/],
  ["no passphrase for files", judgePassphrase({ backend: files, salted: false, set: false }), "failed", /is not set/],
  [
    "no passphrase in Pulumi Cloud",
    judgePassphrase({ backend: cloud, salted: false, set: false }),
    "skipped",
    /Pulumi Cloud/,
  ],
  [
    "no passphrase, though the stack has a salt",
    judgePassphrase({ backend: cloud, salted: true, set: false }),
    "failed",
    /is not set/,
  ],
  [
    "a key service",
    judgePassphrase({ backend: files, secretsProvider: "awskms://alias/a", salted: false, set: false }),
    "skipped",
    /awskms/,
  ],
  [
    "a passphrase for nobody",
    judgePassphrase({ backend: undefined, salted: true, set: false }),
    "skipped",
    /not known/,
  ],
  ["a stack", judgeStack("multi", ["single", "org/multi"], undefined), "ok", /org\/multi exists/],
  ["no such stack", judgeStack("multi", ["single"], "stacks/x.yaml"), "failed", /no stack multi: it has single/],
  ["no stack at all", judgeStack("multi", [], undefined), "failed", /it has none/],
  ["a stack whose name only ends alike", judgeStack("multi", ["not-multi"], undefined), "failed", /no stack multi/],
  ["no stack without a backend", judgeStack("multi", undefined, undefined), "skipped", /backend/],
  ["room for VPCs", judgeQuota("vpcs", { ...quota, needed: 2 }), "ok", /2 needed, 2 of 5 free/],
  ["too few VPCs", judgeQuota("vpcs", { ...quota, needed: 3 }), "failed", /needs 3, but of 5 only 2 are free/],
  [
    "a quota lowered below what is used",
    judgeQuota("addresses", { ...quota, used: 6, needed: 1 }),
    "failed",
    /only 0 are free/,
  ],
  ["zones", judgeZones("us-east-1", zones, 2), "ok", /us-east-1b, us-east-1c; left out.*us-east-1a \(use1-az3\)/],
  ["too few zones", judgeZones("us-east-1", zones, 3), "failed", /offers 2 zones that EKS can use/],
  ["instance types", judgeInstanceTypes("us-east-1", ["t3.large"], { "t3.large": 2 }), "ok", /t3\.large/],
  [
    "an instance type that is not there",
    judgeInstanceTypes("us-east-1", ["t3.large", "x9.z"], { "t3.large": 2 }),
    "failed",
    /no instance type x9\.z/,
  ],
  ["a version in standard support", judgeEksVersion("1.36", standard, "2026-11-28"), "ok", /until 2027-08-02$/],
  [
    "a version in extended support",
    judgeEksVersion("1.33", { status: "EXTENDED_SUPPORT", standardEnds: "2026-07-29" }, "2026-11-28"),
    "failed",
    /six times/,
  ],
  [
    "a version whose support AWS has not ended in its words yet",
    judgeEksVersion("1.36", standard, "2027-08-03"),
    "failed",
    /since 2027-08-02/,
  ],
  [
    "a version that EKS does not have",
    judgeEksVersion("1.99", undefined, "2026-11-28"),
    "failed",
    /does not have Kubernetes 1\.99/,
  ],
  ["a version that EKS was not asked about", judgeEksVersion("1.36", null, "2026-11-28"), "ok", /own table/],
  [
    "a version whose time is over by the table",
    judgeEksVersion("1.34", null, "2026-12-03"),
    "failed",
    /since 2026-12-02/,
  ],
  ["a host", judgeHost(host, 200), "ok", /https:\/\/c/],
  ["a host that has it no more", judgeHost(host, 404), "failed", /answers 404/],
  ["a host that is away", judgeHost(host, "ENOTFOUND"), "failed", /does not answer \(ENOTFOUND\)/],
  ["few pulls", judgePulls(14, limit, false), "ok", /14 pulls through one address, 100 allowed in 6 hours/],
  ["too many pulls", judgePulls(101, limit, false), "failed", /allows too few/],
  ["too few pulls left for clusters on this machine", judgePulls(8, limit, true), "failed", /7 left of 100/],
  ["no limit", judgePulls(14, undefined, false), "ok", /no limit/],
  ["no Docker Hub", judgePulls(14, "ENOTFOUND", false), "skipped", /ENOTFOUND/],
  ["nothing from Docker Hub", judgePulls(0, limit, false), "skipped", /no image/],
];

const textOf = (finding: Finding): string => (finding.outcome === "failed" ? finding.cause : finding.says);

describe("the doctor judges", () => {
  for (const [what, finding, outcome, says] of cases) {
    it(`${what}: ${outcome}`, () => {
      assert.equal(finding.outcome, outcome, textOf(finding));
      assert.match(textOf(finding), says);
      if (finding.outcome !== "failed") return;
      assert.ok(finding.fix.length > 0);
      assert.ok(finding.page.startsWith("https://") || existsSync(`${root}${finding.page}`), finding.page);
    });
  }

  it("says how to ask for a higher quota, with the code of that quota", () => {
    const finding = judgeQuota("spot", { ...quota, needed: 9 });
    assert.match(
      finding.outcome === "failed" ? finding.fix : "",
      /--service-code ec2 --quota-code L-34B43A08 --desired-value 12$/,
    );
    assert.deepEqual(Object.keys(quotaCodes), ["vpcs", "addresses", "onDemand", "spot"]);
  });

  it("reads Docker Hub's limit, and that there is none", () => {
    assert.deepEqual(pullLimitOf("100;w=21600", "76;w=21600"), { limit: 100, remaining: 76, hours: 6 });
    assert.equal(pullLimitOf(null, null), undefined);
  });

  it("counts pulls through one node, through a NAT gateway's address, and through this machine's", () => {
    const pulls = (stack: string) => pullsThroughOneAddress(planOf(readSource({ stack })));
    assert.equal(pulls("multi"), 4, "pilot, proxyv2, helloworld, curl");
    assert.equal(pulls("single"), 9, "pilot, proxyv2, six of bookinfo, curl");
    assert.equal(pulls("private"), 2 * pulls("multi"), "two nodes behind one address");
    const kind = planOf(readSource({ stack: "kind" }));
    assert.equal(kind.platform, "existing");
    assert.ok(pullsThroughOneAddress(kind) >= 2 * 2, "both clusters on one machine");
  });

  it("counts and asks for what shows how a mesh does, where there is any", () => {
    const plan = planOf(readSource({ stack: "multi-observability" }));
    assert.equal(pullsThroughOneAddress(plan), 4 + 3, "those of multi, and Prometheus, Grafana, and curl of Grafana");
    const elsewhere = { ...plan, artifacts: { ...plan.artifacts, observabilityImages: "quay.io/mirror" } };
    assert.equal(pullsThroughOneAddress(elsewhere), 4);
    const urls = (of: typeof plan) => hostsOf(of).map(({ url }) => url);
    const added = [
      "https://kiali.org/helm-charts/index.yaml",
      "https://quay.io/v2/",
      "https://raw.githubusercontent.com/istio/istio/1.31.1/manifests/addons/dashboards/istio-mesh-dashboard.gen.json",
    ];
    const multi = urls(planOf(readSource({ stack: "multi" })));
    assert.deepEqual(
      urls(plan).filter((url) => !multi.includes(url)),
      added,
    );
    const mirrored = { ...plan, artifacts: { ...plan.artifacts, observabilityImages: "mirror.example/images" } };
    assert.ok(urls(mirrored).includes("https://mirror.example/v2/"));
  });

  it("asks for charts, images and definitions where the stack file says that they are", () => {
    const plan = planOf(readSource({ stack: "multi" }));
    const urls = (more: Partial<typeof plan.artifacts>) =>
      hostsOf({ ...plan, artifacts: { ...plan.artifacts, ...more } }).map(({ url }) => url);
    assert.ok(urls({}).includes("https://blob.istio.io/istio-release/charts/index.yaml"));
    assert.equal(urls({}).filter((url) => url === "https://registry-1.docker.io/v2/").length, 1, "each host once");
    assert.ok(urls({ istioCharts: "oci://ghcr.io/istio/release/charts" }).includes("https://ghcr.io/v2/"));
    assert.equal(
      urls({ istioCharts: "./charts", loadBalancerControllerCharts: "./charts" }).length,
      urls({}).length - 2,
    );
  });
});

describe("AWS's refusals", () => {
  const named = (name: string, message = "no") => Object.assign(new Error(message), { name });
  const told: readonly [Error, RegExp][] = [
    [
      named("ExpiredTokenException", "The security token included in the request is expired"),
      /session has expired.*log in again/,
    ],
    [
      named("CredentialsProviderError", "Could not load credentials from any providers"),
      /No AWS credentials were found.*Could not load credentials from any providers\.$/,
    ],
    [
      named(
        "CredentialsProviderError",
        "Could not resolve credentials using profile: [mulit] in configuration/file(s).",
      ),
      /a profile that there is.* says: Could not resolve credentials using profile: \[mulit\] in configuration\/file\(s\)\.$/,
    ],
    [
      named("AuthFailure", "AWS was not able to validate the provided access credentials"),
      /could not validate the credentials, or .*not opted in.*says: AWS was not able to validate the provided access/,
    ],
    [
      named("CredentialsProviderError", "Token is expired. To refresh this SSO session run aws sso login"),
      /has expired/,
    ],
    [named("UnrecognizedClientException"), /does not know these credentials/],
    [named("OptInRequired"), /not opted in to the region/],
    [named("Error", "getaddrinfo ENOTFOUND ec2.us-east-1.amazonaws.com"), /cannot be reached/],
    [named("Throttling", "Rate exceeded"), /^Throttling: Rate exceeded$/],
  ];
  for (const [error, says] of told) it(`${error.name}, "${error.message}"`, () => assert.match(awsCause(error), says));

  it("of a permission are told from others", () => {
    assert.ok(isDenied(named("AccessDeniedException")) && isDenied(named("UnauthorizedOperation")));
    assert.ok(!isDenied(named("ExpiredToken")) && !isDenied("AccessDenied"));
  });
});

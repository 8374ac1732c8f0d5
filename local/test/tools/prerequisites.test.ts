import assert from "node:assert/strict";
import { missingPackages } from "../../tools/debian.ts";
import { problemsOf, type Machine } from "../../tools/prerequisites.ts";

const good: Machine = {
  platform: "linux",
  arch: "x64",
  uid: 0,
  capabilities: "000001ffffffffff",
  filesystems: "nodev\tproc\nnodev\toverlay\n\text4\n",
  toCompile: 8,
  missingPackages: [],
  aptGet: true,
  cacheFolder: "/cache",
  freeBytes: 100 * 2 ** 30,
};

describe("prerequisites", () => {
  it("a machine that has everything has no problem", () => assert.deepEqual(problemsOf(good), []));

  it("packages that apt-get can install are no problem", () => {
    assert.deepEqual(problemsOf({ ...good, missingPackages: ["runc", "iptables"] }), []);
  });

  const faults: [title: string, fault: Partial<Machine>, line: RegExp][] = [
    ["another system", { platform: "darwin" }, /^Linux is needed.*darwin/],
    ["another processor", { arch: "arm64" }, /^An x86-64 machine is needed.*arm64/],
    ["an ordinary user", { uid: 1000 }, /^Root is needed.*sudo/],
    ["a root without CAP_NET_ADMIN", { capabilities: "000001ffffffefff" }, /^Root lacks CAP_NET_ADMIN: .*privileged/],
    ["a container's root", { capabilities: "00000000a80425fb" }, /^Root lacks CAP_NET_ADMIN, CAP_SYS_ADMIN: /],
    ["no overlay filesystem", { filesystems: "nodev\tfuseoverlay2\n\text4\n" }, /^The kernel has no overlay/],
    ["no network namespaces", { namespaceProblem: "Operation not permitted" }, /^No network namespace.*not permitted$/],
    ["no Go", { goProblem: "Go 1.26 or newer is needed: there is no command go" }, /^Go 1\.26 .*no command go$/],
    [
      "packages but no apt-get",
      { missingPackages: ["runc"], aptGet: false },
      /Debian's names: runc\. As root: install/,
    ],
    ["a full disk", { freeBytes: 2 ** 31 }, /^14\.6 GiB of free disk .* \/cache has 2\.0\. ISTIO_LAB_CACHE/],
  ];
  for (const [title, fault, line] of faults) {
    it(`${title} is one clear line`, () => {
      const problems = problemsOf({ ...good, ...fault });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", line);
      assert.ok(!problems[0]?.includes("\n"));
    });
  }

  it("an ordinary user is told which packages to install", () => {
    const problems = problemsOf({ ...good, uid: 1000, missingPackages: ["runc", "iptables"] });
    assert.match(problems.at(-1) ?? "", /As root: apt-get install runc iptables\.$/);
  });

  it("what is built already needs neither Go nor its disk space", () => {
    assert.deepEqual(problemsOf({ ...good, toCompile: 0, freeBytes: 2 ** 31 }), []);
  });

  it("everything missing is told at once", () => {
    const problems = problemsOf({ ...good, arch: "arm64", filesystems: "", goProblem: "Go", freeBytes: 0 });
    assert.equal(problems.length, 4);
  });
});

describe("packages of the distribution", () => {
  it("none is missing when every command is there", () =>
    assert.deepEqual(
      missingPackages(() => true),
      [],
    ));

  it("a package with two missing commands is named once", () => {
    const missing = missingPackages((command) => !["iptables", "xtables-nft-multi", "nft"].includes(command));
    assert.deepEqual(missing, ["iptables", "nftables"]);
  });
});

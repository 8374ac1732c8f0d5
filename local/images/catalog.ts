import { join } from "node:path";
import { curlImage, versions } from "../versions.ts";
import { baseFiles, commands, iptables, librariesOf } from "./hostFiles.ts";
import type { Tree } from "./layer.ts";

/** The part of an OCI image configuration that says how to run it. */
export interface ImageConfig {
  User?: string;
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  WorkingDir?: string;
  ExposedPorts?: Record<string, object>;
}

export interface Image {
  /** As programs and charts name it: `docker.io/istio/pilot:1.31.0`. */
  name: string;
  /** From the lowest up. Images that share a tree share the layer. */
  layers: Tree[];
  config: ImageConfig;
}

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const tags = versions.imageTags;

/**
 * Every image that the registry serves, made from the executables in a tools folder and a few of this machine's.
 * Each behaves as its upstream namesake where the lab's manifests and charts can see it: entry point, user, ports.
 */
export function catalog(tools: string, withPreviousIstio: boolean): Image[] {
  const base = baseFiles();
  const debug = debugCommands();
  const proxy = proxyTrees(tools, base, debug);
  return [
    ...clusterImages(tools, base),
    ...istioImages(tools, base, proxy, { ...versions.istio, executables: "bin" }),
    cniImage(tools, base),
    ...(withPreviousIstio
      ? istioImages(tools, base, proxy, { ...versions.previousIstio, executables: "previous" })
      : []),
    ...sampleImages(tools, base, debug),
    ...bookinfoImages(tools, base),
  ];
}

function clusterImages(tools: string, base: Tree): Image[] {
  return [
    {
      name: `registry.k8s.io/pause:${tags.pause}`,
      layers: [{ "/pause": { file: join(tools, "servers/pause") } }],
      config: { User: "65535:65535", Env: [path], Entrypoint: ["/pause"] },
    },
    {
      name: `docker.io/coredns/coredns:${versions.coredns}`,
      layers: [base, { "/coredns": { file: join(tools, "bin/coredns") } }],
      config: { Env: [path], Entrypoint: ["/coredns"], ExposedPorts: { "53/tcp": {}, "53/udp": {} } },
    },
    {
      name: `public.ecr.aws/eks/aws-load-balancer-controller:v${tags.awsLoadBalancerController}`,
      layers: [base, { "/controller": { file: join(tools, "servers/aws-load-balancer-controller") } }],
      config: { User: "65532:65532", Env: [path], Entrypoint: ["/controller"] },
    },
  ];
}

/** What the proxies of all versions share: this machine has one Envoy. */
function proxyTrees(tools: string, base: Tree, debug: Tree): Tree[] {
  const envoy = join(tools, "bin/envoy");
  return [base, debug, { ...iptables(), ...librariesOf([envoy]), "/usr/local/bin/envoy": { file: envoy } }];
}

interface IstioVersion {
  hub: string;
  version: string;
  /** The folder of its executables in the tools folder. */
  executables: string;
}

/** https://github.com/istio/istio/tree/release-1.31/pilot/docker */
function istioImages(tools: string, base: Tree, proxy: Tree[], { hub, version, executables }: IstioVersion): Image[] {
  const discovery = "/usr/local/bin/pilot-discovery";
  const agent = "/usr/local/bin/pilot-agent";
  const template = join(tools, "share", version, "envoy_bootstrap_tmpl.json");
  return [
    {
      name: `${hub}/pilot:${version}`,
      layers: [base, { [discovery]: { file: join(tools, executables, "pilot-discovery") } }],
      config: { User: "1337:1337", Env: [path], Entrypoint: [discovery] },
    },
    {
      name: `${hub}/proxyv2:${version}`,
      layers: [
        ...proxy,
        {
          [agent]: { file: join(tools, executables, "pilot-agent") },
          "/var/lib/istio/envoy/envoy_bootstrap_tmpl.json": { file: template },
        },
      ],
      config: {
        Env: [path, `ISTIO_META_ISTIO_PROXY_SHA=envoy:${versions.envoy.version}`],
        Entrypoint: [agent],
        WorkingDir: "/",
      },
    },
  ];
}

function cniImage(tools: string, base: Tree): Image {
  const { hub, version } = versions.istio;
  return {
    name: `${hub}/install-cni:${version}`,
    layers: [
      base,
      iptables(),
      {
        "/opt/cni/bin/istio-cni": { file: join(tools, "servers/istio-cni") },
        "/usr/local/bin/install-cni": { file: join(tools, "servers/install-cni") },
      },
    ],
    config: {
      Env: [`${path}:/opt/cni/bin`],
      Cmd: ["/usr/local/bin/install-cni"],
      WorkingDir: "/opt/cni/bin",
    },
  };
}

/** What people use through `kubectl exec`: a shell, curl, and `getent hosts` for what a name resolves to. */
function debugCommands(): Tree {
  return {
    ...commands(["dash", "sleep", "cat", "ls", "id", "env", "date", "getent", "curl"]),
    "/bin/sh": { link: "/usr/bin/dash" },
  };
}

function sampleImages(tools: string, base: Tree, debug: Tree): Image[] {
  const helloworld = { "/usr/local/bin/helloworld": { file: join(tools, "servers/helloworld") } };
  const versionsOfHelloworld = ["v1", "v2"].map((version) => ({
    name: `docker.io/istio/examples-helloworld-${version}:${tags.helloworld}`,
    layers: [base, helloworld],
    config: {
      Env: [path, `SERVICE_VERSION=${version}`],
      Cmd: ["/usr/local/bin/helloworld"],
      ExposedPorts: { "5000/tcp": {} },
    },
  }));
  return [
    ...versionsOfHelloworld,
    {
      name: curlImage,
      // The samples run it as /bin/sleep.
      layers: [base, debug, { "/bin/sleep": { link: "/usr/bin/sleep" } }],
      config: { User: "100:101", Env: [path], Cmd: ["curl"] },
    },
    {
      // https://github.com/grafana/k6/blob/master/Dockerfile
      name: `docker.io/grafana/k6:${versions.k6}`,
      layers: [base, debug, { "/usr/bin/k6": { file: join(tools, "bin/k6") } }],
      config: { User: "12345", Env: [path], Entrypoint: ["k6"] },
    },
    {
      // https://github.com/prometheus/prometheus/blob/main/Dockerfile
      name: `docker.io/prom/prometheus:v${versions.prometheus}`,
      layers: [base, { "/bin/prometheus": { file: join(tools, "bin/prometheus") } }],
      config: {
        User: "nobody",
        Env: [path],
        Entrypoint: ["/bin/prometheus"],
        WorkingDir: "/prometheus",
        ExposedPorts: { "9090/tcp": {} },
      },
    },
    {
      name: `docker.io/mccutchen/go-httpbin:v${versions.goHttpbin}`,
      layers: [base, { "/bin/go-httpbin": { file: join(tools, "servers/go-httpbin") } }],
      config: { Env: [path], Cmd: ["/bin/go-httpbin"], ExposedPorts: { "8080/tcp": {} } },
    },
  ];
}

/** The environment by which the original images of one service differ: samples/bookinfo/src/docker-bake.hcl. */
const bookinfoVariants: Record<string, string[]> = {
  "productpage-v1": ["SERVICE=productpage"],
  "details-v1": ["SERVICE=details"],
  "reviews-v1": ["SERVICE=reviews", "ENABLE_RATINGS=false"],
  "reviews-v2": ["SERVICE=reviews", "ENABLE_RATINGS=true", "STAR_COLOR=black"],
  "reviews-v3": ["SERVICE=reviews", "ENABLE_RATINGS=true", "STAR_COLOR=red"],
  "ratings-v1": ["SERVICE=ratings"],
};

function bookinfoImages(tools: string, base: Tree): Image[] {
  const program = "/usr/local/bin/bookinfo";
  const layers = [base, { [program]: { file: join(tools, "servers/bookinfo") } }];
  return Object.entries(bookinfoVariants).map(([variant, env]) => ({
    name: `docker.io/istio/examples-bookinfo-${variant}:${tags.bookinfo}`,
    layers,
    config: { User: "1000", Env: [path, ...env], Cmd: [program], ExposedPorts: { "9080/tcp": {} } },
  }));
}

/**
 * The plan: everything that is decided before a resource is made, with every default filled in. Pure data, in a stable
 * order (clusters by name), so that planning is deterministic and a plan survives a JSON round trip.
 */
import type { RevisionTag, SampleName, ServiceEntryConfig } from "./schema.ts";

/** Where a problem is, why it is one, and what to do. */
export interface Issue {
  /** kebab-case, such as `dangling-primary`; stable, because people search for it. */
  readonly code: string;
  /** The place in the stack file, such as `clusters[1].primary`. */
  readonly path: string;
  /** What is wrong and why, then how to mend it: full sentences. */
  readonly message: string;
}

/** What a cluster is to the mesh; derived from `primary` and `config`, never configured. */
export type Role = "primary" | "remote" | "external-control-plane" | "config";

export interface NodesPlan {
  readonly instanceTypes: readonly string[];
  readonly architecture: "x86_64" | "arm64";
  readonly count: number;
  readonly capacityType: "ON_DEMAND" | "SPOT";
  readonly diskSize: number;
  readonly private: boolean;
}

/** One subnet of a cluster's VPC. `zone` is a position, because zone names differ per account. */
export interface SubnetPlan {
  /** Stable key, such as `public-a`; part of the logical name. */
  readonly key: string;
  readonly tier: "public" | "private";
  /** 0 is the first available zone of the region that EKS allows. */
  readonly zone: number;
  readonly cidr: string;
}

export interface NetworkPlan {
  /** The VPC's block. */
  readonly cidr: string;
  /** VPCs joined to this one, sorted by cluster. What pods send there keeps the pod's address. */
  readonly peers: readonly PeerPlan[];
  readonly subnets: readonly SubnetPlan[];
  /** One NAT gateway for the private subnets. */
  readonly nat: boolean;
}

/** A VPC at the other end of a peering, as seen from this side. */
export interface PeerPlan {
  readonly cluster: string;
  readonly cidr: string;
  /** What nodes and control plane of this side admit from there. */
  readonly admits: "everything" | "kubernetes-api" | "nothing";
}

/** Two clusters whose VPCs are joined by peering, so that addresses of one mean something in the other. */
export interface NetworkLinkPlan {
  readonly a: string;
  readonly b: string;
}

export interface GatewayPlan {
  /** One that only carries istiod's ports to remotes is an `east-west` too, as in Istio's primary-remote pages. */
  readonly kind: "ingress" | "egress" | "east-west";
  /** Helm release and Kubernetes name: `istio-ingressgateway`, `istio-egressgateway`, `istio-eastwestgateway`. */
  readonly release: string;
  /** Value of the `istio` label of its pods, which Gateway objects select: `ingressgateway`, ... */
  readonly selector: string;
  readonly namespace: string;
  readonly replicas: number;
  /** How it is reached: a load balancer on the internet, one inside the VPC, or none (egress). */
  readonly exposure: "internet" | "internal" | "none";
  /** In a cluster that exists already: its Service, where EKS would get a Network Load Balancer. */
  readonly service?: GatewayServicePlan;
  /** Blocks that may reach it; with `callerNats` empty too, everywhere. */
  readonly sourceRanges: readonly string[];
  /** Clusters whose pods may reach it from the internet by their NAT gateway's address, sorted. */
  readonly callerNats: readonly string[];
  /** Whose pods and Service these are: Istio's chart, or istiod, which makes them for a Gateway of the Gateway API. */
  readonly madeBy: "chart" | "istiod";
  /** Ports of its Service. `port` is the load balancer's, `targetPort` the pod's. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: number }[];
}

export type GatewayServicePlan =
  | { readonly type: "LoadBalancer"; readonly loadBalancerClass?: string }
  | {
      readonly type: "NodePort";
      /** Where others reach a node; absent where nobody said. */
      readonly address?: string;
      /** The node's port for each port of the Service. */
      readonly nodePorts: Readonly<Record<string, number>>;
    };

/** How the lab reaches a cluster that it did not make. */
export interface ExistingPlan {
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  readonly context: string;
  /** The API server's address as the other clusters see it; absent where none of them needs it. */
  readonly apiServer?: string;
}

export interface ControlPlanePlan {
  readonly replicas: number;
  readonly ha: boolean;
}

export interface EndpointPlan {
  readonly public: boolean;
  /** Empty means everywhere. */
  readonly publicAccessCidrs: readonly string[];
  /** Clusters whose NAT gateway's address is let in beside these blocks, for an istiod that reads this API. Sorted. */
  readonly readerNats: readonly string[];
}

export interface AccessPlan {
  /** Principal ARNs that administer every cluster of the lab. */
  readonly admins: readonly string[];
  /** Principals that work for tenants of this cluster, and the Kubernetes groups that EKS puts them in. */
  readonly tenants: readonly { readonly arn: string; readonly groups: readonly string[] }[];
}

/** A tenant that may call another; without paths it may ask for all of them. */
export interface CallerPlan {
  readonly name: string;
  readonly paths: readonly string[];
}

/** A tenant as it stands in one cluster. */
export interface TenantPlan {
  /** Also its namespace's. */
  readonly name: string;
  /** The Kubernetes group of those who work in it. */
  readonly group: string;
  /** Hard limits of the namespace. */
  readonly quota: Readonly<Record<string, string>>;
  /** Limits of a container that states none; empty where there are no such. */
  readonly limits: Readonly<Record<string, string>>;
  readonly podSecurity: "privileged" | "baseline" | "restricted";
  readonly networkPolicy: boolean;
  /** Who may call it, beside itself. Sorted by name. */
  readonly callers: readonly CallerPlan[];
  /** Tenants that it may call: whose callers it is among. Sorted. */
  readonly mayCall: readonly string[];
  /** Services that its callers know of. Sorted. */
  readonly exportedServices: readonly string[];
  /** Samples that run in its namespace. Sorted. */
  readonly samples: readonly SampleName[];
  /** The revision tag that its namespace follows; absent where the mesh has no revisions. */
  readonly revision?: RevisionTag;
}

/** One cluster with all that is decided about it. Components receive this slice. */
export interface ClusterPlan {
  /** Istio's cluster name; also the Pulumi name and the name in remote secrets. */
  readonly name: string;
  readonly mesh: string;
  readonly network: string;
  readonly primary: string;
  readonly config: string;
  /** Names of the tenants that it is dedicated to; absent or empty for one that is open to all. */
  readonly dedicatedTo?: readonly string[];
  /** Sorted; a cluster that is its own primary and config has `["primary"]`. */
  readonly roles: readonly Role[];
  /** Absent where the lab makes the cluster on EKS; with it, nothing below that AWS has is made. */
  readonly existing?: ExistingPlan;
  /** Empty for a cluster that exists already and whose region nobody named. */
  readonly region: string;
  readonly zones: number;
  readonly vpc: NetworkPlan;
  readonly serviceCidr: string;
  readonly kubernetesVersion: string;
  readonly nodes: NodesPlan;
  readonly endpoint: EndpointPlan;
  readonly access: AccessPlan;
  /** Istio's own namespace here: of istiod, of what stands for one that runs elsewhere, and of the gateways. */
  readonly istioNamespace: string;
  /** Absent where no istiod runs. That of a remote does nothing but inject proxies (`mesh.localInjector`). */
  readonly controlPlane?: ControlPlanePlan;
  readonly gateways: readonly GatewayPlan[];
  readonly samples: readonly SamplePlan[];
  /** Sorted by name. */
  readonly tenants: readonly TenantPlan[];
  /** Absent where nobody asked for it, and where no workload runs. */
  readonly observability?: ObservabilityPlan;
  /** Services of other tenants, in clusters that this one does not read. Sorted by host. */
  readonly imports: readonly ImportedServicePlan[];
  /** Hosts that the east-west gateway leads to, sorted; `*.local` is everything here. Empty where none leads to workloads. */
  readonly exportedHosts: readonly string[];
}

/** What a cluster has of that which shows how a mesh does. Prometheus is in each; what is looked at, beside the store. */
export interface ObservabilityPlan {
  /** The cluster of the mesh that keeps the metrics of all. */
  readonly store: string;
  readonly grafana: boolean;
  readonly kiali?: KialiPlan;
}

export interface KialiPlan {
  /** With more than one cluster Kiali takes no tokens (https://kiali.io/docs/configuration/multi-cluster/). */
  readonly login: "token" | "anonymous";
  /** Nobody has said who they are where it is anonymous, so nobody may change anything. */
  readonly viewOnly: boolean;
}

/** A service at the east-west gateways of clusters whose API servers no istiod on this side reads. */
export interface ImportedServicePlan {
  /** The name by which the callers know it. */
  readonly host: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** The SPIFFE identity that its pods prove. */
  readonly identity: string;
  /** Clusters that have it and whose east-west gateway lets the callers in, sorted. */
  readonly gateways: readonly string[];
  /** Namespaces that know of it, sorted; absent where all do. */
  readonly exportTo?: readonly string[];
}

/** A control plane beside which there may be others in the same cluster. */
export interface RevisionPlan {
  /** Istio's name of it: `1-31-1`, or `default`. */
  readonly revision: string;
  readonly version: string;
  /** The tag that leads to it. */
  readonly tag?: RevisionTag;
}

export interface MeshPlan {
  /** Key in the plan and mesh ID. */
  readonly name: string;
  /** Of what a cluster has once, such as the definitions: the newest of its control planes'. */
  readonly version: string;
  /** The control planes that each primary has; one without a name, unless there are revisions. */
  readonly revisions: readonly RevisionPlan[];
  /** The revision tag that gateways follow; absent without revisions. */
  readonly follows?: RevisionTag;
  readonly dataPlane: "sidecar" | "ambient";
  readonly profile: "default" | "demo";
  readonly trustDomain: string;
  readonly mtls: "STRICT" | "PERMISSIVE";
  readonly outboundTrafficPolicy: "ALLOW_ANY" | "REGISTRY_ONLY";
  readonly cni: boolean;
  /** True where its clusters are spread over more than one network. */
  readonly multiNetwork: boolean;
  /** Names of its clusters, sorted. */
  readonly clusters: readonly string[];
  /** A common root is needed where several clusters must trust each other: then each gets an intermediate. */
  readonly sharedRoot: boolean;
  readonly rootName: string;
  /** Absent where failover between localities is off. */
  readonly failover?: FailoverPlan;
  /** Shares of requests by locality; empty where Istio keeps them near, or fails over. */
  readonly distribute: readonly DistributePlan[];
  readonly serviceEntries: readonly ServiceEntryPlan[];
  /** Services of its own that other meshes may call, sorted by host and caller. */
  readonly exports: readonly FederatedServicePlan[];
  /** Services of other meshes that it calls, sorted by host. */
  readonly imports: readonly FederatedServicePlan[];
  /** Meshes whose root its workloads must trust beside their own, because one calls the other; sorted. */
  readonly trusts: readonly { readonly mesh: string; readonly trustDomain: string }[];
  /** Further Helm values per chart, which win over ours. */
  readonly values: {
    readonly base: HelmValues;
    readonly istiod: HelmValues;
    readonly gateway: HelmValues;
    readonly cni: HelmValues;
    readonly ztunnel: HelmValues;
  };
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type HelmValues = { readonly [key: string]: Json };

/** Istio's locality failover; see docs: it never happens without outlier detection and `maxEjectionPercent: 100`. */
export interface FailoverPlan {
  readonly outlierDetection: {
    readonly consecutive5xxErrors: number;
    readonly interval: string;
    readonly baseEjectionTime: string;
    readonly maxEjectionPercent: number;
    readonly minHealthPercent: number;
  };
  readonly connectTimeout: string;
  readonly perTryTimeout: string;
  readonly attempts: number;
  readonly h2UpgradePolicy: "UPGRADE" | "DO_NOT_UPGRADE";
  readonly maxRequestsPerConnection: number;
  readonly updateMergeWindow: string;
  readonly regions: readonly { readonly from: string; readonly to: string }[];
}

/** Where the requests of a locality go. Localities are `region/zone/subzone` or end in `*`; the shares sum up to 100. */
export interface DistributePlan {
  readonly from: string;
  readonly to: Readonly<Record<string, number>>;
}

/** A service that one mesh offers to another; the same record stands in both. */
export interface FederatedServicePlan extends ImportedServicePlan {
  /** Mesh that has it. Its trust domain is that of `identity`. */
  readonly from: string;
  /** Mesh that may call it. */
  readonly to: string;
}

export interface ServiceEntryPlan {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly ports: readonly { readonly number: number; readonly name: string; readonly protocol: string }[];
  readonly location: NonNullable<ServiceEntryConfig["location"]>;
  readonly resolution: NonNullable<ServiceEntryConfig["resolution"]>;
  readonly endpoints: readonly { readonly address: string }[];
}

/** A sample application as it stands in one cluster. */
export interface SamplePlan {
  readonly name: SampleName;
  readonly namespace: string;
  /** Versions of the workload that run here: helloworld v1 in one cluster, v2 in the other. */
  readonly versions: readonly string[];
  /** The revision tag that its namespace follows; absent where the mesh has no revisions. */
  readonly revision?: RevisionTag;
}

/** `from` is the cluster whose API server is read; `to` holds the Secret (https://istio.io multicluster pages). */
export interface RemoteSecretPlan {
  readonly from: string;
  readonly to: string;
  /** `config` is the kubeconfig of an external control plane's config cluster. */
  readonly type: "remote" | "config";
  readonly namespace: string;
}

/** `from` is the cluster whose API server the Kiali of `to` reads, by a secret of its own. */
export interface KialiSecretPlan {
  readonly from: string;
  readonly to: string;
}

/** Something that the whole internet, or the named blocks, can reach. */
export interface OpenPlan {
  readonly cluster: string;
  /** `kubernetes-api`, `istio-ingressgateway`, `istio-eastwestgateway`. */
  readonly what: string;
  readonly ports: readonly number[];
  /** Blocks, and NAT gateways as `NAT of <cluster>`. `["0.0.0.0/0"]` is the world. */
  readonly sources: readonly string[];
  readonly why: string;
}

export interface ArtifactsPlan {
  readonly istioCharts: string;
  readonly istioImages: string;
  readonly loadBalancerControllerCharts: string;
  readonly gatewayApiCrds: string;
  readonly sampleImages: string;
  readonly kialiCharts: string;
  readonly kialiImages: string;
  readonly observabilityImages: string;
  readonly grafanaDashboards: string;
}

/** The certificate authorities of every mesh. The key of a root of one's own never stands in a plan. */
export interface CaPlan {
  /** Generations of the roots that the lab makes: the first signs, all are trusted. Empty with a root of one's own. */
  readonly roots: readonly number[];
  /** PEM of one's own roots, in the same order; mostly empty. */
  readonly ownRoots: readonly string[];
  readonly rootDays: number;
  readonly intermediateDays: number;
  /** Days before its end from which on `pulumi up` renews an intermediate. */
  readonly renewBeforeDays: number;
}

/** The tokens by which one cluster's istiod reads another. */
export interface ReaderPlan {
  readonly tokenHours: number;
  /** When the tokens' period began, such as `2026-11-26t00`; part of their name, so that a new period makes new ones. */
  readonly tokenPeriod: string;
}

/** One host that leads to the ingress gateways of several clusters, as long as each of them is healthy. */
export interface GlobalIngressPlan {
  readonly host: string;
  /** Name of the Route 53 hosted zone, which exists already. */
  readonly hostedZone: string;
  /** Clusters that share the requests equally, sorted. */
  readonly clusters: readonly string[];
  /** What Route 53 asks each gateway for, and when it believes the answers. */
  readonly healthCheck: {
    readonly port: number;
    readonly path: string;
    readonly intervalSeconds: number;
    /** Answers in a row that change a gateway's state. */
    readonly failureThreshold: number;
  };
  readonly ttlSeconds: number;
}

export interface LabPlan {
  readonly platform: "eks" | "existing";
  /** Sorted by name. */
  readonly clusters: readonly ClusterPlan[];
  /** Sorted by name. */
  readonly meshes: readonly MeshPlan[];
  readonly remoteSecrets: readonly RemoteSecretPlan[];
  /** In the order of the clusters that are read. */
  readonly kialiSecrets: readonly KialiSecretPlan[];
  /** Sorted; `a` comes before `b`. */
  readonly networkLinks: readonly NetworkLinkPlan[];
  /** Names of clusters with an east-west gateway, sorted. */
  readonly eastWestGateways: readonly string[];
  /** Names of clusters whose gateway exposes istiod to remotes, sorted. */
  readonly istiodGateways: readonly string[];
  /** Absent where every cluster's ingress has a name of its own only. */
  readonly globalIngress?: GlobalIngressPlan;
  readonly open: readonly OpenPlan[];
  readonly warnings: readonly Issue[];
  readonly artifacts: ArtifactsPlan;
  readonly ca: CaPlan;
  readonly readers: ReaderPlan;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The shape of a stack file's `istio-lab:` keys. One schema for every deployment model of
 * https://istio.io/latest/docs/ops/deployment/deployment-models/, whether it is built yet or not, so that a stack file
 * never has to change its shape. This file says what can be *written*; `rules/` says which combinations make sense.
 */
import { z } from "zod";

/** The deployment models that have a name. Each expands to cluster records in `models.ts`. */
export const modelNames = [
  "single",
  "multi-primary",
  "multi-primary-one-network",
  "primary-remote",
  "primary-remote-one-network",
  "external-control-plane",
] as const;

const names = z.string().min(1, "must not be empty");
const cidr = z.cidrv4({ error: "must be an IPv4 block such as 10.10.0.0/16" });
const cidrs = z.array(cidr);
const count = z.int().min(0);
const helmValues = z.record(z.string(), z.json());

/** A duration as Envoy and Istio write it: `500ms`, `10s`, `1m`. */
const duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m|h)$/, "must be a duration such as 500ms, 10s or 1m");

const gateways = z.strictObject({
  /** A gateway for requests from outside the mesh. Default: true on every cluster that carries workloads. */
  ingress: z.boolean().optional(),
  /** A gateway for requests to outside the mesh. Default: false. */
  egress: z.boolean().optional(),
  /** Pods of each gateway, spread over zones. Default: 1, and 2 for an east-west gateway. */
  replicas: count.optional(),
  /** For `platform: existing`: how the Services of gateways that others reach are exposed. */
  service: z
    .strictObject({
      /** Default: NodePort, and LoadBalancer with a `loadBalancerClass`. */
      type: z.enum(["LoadBalancer", "NodePort"]).optional(),
      /** `spec.loadBalancerClass`: which of the cluster's load balancers serves them. */
      loadBalancerClass: names.optional(),
      /** With NodePort: where the other clusters reach a node of this one. Default: the host of `apiServer`. */
      address: names.optional(),
    })
    .optional(),
});

const controlPlane = z.strictObject({
  /** `true` runs istiod highly available: two replicas, spread over zones, with a disruption budget. */
  ha: z.boolean().optional(),
  /** Replicas of istiod. Default: 1, and 2 with `ha`. */
  replicas: count.optional(),
});

const nodes = z.strictObject({
  /** EC2 instance types, all of one CPU architecture. Default: [t3.large]. */
  instanceTypes: z.array(names).min(1).optional(),
  /** Nodes per cluster, spread over its zones. Default: 2. */
  count: z.int().min(1).optional(),
  /** How AWS sells the nodes. SPOT costs less, at a price that changes, and may be taken back. Default: ON_DEMAND. */
  capacityType: z.enum(["ON_DEMAND", "SPOT"]).optional(),
  /** Root volume of each node in GiB. Default: 20. */
  diskSize: z.int().min(20).optional(),
  /** Nodes in private subnets behind one NAT gateway per cluster. Default: false, public subnets without NAT. */
  private: z.boolean().optional(),
});

const endpoint = z.strictObject({
  /** Whether the Kubernetes API answers on the internet. Default: true. */
  public: z.boolean().optional(),
  /** Blocks from which the public endpoint may be reached. Default: everywhere. */
  publicAccessCidrs: cidrs.optional(),
});

/** One cluster. Istio's own CI describes its topologies with the same four relations (name, network, primary, config). */
const cluster = z.strictObject({
  /** Istio's cluster name, also the name of everything made for it: a DNS-1123 label. */
  name: names,
  /** Istio's network: clusters of one network reach each other's pods directly. Default: one per cluster. */
  network: names.optional(),
  /** The cluster whose istiod serves this one. Default: itself. */
  primary: names.optional(),
  /** The cluster whose API server holds the Istio configuration. Default: that of its primary. */
  config: names.optional(),
  /** The mesh that the cluster belongs to. Default: the lab's only one. */
  mesh: names.optional(),
  /** AWS region, or what the nodes of an existing cluster are labelled with. Default: the lab's `region`. */
  region: names.optional(),
  /** Availability zones to spread over. Default: 2. */
  zones: z.int().min(1).optional(),
  /** The VPC's block. Default: 10.<n>.0.0/16, where n comes from the name alone, so that no other cluster moves it. */
  cidr: cidr.optional(),
  /** The block of Kubernetes Services. Default: 172.20.0.0/16. */
  serviceCidr: cidr.optional(),
  /** As the lab's key of this name, for this cluster alone. Default of each key in it: the lab's. */
  controlPlane: controlPlane.optional(),
  /** As the lab's key of this name, for this cluster alone. Default of each key in it: the lab's. */
  gateways: gateways.optional(),
  /** As the lab's key of this name, for this cluster alone. Default of each key in it: the lab's. */
  nodes: nodes.optional(),
  /** As the lab's key of this name, for this cluster alone. Default of each key in it: the lab's. */
  endpoint: endpoint.optional(),
  /** For `platform: existing`: the context in the kubeconfig. */
  context: names.optional(),
  /** For `platform: existing`: the API server's address as the other clusters see it. */
  apiServer: z.url().optional(),
  /** As its mesh's `dataPlane`, from which it must not differ. Default: the mesh's. */
  dataPlane: z.enum(["sidecar", "ambient"]).optional(),
  /** Names of the tenants that live here. Default: all. */
  tenants: z.array(names).optional(),
});

export const revisionTags = ["stable", "canary"] as const;
const revisionTag = z.enum(revisionTags);

const mesh = z.strictObject({
  /** The one place where a version of Istio stands; charts and images follow. Default: 1.31.1. */
  version: z.string().optional(),
  /** The ID of the only mesh, a DNS-1123 label; among `meshes` the `name` is it. Default: mesh1. */
  id: names.optional(),
  /** Whether each pod has a proxy of its own, or the pods of a node share its ztunnel. Default: sidecar. */
  dataPlane: z.enum(["sidecar", "ambient"]).optional(),
  /** `demo` is what the study group's notes installed: small requests, access log, every request traced. */
  profile: z.enum(["default", "demo"]).optional(),
  /** A DNS name with which every identity in the mesh begins; no two meshes have the same. Default: cluster.local. */
  trustDomain: names.optional(),
  /** Mesh-wide mutual TLS. Default: STRICT. */
  mtls: z.enum(["STRICT", "PERMISSIVE"]).optional(),
  /** Whether pods may call hosts that are neither Services nor `serviceEntries`. Default: ALLOW_ANY, they may. */
  outboundTrafficPolicy: z.enum(["ALLOW_ANY", "REGISTRY_ONLY"]).optional(),
  /**
   * Versions of control planes that run side by side, each behind a revision tag that namespaces follow
   * (docs/en/upgrades.md). With `version` beside them the control plane without a name stays too.
   */
  revisions: z
    .strictObject({
      /** Version of the control plane that the tag `stable` leads to. */
      stable: z.string(),
      /** Version of its successor, which the tag `canary` leads to. Default: none. */
      canary: z.string().optional(),
    })
    .optional(),
  /** The tag that gateways and namespaces follow which name none. Default: stable, where there are revisions. */
  revision: revisionTag.optional(),
  /** Use istio-cni instead of the istio-init container. Default: false with sidecars, true with ambient. */
  cni: z.boolean().optional(),
  /** Further Helm values for a chart; they win over what the lab sets. */
  values: z
    .strictObject({
      /** For the chart `base`: Istio's definitions and the webhook that judges its objects. */
      base: helmValues.optional(),
      /** For the chart `istiod`: control planes, and what stands for one in a remote cluster. */
      istiod: helmValues.optional(),
      /** For the chart `gateway`: the pods of gateways. */
      gateway: helmValues.optional(),
      /** For the chart `cni`: the agent on each node that leads traffic to proxies. */
      cni: helmValues.optional(),
      /** For the chart `ztunnel`: each node's proxy of an ambient mesh. */
      ztunnel: helmValues.optional(),
    })
    .optional(),
  /** Whether Istio's remote injector runs locally in remote clusters. Default: true; EKS needs it. */
  localInjector: z.boolean().optional(),
});

const namedMesh = mesh.extend({
  /** The mesh's name and ID: a DNS-1123 label. */
  name: names,
  /** Common name of its root certificate; no two meshes have the same. Default: the name and "root". */
  rootName: names.optional(),
  /** Services that this mesh offers to another. */
  exports: z
    .array(
      z.strictObject({
        /** The host name by which the other mesh calls it. */
        host: names,
        /** Where the Service is here. */
        namespace: names,
        /** The mesh that may call. */
        to: names,
        /** The Service's name. Default: what stands before the first dot of `host`. */
        service: names.optional(),
        /** The Service's port, which speaks HTTP. Default: 80. */
        port: z.int().min(1).max(65535).optional(),
        /** The service account of its pods, which callers check. Default: the Service's name. */
        serviceAccount: names.optional(),
      }),
    )
    .optional(),
});

/** A place as Istio writes it: region, zone and subzone, each of which may be left out or, at the end, be `*`. */
const locality = z
  .string()
  .regex(
    /^(\*|[^*/]+(\/(\*|[^*/]+(\/(\*|[^*/]+))?))?)$/,
    "must be a locality such as us-east-1/* or us-east-1/us-east-1a/*",
  );

const failover = z.strictObject({
  /** Leave the local endpoints when they are gone or sick. Default: true where there are several clusters. */
  enabled: z.boolean().optional(),
  /** When a proxy ejects an endpoint. Where failover is on, `false` is refused: it would quietly not happen. */
  outlierDetection: z
    .union([
      z.literal(false),
      z.strictObject({
        /** Errors in a row after which an endpoint is out: 5xx, failed connections, timed-out tries. Default: 1. */
        consecutive5xxErrors: z.int().min(1).optional(),
        /** Time between two sweeps, which end ejections; it is not the time to detect. Default: 1s. */
        interval: duration.optional(),
        /** How long an endpoint is out the first time; each further time is longer. Default: 1m. */
        baseEjectionTime: duration.optional(),
        /** How much of a service's endpoints may be out at once, in percent. Default: 100. */
        maxEjectionPercent: z.int().min(0).max(100).optional(),
        /** Below it Envoy asks everybody, the ejected too. 0: it never does. */
        minHealthPercent: z.int().min(0).max(100).optional(),
      }),
    ])
    .optional(),
  /** How long a proxy tries to connect to an endpoint. Default: 500ms. */
  connectTimeout: duration.optional(),
  /** How long one try of a request may take. Default: 1.5s. */
  perTryTimeout: duration.optional(),
  /** How many more tries a request has after its first; 0: none. Default: 5. */
  attempts: count.optional(),
  /**
   * Whether a proxy sends the requests of HTTP/1.1 clients to other proxies as HTTP/2, many at once on one connection.
   * Default: UPGRADE, with which a pod that has no proxy must speak HTTP/2 without TLS itself.
   */
  h2UpgradePolicy: z.enum(["UPGRADE", "DO_NOT_UPGRADE"]).optional(),
  /** Requests after which a connection is given up for a new one; 0: never. Default: 100. */
  maxRequestsPerConnection: count.optional(),
  /** For how long a proxy gathers ejections before its workers hear of them; 0s: it does not. */
  updateMergeWindow: duration.optional(),
  /** Which region takes over for which. Default: every region for every other. */
  regions: z
    .array(
      z.strictObject({
        /** The region that fails. */
        from: names,
        /** The region that takes over. */
        to: names,
      }),
    )
    .optional(),
  /** Shares of traffic by locality; excludes failover. */
  distribute: z
    .array(
      z.strictObject({
        /** The locality of those who call, such as `us-east-1/*`. */
        from: locality,
        /** Localities that answer them, each with its share in percent; the shares add up to 100. */
        to: z.record(locality, z.int().min(0).max(100)),
      }),
    )
    .optional(),
});

const serviceEntry = z.strictObject({
  /** Name of the ServiceEntry: a DNS-1123 label. */
  name: names,
  /** Hosts that pods call. A wildcard needs endpoints, or one of the resolutions NONE and DYNAMIC_DNS. */
  hosts: z.array(names).min(1),
  /** Ports of the hosts. */
  ports: z
    .array(
      z.strictObject({
        /** The port's number. */
        number: z.int().min(1).max(65535),
        /** The port's name, such as `https`. */
        name: names,
        /** What is spoken there, in a word of Istio, such as HTTP, HTTPS, TLS or TCP. */
        protocol: names,
      }),
    )
    .min(1),
  /** Whether the hosts are outside the mesh or belong to it. Default: MESH_EXTERNAL. */
  location: z.enum(["MESH_EXTERNAL", "MESH_INTERNAL"]).optional(),
  /**
   * Where a proxy finds the address: NONE is the one that was called, STATIC the endpoints, DYNAMIC_DNS looks each
   * request's own host up, else DNS. Default: DNS.
   */
  resolution: z.enum(["NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"]).optional(),
  /** Where the hosts are. STATIC needs them, DNS_ROUND_ROBIN takes one, NONE and DYNAMIC_DNS none. Default: none. */
  endpoints: z
    .array(
      z.strictObject({
        /** An IP address or, with DNS, a host name. */
        address: names,
      }),
    )
    .optional(),
});

/** Sample applications. Each is a namespace with injection and the workloads of Istio's sample of that name. */
export const sampleNames = ["bookinfo", "helloworld", "httpbin", "curl"] as const;

const tenant = z.strictObject({
  /** Also its namespace's. */
  name: names,
  /** Principals that may work in the tenant's namespace, as an EKS access-entry group. */
  admins: z.array(z.string()).optional(),
  /** Hard limits of the namespace's ResourceQuota, such as `requests.cpu: "4"`. Nothing is ever open to outside. */
  quota: z.record(z.string(), z.string()).optional(),
  /** What the namespace's LimitRange gives a container that states no limits, such as `memory: 512Mi`. */
  limits: z.record(z.string(), z.string()).optional(),
  /** The tag of `mesh.revisions` that its namespace follows. Default: the mesh's. */
  revision: revisionTag.optional(),
  /** Which pods the namespace takes. Default: restricted where the mesh has istio-cni, else privileged: any pod. */
  podSecurity: z.enum(["privileged", "baseline", "restricted"]).optional(),
  /** Whether NetworkPolicies keep the namespace apart, below the mesh. Default: true. */
  networkPolicy: z.boolean().optional(),
  /** Tenants whose workloads may call this one; with `paths` only these, where a `*` may end one. */
  callers: z
    .array(
      z.union([
        names,
        z.strictObject({
          /** The tenant that may call. */
          name: names,
          /** Paths that it may ask for, such as `/status/*`. Default: all. */
          paths: z.array(z.string()).optional(),
        }),
      ]),
    )
    .optional(),
  /** Services that callers know of. Default: all that may be called of its samples, where it has callers. */
  exportedServices: z.array(names).optional(),
  /** Sample applications in its namespace. Default: httpbin, to be called, and curl, to call. */
  samples: z.array(z.enum(sampleNames)).optional(),
});

export const configSchema = z.strictObject({
  /** A deployment model by its name, which stands for records of clusters. Default: single. */
  model: z.enum(modelNames).optional(),
  /** The clusters, one record each. Default: the model's; where they are written, `model` says nothing. */
  clusters: z.array(cluster).optional(),
  /** Whether the lab makes its clusters, on EKS, or takes those that exist. Default: eks. */
  platform: z.enum(["eks", "existing"]).optional(),
  /** For `platform: existing`: the kubeconfig file. Default: ~/.kube/config. */
  kubeconfig: names.optional(),
  /** Default region of clusters. Default: us-east-1; none with `platform: existing`. */
  region: names.optional(),
  /** Kubernetes of the clusters, which Istio must support. */
  kubernetes: z
    .strictObject({
      /** Its minor version, in quotes. Default: "1.36". */
      version: z.string().optional(),
    })
    .optional(),
  /** The nodes of each cluster on EKS. */
  nodes: nodes.optional(),
  /** Who reaches the Kubernetes API of each cluster on EKS. */
  endpoint: endpoint.optional(),
  /** istiod in each cluster that runs one. */
  controlPlane: controlPlane.optional(),
  /** The gateways of each cluster. */
  gateways: gateways.optional(),
  /** The mesh; beside `meshes`, what those of them have that say nothing else. */
  mesh: mesh.optional(),
  /** Several meshes in one lab, each with the keys of `mesh` and some more. Default: one mesh. */
  meshes: z.array(namedMesh).optional(),
  /** What connects clusters of one network that live in different VPCs. */
  networkLink: z.enum(["none", "peering"]).optional(),
  /** The east-west gateways, by which clusters call each other across networks. */
  eastWest: z
    .strictObject({
      /** Whether they are reached over the internet, or inside the VPCs by peering. Default: internet. */
      exposure: z.enum(["internet", "peering"]).optional(),
      /**
       * Blocks that may reach them; the callers' NAT gateways may too, where all have one. Default: with `peering` the
       * callers' VPCs, else no further blocks or, without those NAT gateways, everywhere.
       */
      sourceRanges: cidrs.optional(),
    })
    .optional(),
  /** The ingress gateways, by which users come in. */
  ingress: z
    .strictObject({
      /** `route53`: one host for the ingress gateways of all clusters, of which DNS names the healthy ones. */
      global: z.enum(["none", "route53"]).optional(),
      /** With `global`: name of the public Route 53 hosted zone that `host` lies in. The lab does not make it. */
      hostedZone: names.optional(),
      /** With `global`: the host that users call, such as `www.lab.example`. */
      host: names.optional(),
      /** Blocks that may reach them. Default: everywhere. */
      sourceRanges: cidrs.optional(),
    })
    .optional(),
  /** How requests leave endpoints that fail, for another zone, region or cluster. */
  failover: failover.optional(),
  /** Hosts that are no Services of the clusters, each made known to every mesh by a ServiceEntry. Default: none. */
  serviceEntries: z.array(serviceEntry).optional(),
  /** Who administers the clusters, and when the tokens by which they read each other are renewed. */
  access: z
    .strictObject({
      /**
       * ARNs of IAM users and roles that administer every cluster, beside whoever runs the first `pulumi up`. That one
       * must not be named: EKS makes its access entry itself and refuses a second
       * (https://github.com/pulumi/pulumi-eks/issues/2373).
       */
      admins: z.array(z.string()).optional(),
      /**
       * Hours after which the first `pulumi up` gives the clusters new tokens, by which one's istiod reads another's API
       * server, and takes the old ones away. Default: 2160, which is 90 days.
       */
      readerTokenHours: z.int().min(1).optional(),
    })
    .optional(),
  /** The certificates of the lab: whose root, and how long they are valid. */
  ca: z
    .strictObject({
      /**
       * A root certificate and key of one's own, PEM; the key must be a secret. A second certificate is trusted too,
       * while one root takes the other's place.
       */
      rootCertificate: z.string().optional(),
      /**
       * The key of `rootCertificate`, of the first where there are two, as
       * `pulumi config set --secret --path istio-lab:ca.rootKey` writes it.
       */
      rootKey: z.string().optional(),
      /**
       * Generations of the root that the lab makes: the first signs, all are trusted. Default: [1]. From one to the next
       * in three steps, which docs/en/certificates.md tells: [1, 2], [2, 1], [2].
       */
      roots: z.array(z.int().min(1)).min(1).max(2).optional(),
      /** Days for which a root made by the lab is valid, as long as it is not made yet. Default: 365. */
      rootDays: z.int().min(1).optional(),
      /** Days for which each cluster's intermediate certificate is valid. Default, and most: 90. */
      intermediateDays: z.int().min(1).optional(),
      /** Days before its end from which on `pulumi up` renews an intermediate. Default: a third of its life. */
      renewBeforeDays: z.int().min(1).optional(),
    })
    .optional(),
  /** One with a `revision` has its namespace follow that tag of `mesh.revisions`. Default of that: the mesh's. */
  samples: z
    .array(
      z.union([
        z.enum(sampleNames),
        z.strictObject({
          /** The sample. */
          name: z.enum(sampleNames),
          /** The tag of `mesh.revisions` that its namespace follows. */
          revision: revisionTag,
        }),
      ]),
    )
    .optional(),
  /** Teams that share the lab, each with a namespace of its own. Default: none. */
  tenants: z.array(tenant).optional(),
  /** What shows how a mesh does. Nothing of it has an address outside; one looks at it through a port forward. */
  observability: z
    .strictObject({
      /** Metrics of every cluster, in one store per mesh. Default: true where Kiali or Grafana is, which show them. */
      prometheus: z.boolean().optional(),
      /** Kiali of each mesh: who calls whom, and whether the configuration is sound. Default: false. */
      kiali: z.boolean().optional(),
      /** Grafana of each mesh, with Istio's dashboards. Default: false. */
      grafana: z.boolean().optional(),
      /**
       * The cluster that has the store of its mesh, Kiali and Grafana: a primary or, in the mesh of an external control
       * plane, the cluster with its configuration. Of several meshes a list. Default: the only one that can.
       */
      cluster: z.union([names, z.array(names)]).optional(),
    })
    .optional(),
  /** Where things come from. A mirror of one's own, or a folder, can stand in for each. */
  artifacts: z
    .strictObject({
      /** Istio's charts: a repository URL, `oci://...` or a folder. `{version}` in it stands for the charts' version. */
      istioCharts: names.optional(),
      /** Istio's images. Default: docker.io/istio. */
      istioImages: names.optional(),
      /** The chart of the AWS Load Balancer Controller: a repository URL, `oci://...` or the folder above the chart. */
      loadBalancerControllerCharts: names.optional(),
      /** Definitions of the Gateway API: a URL or a file. Default: the standard channel of v1.6.0, from GitHub. */
      gatewayApiCrds: names.optional(),
      /** The chart of Kiali: a repository URL, `oci://...` or the folder above the chart. */
      kialiCharts: names.optional(),
      /** Kiali's image. Default: quay.io/kiali. */
      kialiImages: names.optional(),
      /** Registry prefix that replaces docker.io for Prometheus and Grafana. */
      observabilityImages: names.optional(),
      /** Where Grafana's pod fetches Istio's dashboards. `{version}` in it stands for the mesh's version. */
      grafanaDashboards: names.optional(),
      /** Registry prefix that replaces docker.io for sample images. */
      sampleImages: names.optional(),
    })
    .optional(),
  /** Further tags for what is made in AWS, beside the lab's own. Default: none. */
  tags: z.record(z.string(), z.string()).optional(),
  /** Allows what is known not to work everywhere yet. */
  experimental: z.boolean().optional(),
});

/** A stack file's `istio-lab:` keys, as written. */
export type LabConfig = z.infer<typeof configSchema>;
export type ClusterConfig = z.infer<typeof cluster>;
export type NamedMeshConfig = z.infer<typeof namedMesh>;
export type ServiceEntryConfig = z.infer<typeof serviceEntry>;
export type ModelName = (typeof modelNames)[number];
export type RevisionTag = (typeof revisionTags)[number];
export type SampleName = (typeof sampleNames)[number];

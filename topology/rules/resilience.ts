/** High availability and failover: settings under which it would quietly not happen. */
import { atSetting } from "../drafts.ts";
import { clustersOfMesh, isPrimary, pairsOf, workloadClusters } from "../queries.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

/** Whether traffic is meant to leave a locality that fails. */
function wantsFailover({ config, clusters, meshes }: RuleContext): boolean {
  const several = meshes.some((mesh) => workloadClusters(clustersOfMesh(clusters, mesh.name)).length > 1);
  return config.failover?.enabled ?? several;
}

function unknownRegions({ config, clusters }: RuleContext): Finding[] {
  const known = [...new Set(workloadClusters(clusters).map(({ region }) => region))];
  return (config.failover?.regions ?? []).flatMap((pair, index) =>
    (["from", "to"] as const)
      .filter((end) => !known.includes(pair[end]))
      .map((end) => ({
        path: `failover.regions[${index}].${end}`,
        message: `No cluster of this lab runs workloads in "${pair[end]}", so nothing fails over there. Name one of: ${known.join(", ")}.`,
      })),
  );
}

/** Every locality that the shares name, with its place. */
function localities({ config }: RuleContext): { path: string; locality: string }[] {
  return (config.failover?.distribute ?? []).flatMap(({ from, to }, index) => [
    { path: `failover.distribute[${index}].from`, locality: from },
    ...Object.keys(to).map((locality) => ({ path: `failover.distribute[${index}].to`, locality })),
  ]);
}

/** A locality's zone depends on the account, so only its region can be judged. */
function unknownLocalities(context: RuleContext): Finding[] {
  const known = [...new Set(workloadClusters(context.clusters).map(({ region }) => region))];
  return localities(context)
    .filter(({ locality }) => locality !== "*" && !known.includes(locality.split("/")[0] ?? ""))
    .map(({ path, locality }) => ({
      path,
      message:
        `No cluster of this lab runs workloads in "${locality}", so that share would go nowhere. Write a region and ` +
        `what follows it, such as ${known.map((region) => `"${region}/*"`).join(" or ")}.`,
    }));
}

/** `region/*` holds every zone of the region (istio/istio: pkg/config/validation/agent/validation.go). */
function meets(a: string, b: string): boolean {
  const [one = [], other = []] = [a, b].map((locality) => locality.split("/"));
  const differs = one.findIndex((part, index) => part !== other[index]);
  if (differs === -1) return true;
  return [one[differs], other[differs]].some((part) => part === "*" || part === undefined);
}

function meetingLocalities({ config }: RuleContext): Finding[] {
  const shares = config.failover?.distribute ?? [];
  const lists = [
    { path: "failover.distribute", list: shares.map(({ from }) => from) },
    ...shares.map(({ to }, index) => ({ path: `failover.distribute[${index}].to`, list: Object.keys(to) })),
  ];
  return lists.flatMap(({ path, list }) =>
    pairsOf(list)
      .filter(([a, b]) => meets(a, b))
      .map(([a, b]) => ({
        path,
        message: `"${a}" and "${b}" hold the same places, and Istio refuses to choose. Write each place once.`,
      })),
  );
}

/** Istio demands at least a millisecond; Envoy would take 0 as no limit, or as never connected. */
function zeroTimeouts({ config }: RuleContext): Finding[] {
  return (["connectTimeout", "perTryTimeout"] as const).flatMap((key) => {
    const value = config.failover?.[key];
    if (value === undefined || Number.parseFloat(value) > 0) return [];
    return [
      {
        path: `failover.${key}`,
        message: `A limit of ${value} is none that a request could keep, and Istio refuses it. Write a longer one, such as 1s.`,
      },
    ];
  });
}

export const resilienceRules: readonly Rule[] = [
  {
    code: "ha-one-replica",
    severity: "error",
    check: ({ clusters }) =>
      clusters
        .filter((cluster) => isPrimary(cluster) && cluster.controlPlane.ha && cluster.controlPlane.replicas < 2)
        .map((cluster) => ({
          path: atSetting(cluster, "controlPlane", "replicas"),
          message: `A control plane with ${cluster.controlPlane.replicas} replica is not highly available: losing its node loses istiod. Set replicas to 2 or more, or ha: false.`,
        })),
  },
  {
    code: "no-replicas",
    severity: "error",
    check: ({ clusters }) =>
      clusters.flatMap((cluster) => [
        ...(isPrimary(cluster) && cluster.controlPlane.replicas === 0
          ? [
              {
                path: atSetting(cluster, "controlPlane", "replicas"),
                message: `"${cluster.name}" would run no istiod, and without it no pod gets its sidecar. Set replicas to 1 or more.`,
              },
            ]
          : []),
        ...(cluster.gateways.replicas === 0
          ? [
              {
                path: atSetting(cluster, "gateways", "replicas"),
                message: `The gateways of "${cluster.name}" would have no pod, and their load balancers no target. Set replicas to 1 or more, or switch the gateways off.`,
              },
            ]
          : []),
      ]),
  },
  {
    code: "failover-without-outlier-detection",
    severity: "error",
    check: (context) =>
      wantsFailover(context) && context.config.failover?.outlierDetection === false
        ? [
            {
              path: "failover.outlierDetection",
              message:
                "Without outlier detection istiod sorts no endpoints by locality and Envoy leaves none, however sick it is, so " +
                "failover would silently not happen. Take the line away, or set failover.enabled: false.",
            },
          ]
        : [],
  },
  {
    code: "failover-never-ejects",
    severity: "warning",
    check: (context) => {
      const detection = context.config.failover?.outlierDetection;
      const percent = detection === false ? undefined : detection?.maxEjectionPercent;
      if (!wantsFailover(context) || percent === undefined || percent === 100) return [];
      return [
        {
          path: "failover.outlierDetection.maxEjectionPercent",
          message:
            `At ${percent} % Envoy keeps endpoints that it knows to be dead: with one endpoint per region, failover was measured ` +
            "never to happen. Set 100, unless you want to see exactly that.",
        },
      ];
    },
  },
  {
    code: "failover-with-distribute",
    severity: "error",
    check: (context) =>
      wantsFailover(context) && context.config.failover?.distribute !== undefined
        ? [
            {
              path: "failover.distribute",
              message:
                "Istio takes either shares by locality or failover between localities and ignores the other. Take " +
                "`distribute` away, or set failover.enabled: false.",
            },
          ]
        : [],
  },
  {
    code: "distribute-sum",
    severity: "error",
    check: ({ config }) =>
      (config.failover?.distribute ?? []).flatMap(({ from, to }, index) => {
        const sum = Object.values(to).reduce((total, share) => total + share, 0);
        if (sum === 100) return [];
        return [
          {
            path: `failover.distribute[${index}].to`,
            message: `The shares of traffic from "${from}" add up to ${sum}, and Istio demands 100. Adjust them.`,
          },
        ];
      }),
  },
  {
    code: "distribute-nothing",
    severity: "error",
    check: ({ config }) =>
      (config.failover?.distribute ?? []).flatMap(({ to }, index) =>
        Object.entries(to)
          .filter(([, share]) => share === 0)
          .map(([locality]) => ({
            path: `failover.distribute[${index}].to`,
            message: `A share of 0 for "${locality}" is one that Istio refuses. Leave the locality out: what is not named gets nothing.`,
          })),
      ),
  },
  { code: "distribute-unknown-region", severity: "error", check: unknownLocalities },
  { code: "distribute-overlap", severity: "error", check: meetingLocalities },
  { code: "zero-timeout", severity: "error", check: zeroTimeouts },
  { code: "failover-unknown-region", severity: "error", check: unknownRegions },
  {
    code: "failover-to-itself",
    severity: "error",
    check: ({ config }) =>
      (config.failover?.regions ?? []).flatMap(({ from, to }, index) =>
        from === to
          ? [
              {
                path: `failover.regions[${index}].to`,
                message: `"${from}" cannot take over for itself, and Istio refuses such a rule. Name another region.`,
              },
            ]
          : [],
      ),
  },
];

/** One host over the ingress gateways of all clusters. */
import { ingressClusters } from "../global-ingress.ts";
import { isDnsName } from "../names.ts";
import { isWorld } from "../callers.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

const isGlobal = ({ config }: RuleContext): boolean => config.ingress?.global === "route53";

/** Findings of a lab that asks for a global ingress; none of any other. */
const whenGlobal =
  (check: (context: RuleContext) => readonly Finding[]): Rule["check"] =>
  (context) =>
    isGlobal(context) ? check(context) : [];

/** Why a host cannot be a record of a zone, and what to write. */
function hostProblem(host: string, zone: string): string | undefined {
  if (!isDnsName(host))
    return `"${host}" is not a host name. Use lower-case letters, digits and hyphens, with dots between, such as www.${zone}.`;
  if (host === zone)
    return `"${host}" is the zone itself, where DNS allows no CNAME beside the zone's own records. Name a host in it, such as www.${zone}.`;
  if (!host.endsWith(`.${zone}`))
    return `"${host}" does not lie in the zone "${zone}", so no record there would be asked for it. Name a host such as www.${zone}, or the zone that holds this one.`;
  return undefined;
}

export const globalIngressRules: readonly Rule[] = [
  {
    code: "global-ingress-incomplete",
    severity: "error",
    check: whenGlobal(({ config: { ingress } }) =>
      (["hostedZone", "host"] as const)
        .filter((key) => ingress?.[key] === undefined)
        .map((key) => ({
          path: `ingress.${key}`,
          message:
            "One host for all clusters is a record in a Route 53 hosted zone of yours, and this is not said. Write " +
            "ingress.hostedZone: <the zone's name> and ingress.host: <a host in it>.",
        })),
    ),
  },
  {
    code: "global-ingress-zone",
    severity: "error",
    check: whenGlobal(({ config: { ingress } }) =>
      ingress?.hostedZone === undefined || isDnsName(ingress.hostedZone)
        ? []
        : [
            {
              path: "ingress.hostedZone",
              message: `"${ingress.hostedZone}" is not the name of a zone, by which the lab finds it. Write the domain, such as lab.example, not the zone's id, without a dot at the end.`,
            },
          ],
    ),
  },
  {
    code: "global-ingress-host",
    severity: "error",
    check: whenGlobal(({ config: { ingress } }) => {
      if (ingress?.host === undefined || ingress.hostedZone === undefined) return [];
      const message = hostProblem(ingress.host, ingress.hostedZone);
      return message === undefined ? [] : [{ path: "ingress.host", message }];
    }),
  },
  {
    code: "global-ingress-alone",
    severity: "error",
    check: whenGlobal(({ clusters }) =>
      ingressClusters(clusters).length > 1
        ? []
        : [
            {
              path: "ingress.global",
              message:
                "Fewer than two clusters have an ingress gateway for users, so there is nobody to take over from the " +
                "other. Add a cluster, or leave ingress.global out.",
            },
          ],
    ),
  },
  {
    code: "global-ingress-meshes",
    severity: "error",
    check: whenGlobal(({ clusters }) => {
      const meshes = [...new Set(ingressClusters(clusters).map(({ mesh }) => mesh))];
      if (meshes.length < 2) return [];
      return [
        {
          path: "ingress.global",
          message:
            `The clusters belong to the meshes ${meshes.join(", ")}, which share no services: the same request would mean ` +
            "something else from one answer of DNS to the next. Keep one mesh, or leave ingress.global out.",
        },
      ];
    }),
  },
  {
    code: "global-ingress-source-ranges",
    severity: "error",
    check: whenGlobal(({ config: { ingress } }) =>
      isWorld(ingress?.sourceRanges ?? [])
        ? []
        : [
            {
              path: "ingress.sourceRanges",
              message:
                "Route 53's health checkers call from addresses of their own all over the world, so these blocks would shut " +
                "them out and every cluster would count as sick. Leave the ranges out, or ingress.global.",
            },
          ],
    ),
  },
  {
    code: "global-ingress-unused",
    severity: "error",
    check: (context) =>
      isGlobal(context)
        ? []
        : (["hostedZone", "host"] as const)
            .filter((key) => context.config.ingress?.[key] !== undefined)
            .map((key) => ({
              path: `ingress.${key}`,
              message:
                "Without ingress.global nothing is written into a hosted zone, so this would have no effect. Take it away, or " +
                "set ingress.global: route53.",
            })),
  },
];

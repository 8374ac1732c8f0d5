/** Certificates: whose root, how long it lives, and how another takes its place. */
import { certificatesIn, encrypted, intermediateDaysOf, longestIntermediateDays, rootDaysOf } from "../trust.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

type Ca = NonNullable<RuleContext["config"]["ca"]>;

/** A rule about `ca`, which a stack file may leave out. */
const about = (code: string, check: (ca: Ca, context: RuleContext) => Finding[]): Rule => ({
  code,
  severity: "error",
  check: (context) => (context.config.ca === undefined ? [] : check(context.config.ca, context)),
});

export const trustRules: readonly Rule[] = [
  about("root-key-in-clear", ({ rootKey }) =>
    rootKey === undefined || rootKey === encrypted
      ? []
      : [
          {
            path: "ca.rootKey",
            message:
              "The key of the root stands in clear in the stack file, and whoever reads it can be anybody in the mesh. Take it " +
              "away there, make a new root, and write its key with `pulumi config set --secret --path istio-lab:ca.rootKey`.",
          },
        ],
  ),
  about("own-root-incomplete", ({ rootCertificate, rootKey }) => {
    if ((rootCertificate === undefined) === (rootKey === undefined)) return [];
    const [has, lacks] = rootKey === undefined ? ["rootCertificate", "rootKey"] : ["rootKey", "rootCertificate"];
    return [
      {
        path: `ca.${has}`,
        message: `A root of one's own needs its certificate and its key, and ca.${lacks} is missing. Add it, or leave both out.`,
      },
    ];
  }),
  about("own-root-certificates", ({ rootCertificate, roots }) => {
    if (rootCertificate === undefined) return [];
    const count = certificatesIn(rootCertificate).length;
    const path = "ca.rootCertificate";
    if (count < 1 || count > 2) {
      const message =
        `Here are ${count} certificates, and one is needed: PEM, from "-----BEGIN CERTIFICATE-----" to ` +
        '"-----END CERTIFICATE-----". While another root takes its place there are two, first the one that ca.rootKey belongs to.';
      return [{ path, message }];
    }
    if (roots === undefined) return [];
    return [
      {
        path: "ca.roots",
        message: "Generations count the lab's own roots, and here is one of yours. Leave ca.roots out.",
      },
    ];
  }),
  about("own-root-shared", ({ rootCertificate }, { meshes }) =>
    rootCertificate === undefined || meshes.length < 2
      ? []
      : [
          {
            path: "ca.rootCertificate",
            message:
              "One root for several meshes would let each mesh's workloads pass for the other's. Leave it out: the lab makes a root per mesh.",
          },
        ],
  ),
  about("root-generations", ({ roots = [] }) =>
    new Set(roots).size === roots.length
      ? []
      : [
          {
            path: "ca.roots",
            message: "A generation is named twice. Name the one that signs first, then another that is trusted.",
          },
        ],
  ),
  about("intermediate-lifetime", (ca) => {
    const days = intermediateDaysOf(ca);
    const limit =
      ca.rootCertificate === undefined ? Math.min(longestIntermediateDays, rootDaysOf(ca)) : longestIntermediateDays;
    if (days <= limit) return [];
    const why =
      limit === longestIntermediateDays
        ? `an intermediate lives ${longestIntermediateDays} days at most, since a stolen one is good until its end`
        : `an intermediate is worth nothing after its root's end, which is after ${limit}`;
    return [{ path: "ca.intermediateDays", message: `${days} days are too long: ${why}. Write ${limit} or fewer.` }];
  }),
  about("renewal-window", (ca) =>
    ca.renewBeforeDays === undefined || ca.renewBeforeDays <= intermediateDaysOf(ca)
      ? []
      : [
          {
            path: "ca.renewBeforeDays",
            message:
              `A certificate of ${intermediateDaysOf(ca)} days cannot be renewed ${ca.renewBeforeDays} days before its end. ` +
              `Write fewer; ${intermediateDaysOf(ca)} renews it at every \`pulumi up\`.`,
          },
        ],
  ),
];

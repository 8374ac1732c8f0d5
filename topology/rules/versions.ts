/** Versions that do not exist, do not fit together, or are no longer cared for; places that no longer serve. */
import {
  brokenIstioVersions,
  eksStandardSupportEnds,
  parseIstioVersion,
  retiredHosts,
  supportMatrix,
} from "../versions.ts";
import { versionsWritten } from "../revisions.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

const kubernetesPath = "kubernetes.version";
const isKubernetesMinor = (version: string): boolean => /^1\.\d+$/.test(version);
const minors = Object.keys(supportMatrix).sort();

/** Days before the end of standard support from which on it is worth a warning. */
const noticeDays = 60;

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

function versionsOf({ meshes, kubernetesVersion }: RuleContext) {
  return meshes.flatMap(versionsWritten).flatMap(({ path, version: written }) => {
    const version = parseIstioVersion(written);
    const support = version === undefined ? undefined : supportMatrix[version.minor];
    return version === undefined ? [] : [{ path, version, support, kubernetesVersion }];
  });
}

/** Days of EKS standard support left; undefined where no day is given, or the end is not known or matters not. */
function supportDays({ kubernetesVersion, today, config }: RuleContext): { end: string; days: number } | undefined {
  const end = eksStandardSupportEnds[kubernetesVersion];
  if (today === undefined || end === undefined || config.platform === "existing") return undefined;
  return { end, days: daysBetween(today, end) };
}

/** The lab asks for supportType STANDARD, which AWS no longer has for such a version. */
function supportEnded(context: RuleContext): Finding[] {
  const support = supportDays(context);
  if (support === undefined || support.days >= 0) return [];
  return [
    {
      path: kubernetesPath,
      message:
        `EKS standard support of Kubernetes ${context.kubernetesVersion} ended on ${support.end}. The lab's clusters are in standard ` +
        "support only ($0.10 instead of $0.60 per hour), which AWS does not offer for this version any more. Choose a newer one.",
    },
  ];
}

function supportEnds(context: RuleContext): Finding[] {
  const support = supportDays(context);
  if (support === undefined || !(support.days >= 0 && support.days <= noticeDays)) return [];
  return [
    {
      path: kubernetesPath,
      message:
        `EKS standard support of Kubernetes ${context.kubernetesVersion} ends on ${support.end}; then AWS upgrades its control plane ` +
        "by itself, and this stack file is refused. Choose a newer version.",
    },
  ];
}

/** Every text within a value, with its path. */
function texts(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((each, index) => texts(each, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => texts(each, `${path}.${key}`));
}

export const versionRules: readonly Rule[] = [
  {
    code: "istio-version",
    severity: "error",
    check: ({ meshes }) =>
      meshes
        .flatMap(versionsWritten)
        .filter(({ version }) => parseIstioVersion(version) === undefined)
        .map(({ path, version }) => ({
          path,
          message: `"${version}" is no version of Istio. Write all three numbers, such as 1.31.1.`,
        })),
  },
  {
    code: "unsupported-istio",
    severity: "error",
    check: (context) =>
      versionsOf(context)
        .filter(({ support }) => support === undefined && context.config.experimental !== true)
        .map(({ path, version }) => ({
          path,
          message:
            `Istio ${version.minor} is not among the versions this lab knows to be cared for and to fit its charts: ` +
            `${minors.join(", ")}. Choose one of them, or set experimental: true to try it.`,
        })),
  },
  {
    code: "broken-istio",
    severity: "error",
    check: (context) =>
      versionsOf(context)
        .filter(({ version }) => brokenIstioVersions.includes(version.release))
        .map(({ path, version }) => ({
          path,
          message:
            `In Istio ${version.release} istiod can deadlock when a remote secret changes, until it is restarted ` +
            "(https://github.com/istio/istio/issues/60612). Use 1.30.3 or later.",
        })),
  },
  {
    code: "kubernetes-version",
    severity: "error",
    check: ({ kubernetesVersion }) =>
      isKubernetesMinor(kubernetesVersion)
        ? []
        : [
            {
              path: kubernetesPath,
              message: `EKS knows minor versions only, such as "1.36", and not "${kubernetesVersion}". Write that, in quotes.`,
            },
          ],
  },
  {
    code: "support-matrix",
    severity: "error",
    check: (context) =>
      versionsOf(context).flatMap(({ version, support, kubernetesVersion }) => {
        if (support === undefined || !isKubernetesMinor(kubernetesVersion)) return [];
        if ([...support.kubernetes, ...support.reported].includes(kubernetesVersion)) return [];
        return [
          {
            path: kubernetesPath,
            message: `Istio ${version.minor} is not supported on Kubernetes ${kubernetesVersion}. Choose one of: ${support.kubernetes.join(", ")}.`,
          },
        ];
      }),
  },
  {
    code: "support-reported",
    severity: "warning",
    check: (context) =>
      versionsOf(context)
        .filter(({ support, kubernetesVersion }) => support?.reported.includes(kubernetesVersion))
        .map(({ version, support, kubernetesVersion }) => ({
          path: kubernetesPath,
          message: `Kubernetes ${kubernetesVersion} is not in the release announcement of Istio ${version.minor} (${support?.kubernetes.join(", ")}). It may work; if something is odd, choose one of those.`,
        })),
  },
  { code: "eks-support-ended", severity: "error", check: supportEnded },
  { code: "eks-support-ends", severity: "warning", check: supportEnds },
  {
    code: "retired-host",
    severity: "error",
    check: ({ config, meshes }) => {
      const places = [
        ...texts(config.artifacts, "artifacts"),
        ...meshes.flatMap(({ path, written }) => texts(written.values, `${path}.values`)),
      ];
      return places.flatMap(({ path, text }) => {
        const host = retiredHosts.find((retired) => text.includes(retired));
        if (host === undefined) return [];
        return [
          {
            path,
            message:
              `${host} is switched off in December 2026 and has no Istio 1.31 or later. Use https://blob.istio.io/istio-release/charts ` +
              "for charts and docker.io/istio for images, which are the defaults.",
          },
        ];
      });
    },
  },
];

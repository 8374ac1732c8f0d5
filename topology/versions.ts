/** Which versions exist, fit together and are cared for. Dated tables with their sources; no clock is read here. */

/** https://istio.io/latest/news/releases/1.31.x/announcing-1.31.1/ (2026-09-21) */
export const defaultIstioVersion = "1.31.1";
export const defaultKubernetesVersion = "1.36";

/**
 * Kubernetes minors that an Istio minor supports
 * (https://istio.io/latest/docs/releases/supported-releases/, read 2026-11-22). `reported` is not yet in the release
 * announcement.
 */
export const supportMatrix: Readonly<
  Record<string, { readonly kubernetes: readonly string[]; readonly reported: readonly string[] }>
> = {
  "1.30": { kubernetes: ["1.32", "1.33", "1.34", "1.35", "1.36"], reported: [] },
  "1.31": { kubernetes: ["1.32", "1.33", "1.34", "1.35", "1.36"], reported: ["1.37"] },
};

/**
 * Last day of EKS standard support, after which EKS upgrades the lab's clusters by itself (`supportType: STANDARD`)
 * (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html, read 2026-11-22).
 */
export const eksStandardSupportEnds: Readonly<Record<string, string>> = {
  "1.32": "2026-03-23",
  "1.33": "2026-07-29",
  "1.34": "2026-12-02",
  "1.35": "2027-03-27",
  "1.36": "2027-08-02",
};

/** Releases that break a multi-cluster mesh: istiod may stop serving when a remote secret changes. */
export const brokenIstioVersions: readonly string[] = ["1.30.0", "1.30.1", "1.30.2"];

/** Switched off in December 2026: https://istio.io/latest/blog/2026/retirement-of-gcp/ */
export const retiredHosts: readonly string[] = [
  "gcr.io/istio-release",
  "registry.istio.io",
  "istio-release.storage.googleapis.com",
];

export interface IstioVersion {
  /** `1.31` of `1.31.1`. */
  readonly minor: string;
  /** Without what marks a build before its release. */
  readonly release: string;
}

/** The newest of some versions, at least one; a build before a release counts as that release. */
export function newest(versions: readonly string[]): string {
  const numbers = (version: string): number[] => (parseIstioVersion(version)?.release ?? "").split(".").map(Number);
  const order = (a: string, b: string): number => {
    const [of, other] = [numbers(a), numbers(b)];
    const at = of.findIndex((each, index) => each !== other[index]);
    return at === -1 ? 0 : (of[at] ?? 0) - (other[at] ?? 0);
  };
  return [...versions].sort(order).at(-1) ?? defaultIstioVersion;
}

/** Reads `1.31.1`, `1.31.0-rc.1` or `1.31.0-dev.eed52ebb66ad`; undefined for anything else. */
export function parseIstioVersion(version: string): IstioVersion | undefined {
  const match = /^(\d+\.\d+)\.(\d+)(-[0-9A-Za-z.-]+)?$/.exec(version);
  if (match === null) return undefined;
  const [, minor = "", patch = ""] = match;
  return { minor, release: `${minor}.${patch}` };
}

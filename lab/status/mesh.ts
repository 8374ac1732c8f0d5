/** Judgements about a mesh: who reads whom, one root, how long certificates last, who reaches whom. */
import { X509Certificate } from "node:crypto";
import { certificatesIn as pemsIn } from "../../topology/trust.ts";
import { failed, type Finding, ok, skipped } from "../checks/check.ts";

/** What istiod's `/debug/clusterz` says of a cluster whose API server it reads. */
export interface ReadCluster {
  readonly id: string;
  /** `synced`, `syncing`, `timeout` or `closed`. */
  readonly syncStatus: string;
}

/**
 * @param wanted names of the clusters that are to be read
 * @param seen by each istiod's pod
 */
export function judgeRemotes(
  wanted: readonly string[],
  seen: Readonly<Record<string, readonly ReadCluster[]>>,
): Finding {
  const page = "docs/en/certificates.md";
  const pods = Object.entries(seen);
  if (pods.length === 0) return failed("No istiod runs that could be asked.", "See the check of istiod.", page);
  const wrong = pods.flatMap(([pod, clusters]) =>
    wanted.flatMap((name) => {
      const status = clusters.find(({ id }) => id === name)?.syncStatus ?? "unknown to it";
      return status === "synced" ? [] : [`${name} is ${status} (${pod})`];
    }),
  );
  if (wrong.length === 0) return ok(`reads ${wanted.join(", ")}`);
  return failed(
    `istiod does not read every cluster that it is to: ${wrong.join("; ")}.`,
    "`timeout` is a cluster that is away, or a token that has run out, which `pulumi up` renews.",
    page,
  );
}

const certificatesIn = (pem: string): X509Certificate[] => pemsIn(pem).map((text) => new X509Certificate(text));

/** @param roots PEM by cluster; undefined where a cluster has none */
export function judgeRoots(roots: Readonly<Record<string, string | undefined>>): Finding {
  const page = "docs/en/certificates.md";
  const clusters = Object.entries(roots);
  const missing = clusters
    .filter(([, pem]) => pem === undefined || certificatesIn(pem).length === 0)
    .map(([name]) => name);
  if (missing.length > 0)
    return failed(
      `No root certificate is known in ${missing.join(", ")}.`,
      "istiod writes it: see the check of istiod.",
      page,
    );
  const sets = clusters.map(([name, pem = ""]) => ({ name, prints: fingerprints(pem) }));
  const kinds = Object.values(Object.groupBy(sets, ({ prints }) => prints.join()));
  if (kinds.length <= 1)
    return ok(`${clusters.map(([name]) => name).join(", ")}: ${sets[0]?.prints[0]?.slice(0, 23) ?? ""}…`);
  const groups = kinds.map((group = []) => group.map(({ name }) => name).join(" and "));
  return failed(
    `The roots differ, so workloads refuse each other: ${groups.join(" against ")}.`,
    "pulumi up --refresh, then restart istiod; docs/en/certificates.md tells how a root is changed.",
    page,
  );
}

const fingerprints = (pem: string): string[] =>
  certificatesIn(pem)
    .map(({ fingerprint256 }) => fingerprint256)
    .sort();

export interface CertificateFacts {
  /** The root or roots that workloads trust; PEM. */
  readonly root: string | undefined;
  /** What istiods sign with, where the lab gave them an intermediate; PEM. */
  readonly intermediates: readonly string[];
  /** Days before the end from which on `pulumi up` renews an intermediate. */
  readonly renewBeforeDays: number;
  readonly now: Date;
}

const day = 86_400_000;

export function judgeCertificates({ root, intermediates, renewBeforeDays, now }: CertificateFacts): Finding {
  const page = "docs/en/certificates.md";
  const ends = (what: string, pem: string | undefined) =>
    certificatesIn(pem ?? "").map(({ validToDate }) => ({
      what,
      ends: validToDate,
      days: Math.floor((validToDate.getTime() - now.getTime()) / day),
    }));
  // The first of a chain is the one that signs.
  const all = [...ends("root", root), ...intermediates.flatMap((pem) => ends("intermediate", pem).slice(0, 1))];
  if (all.length === 0) return failed("No certificate is there.", "istiod writes it: see the check of istiod.", page);
  const late = all.filter(({ days }) => days < renewBeforeDays);
  const said = (list: typeof all) =>
    list
      .map(({ what, ends: end, days }) => `${what} until ${end.toISOString().slice(0, 10)} (${days} days)`)
      .join(", ");
  if (late.length === 0) return ok(said(all));
  return failed(
    `Ends soon, or has ended: ${said(late)}.`,
    "pulumi up renews an intermediate; a root is changed as the page says.",
    page,
  );
}

export interface Reach {
  readonly from: string;
  readonly to: string;
  /** What was called, such as `http://….elb.amazonaws.com:15443`. */
  readonly url: string;
  /** What curl printed as `time_connect` and `http_code`; undefined where it did not run. */
  readonly printed: string | undefined;
}

/** curl's arguments: connects, whatever is said after that, and prints how it went. */
export const curl = (url: string): string[] => [
  ...["curl", "-s", "-o", "/dev/null", "--connect-timeout", "5", "--max-time", "10"],
  ...["-w", "connected %{time_connect} answered %{http_code}", url],
];

/** An east-west gateway breaks off a call that names no service; that it was reached is what counts. */
export function judgeReach({ from, to, url, printed }: Reach): Finding {
  const [, connected, code] = /connected ([\d.]+) answered (\d{3})/.exec(printed ?? "") ?? [];
  if (connected === undefined) return skipped(`the proxies' image has no curl to ask ${url} with`);
  if (Number(connected) > 0) return ok(`${url}, connected in ${Math.round(Number(connected) * 1000)} ms`);
  return failed(
    `From ${from} no connection to ${to} comes about at ${url} (answer ${code ?? "none"}).`,
    "Look at the load balancer's targets, and at who is let in: `lab plan` lists what is open to whom.",
    "docs/en/failover.md",
  );
}

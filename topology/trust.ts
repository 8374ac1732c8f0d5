/** What is decided about certificates and tokens: how long they live, and which roots a mesh trusts. */
import type { LabConfig } from "./schema.ts";
import type { CaPlan, ReaderPlan } from "./types.ts";

/** Stands for a value that is encrypted in the stack file, wherever a plan is made: no plan ever holds the value. */
export const encrypted = "(encrypted)";

/** An intermediate that is stolen is good for as long as it lives. */
export const longestIntermediateDays = 90;

type Ca = NonNullable<LabConfig["ca"]>;

export const intermediateDaysOf = (ca: Ca): number => ca.intermediateDays ?? longestIntermediateDays;
export const rootDaysOf = (ca: Ca): number => ca.rootDays ?? 365;

/** Each certificate of a PEM text, with a newline at its end. */
export const certificatesIn = (pem: string): string[] =>
  [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([text]) => `${text}\n`);

export function planCa({ ca = {} }: LabConfig): CaPlan {
  const intermediateDays = intermediateDaysOf(ca);
  return {
    roots: ca.rootCertificate === undefined ? (ca.roots ?? [1]) : [],
    ownRoots: certificatesIn(ca.rootCertificate ?? ""),
    rootDays: rootDaysOf(ca),
    intermediateDays,
    renewBeforeDays: ca.renewBeforeDays ?? Math.ceil(intermediateDays / 3),
  };
}

const hour = 3_600_000;

/**
 * @param now the time of planning. Without it every token is of the first period: planning reads no clock.
 */
export function planReaders({ access = {} }: LabConfig, now = "1970-01-01T00:00:00Z"): ReaderPlan {
  const tokenHours = access.readerTokenHours ?? 90 * 24;
  const periods = Math.floor(Date.parse(now) / hour / tokenHours);
  return { tokenHours, tokenPeriod: new Date(periods * tokenHours * hour).toISOString().slice(0, 13).toLowerCase() };
}

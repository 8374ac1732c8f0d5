/** One question to a machine, an account or a lab, and its answer: the shape that `doctor` and `status` share. */

/** What was found. */
export type Finding =
  | { readonly outcome: "ok"; readonly says: string }
  /** Not asked; `says` why. */
  | { readonly outcome: "skipped"; readonly says: string }
  | {
      readonly outcome: "failed";
      readonly cause: string;
      readonly fix: string;
      /** Where more is written: a path in the project, or a URL. */
      readonly page: string;
    };

export type Checked = Finding & { readonly name: string };

export interface Check {
  /** Unique among those that are printed together, such as `east: nodes`. */
  readonly name: string;
  /** For a failure that `look` did not foresee. */
  readonly page: string;
  /** Asks and judges. What it throws is a failure. */
  readonly look: () => Finding | Promise<Finding>;
}

export const ok = (says: string): Finding => ({ outcome: "ok", says });
export const skipped = (says: string): Finding => ({ outcome: "skipped", says });
export const failed = (cause: string, fix: string, page: string): Finding => ({ outcome: "failed", cause, fix, page });

/** Milliseconds that a check may take. */
const patience = 60_000;

/** Looks at everything at once; the answers come in the order of the questions. */
export function runChecks(checks: readonly Check[], within = patience): Promise<Checked[]> {
  return Promise.all(checks.map(async (check) => ({ name: check.name, ...(await found(check, within)) })));
}

async function found({ look, page }: Check, within: number): Promise<Finding> {
  const gaveUp = AbortSignal.timeout(within);
  const late = new Promise<never>((_, reject) => {
    gaveUp.addEventListener("abort", () => {
      reject(new Error(`There was no answer within ${within / 1000} seconds.`));
    });
  });
  try {
    return await Promise.race([Promise.resolve().then(look), late]);
  } catch (error) {
    return failed((error as Error).message, "Mend what it says, then ask again.", page);
  }
}

export const allHold = (checked: readonly Checked[]): boolean => checked.every(({ outcome }) => outcome !== "failed");

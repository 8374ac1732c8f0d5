/** Judgements about where Pulumi keeps the stack, and whether it can open it. */
import { failed, type Finding, ok, skipped } from "../checks/check.ts";
import { pulumiCommand } from "../stack/typed.ts";

const page = "https://www.pulumi.com/docs/iac/concepts/state-and-backends/";

/** As much of `pulumi whoami --json` as is read. */
export interface Backend {
  readonly user: string;
  readonly url: string;
}

/** @param backend undefined where Pulumi is not logged in */
export function judgeBackend(backend: Backend | undefined): Finding {
  if (backend !== undefined) return ok(`${backend.url}, as ${backend.user}`);
  return failed(
    "Pulumi is not logged in to a backend, or is not there, so it has nowhere to keep the state.",
    "pulumi login --local, or pulumi login for Pulumi Cloud",
    page,
  );
}

export interface PassphraseFacts {
  readonly backend: Backend | undefined;
  /** `secretsprovider` and `encryptionsalt` of the stack file, where it has them. */
  readonly secretsProvider?: string;
  readonly salted: boolean;
  /** Whether PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE is set; an empty one counts. */
  readonly set: boolean;
}

/** Of files and buckets Pulumi protects secrets by a passphrase, unless the stack names another provider. */
export function judgePassphrase({ backend, secretsProvider, salted, set }: PassphraseFacts): Finding {
  if (secretsProvider !== undefined && secretsProvider !== "passphrase")
    return skipped(`secrets are kept by ${secretsProvider.split("://")[0] ?? ""}`);
  if (backend === undefined) return skipped("which backend keeps the secrets is not known");
  const needed = salted || secretsProvider === "passphrase" || !/^https?:/.test(backend.url);
  if (!needed) return skipped("Pulumi Cloud keeps the secrets");
  if (set) return ok("is set");
  return failed(
    "PULUMI_CONFIG_PASSPHRASE is not set, and the stack's secrets are protected by it.",
    "export PULUMI_CONFIG_PASSPHRASE=..., always the same, or name a file with PULUMI_CONFIG_PASSPHRASE_FILE",
    "https://www.pulumi.com/docs/iac/concepts/secrets/",
  );
}

/** @param stacks names that `pulumi stack ls --json` prints, such as `multi` or `owner/multi`; undefined without a backend */
export function judgeStack(
  stack: string,
  stacks: readonly string[] | undefined,
  configFile: string | undefined,
): Finding {
  if (stacks === undefined) return skipped("without a backend there is no stack");
  const found = stacks.find((name) => name === stack || name.endsWith(`/${stack}`));
  if (found !== undefined) return ok(`${found} exists`);
  const others = stacks.length === 0 ? "it has none" : `it has ${stacks.join(", ")}`;
  return failed(
    `The backend has no stack ${stack}: ${others}.`,
    `pulumi stack init ${stack} && ${pulumiCommand("up", stack, configFile)}`,
    "README.md",
  );
}

import { execFileSync } from "node:child_process";

const installation = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";

/** The oldest AWS CLI of each major version whose `eks get-token` is good enough. */
const minimum = { 1: [1, 24, 0], 2: [2, 7, 0] } as const;

/**
 * Refuses to go on without an AWS CLI on PATH, as pulumi-eks does for every cluster in each preview and update.
 *
 * @throws in pulumi-eks's words when there is none or it is too old
 */
export function assertCompatibleAwsCli(): void {
  const version = parseVersion(awsVersion());
  const wanted: readonly number[] = version[0] === 1 ? minimum[1] : minimum[2];
  if (compare(version, wanted) < 0) {
    throw new Error(
      `At least v${wanted.join(".")} of aws-cli is required. Current version is: ${version.join(".")}.` +
        ` See ${installation} for installation instructions.`,
    );
  }
}

function awsVersion(): string {
  try {
    return execFileSync("aws", ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    throw new Error(`Could not find aws CLI for EKS. See ${installation} for installation instructions.`);
  }
}

/** The numbers in `aws-cli/2.31.0 Python/3.13.7 Linux/6.8`. */
function parseVersion(line: string): number[] {
  const numbers = /^aws-cli\/(\d+)\.(\d+)\.(\d+)/.exec(line)?.slice(1).map(Number);
  if (!numbers) throw new Error(`Could not read the version of the aws CLI from: ${line.trim()}`);
  return numbers;
}

function compare(left: readonly number[], right: readonly number[]): number {
  const index = left.findIndex((number, position) => number !== right[position]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}

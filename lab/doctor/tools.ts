/** Judgements about the machine's own commands. Each takes what the command printed; undefined where it is not there. */
import { failed, type Finding, ok, skipped } from "../checks/check.ts";

const readme = "README.md";

/** The oldest that the project's scripts run on; package.json and lab/require-node.mjs say the same. */
const nodeNeeds = [22, 18] as const;
/** The eks provider refuses older ones, even in a preview (https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/dependencies.ts). */
const awsCliNeeds = { 1: [1, 24], 2: [2, 7] } as const;
const pulumiNeeds = [3, 0] as const;

export function judgeNode(version: string): Finding {
  if (isAtLeast(version, nodeNeeds)) return ok(version);
  const fix = "Install a newer one from https://nodejs.org, or put node_modules/.bin first on PATH.";
  return failed(`Node.js ${version} is older than ${nodeNeeds.join(".")}.`, fix, readme);
}

export function judgePulumi(printed: string | undefined): Finding {
  const fix = "Install it: https://www.pulumi.com/docs/iac/download-install/";
  if (printed === undefined) return failed("The command `pulumi` is not there.", fix, readme);
  if (isAtLeast(printed, pulumiNeeds)) return ok(versionIn(printed));
  return failed(`\`pulumi version\` says "${printed.trim()}", which is no version 3.`, fix, readme);
}

export function judgeAwsCli(printed: string | undefined): Finding {
  const fix = "Install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";
  const why = "Pulumi's eks provider and every login to a cluster run it.";
  if (printed === undefined) return failed(`The command \`aws\` is not there. ${why}`, fix, readme);
  const version = versionIn(printed);
  if (version === "") return silent("aws", printed, fix);
  const needs = awsCliNeeds[version.startsWith("1.") ? 1 : 2];
  if (isAtLeast(version, needs)) return ok(version);
  return failed(`AWS CLI ${version} is older than ${needs.join(".")}. ${why}`, fix, readme);
}

/** `pulumi up` needs neither of these two, so that they are not there is no failure. */
export function judgeKubectl(printed: string | undefined, kubernetes: readonly string[]): Finding {
  if (printed === undefined)
    return skipped("not there; `pulumi up` does without it, exercises do not: https://kubernetes.io/docs/tasks/tools/");
  const version = versionIn(printed);
  if (version === "") return silent("kubectl", printed, "Install it: https://kubernetes.io/docs/tasks/tools/");
  const minor = Number(version.split(".")[1]);
  const far = kubernetes.filter((each) => Math.abs(Number(each.split(".")[1]) - minor) > 1);
  if (far.length === 0) return ok(version);
  return failed(
    `kubectl ${version} is more than one minor from Kubernetes ${far.join(", ")}, which it is not made for.`,
    `Install kubectl ${far.join(" or ")}: https://kubernetes.io/docs/tasks/tools/`,
    "https://kubernetes.io/releases/version-skew-policy/#kubectl",
  );
}

/** @param wanted versions of Istio that the stack's meshes have */
export function judgeIstioctl(printed: string | undefined, wanted: readonly string[]): Finding {
  if (printed === undefined)
    return skipped(
      "not there; `pulumi up` does without it, exercises do not: https://istio.io/latest/docs/setup/additional-setup/download-istio-release/",
    );
  const version = istioctlVersion(printed);
  const fix = `Use the same version: curl -L https://istio.io/downloadIstio | ISTIO_VERSION=${wanted[0] ?? ""} sh -`;
  if (version === "") return silent("istioctl", printed, fix);
  if (wanted.includes(version)) return ok(version);
  return failed(`istioctl is ${version}, but the mesh is ${wanted.join(" and ")}.`, fix, "docs/en/upgrades.md");
}

/** A command that is there and does not work, such as one for another processor. */
const silent = (command: string, printed: string, fix: string): Finding =>
  failed(`\`${command}\` is there, but says no version: "${oneLine(printed)}".`, fix, readme);

const oneLine = (text: string): string => text.trim().replace(/\s+/g, " ").slice(0, 200);

/** `istioctl version --remote=false` prints JSON with `-o json`, and `client version: 1.31.1` without. */
export function istioctlVersion(printed: string): string {
  try {
    const { clientVersion } = JSON.parse(printed) as { clientVersion?: { version?: string } };
    return clientVersion?.version ?? "";
  } catch {
    return versionIn(printed);
  }
}

/** The first version number in a text, with what may follow it; empty where there is none. */
const versionIn = (text: string): string => /\d+\.\d+(\.\d+)?(-[\w.]+)?/.exec(text)?.[0] ?? "";

function isAtLeast(text: string, [major, minor]: readonly [number, number]): boolean {
  const [hasMajor = 0, hasMinor = 0] = versionIn(text).split(".").map(Number);
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}

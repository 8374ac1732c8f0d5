/** Judgements about the AWS account, in one region. */
import { zonesWithoutEks } from "../../topology/regions.ts";
import { eksStandardSupportEnds } from "../../topology/versions.ts";
import { type EksVersion, quotaCodes, type QuotaName } from "../aws/account.ts";
import { failed, type Finding, ok } from "../checks/check.ts";

export interface QuotaFacts {
  readonly region: string;
  readonly limit: number;
  /** By others than the stack. */
  readonly used: number;
  /** By the stack, when it is up. */
  readonly needed: number;
}

export function judgeQuota(name: QuotaName, { region, limit, used, needed }: QuotaFacts): Finding {
  const { says, ServiceCode, QuotaCode } = quotaCodes[name];
  if (used + needed <= limit) return ok(`${says}: ${needed} needed, ${limit - used} of ${limit} free`);
  return failed(
    `${says} in ${region}: the lab needs ${needed}, but of ${limit} only ${Math.max(0, limit - used)} are free.`,
    `Free some, take another \`region\`, or ask for more: aws service-quotas request-service-quota-increase ` +
      `--region ${region} --service-code ${ServiceCode} --quota-code ${QuotaCode} --desired-value ${used + needed}`,
    "https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html",
  );
}

/** @param wanted zones of the cluster that has most in this region */
export function judgeZones(
  region: string,
  zones: readonly { readonly name: string; readonly id: string }[],
  wanted: number,
): Finding {
  const usable = zones.filter(({ id }) => !zonesWithoutEks.includes(id));
  const barred = zones.filter(({ id }) => zonesWithoutEks.includes(id)).map(({ name, id }) => `${name} (${id})`);
  const without = barred.length === 0 ? "" : `; left out, because EKS cannot use it: ${barred.join(", ")}`;
  if (usable.length >= wanted) return ok(`${usable.map(({ name }) => name).join(", ")}${without}`);
  return failed(
    `${region} offers ${usable.length} zones that EKS can use, and the lab needs ${wanted}${without}.`,
    "Lower `zones` of the cluster, or choose another `region`.",
    "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
  );
}

/** @param types what `nodes.instanceTypes` names, and `vcpus` of those that the region has */
export function judgeInstanceTypes(
  region: string,
  types: readonly string[],
  vcpus: Readonly<Record<string, number>>,
): Finding {
  const absent = types.filter((type) => vcpus[type] === undefined);
  if (absent.length === 0) return ok(types.join(", "));
  return failed(
    `${region} has no instance type ${absent.join(", ")}.`,
    "Name another in `nodes.instanceTypes`.",
    "https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-regions.html",
  );
}

/**
 * Whether EKS still supports a version at the standard price.
 * @param found undefined where EKS does not have it, null where it could not be asked
 * @param today `2026-11-28`
 */
export function judgeEksVersion(version: string, found: EksVersion | undefined | null, today: string): Finding {
  const ends = found?.standardEnds ?? eksStandardSupportEnds[version];
  const page = "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html";
  const newer = "Set a newer `kubernetesVersion` in the stack file.";
  if (found === undefined) return failed(`EKS does not have Kubernetes ${version} in this region.`, newer, page);
  const over = ends !== undefined && ends < today;
  if (over || (found !== null && found.status !== "STANDARD_SUPPORT")) {
    const since = ends === undefined ? "" : ` since ${ends}`;
    return failed(
      `Kubernetes ${version} is out of EKS's standard support${since}: EKS upgrades the lab's clusters by itself, since ` +
        "they are not to cost six times as much.",
      newer,
      page,
    );
  }
  const by = found === null ? " (by the project's own table; EKS was not asked)" : "";
  return ok(`${version}, in standard support${ends === undefined ? "" : ` until ${ends}`}${by}`);
}

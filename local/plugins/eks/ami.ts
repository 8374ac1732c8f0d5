import * as pulumi from "@pulumi/pulumi";

type Architecture = "x86_64" | "arm64";

/** EKS's AMI type for each operating system: for x86_64, for arm64 and for x86_64 with a GPU. */
const amiTypes: Record<string, { x86_64: string; arm64: string; gpu: string }> = {
  RECOMMENDED: {
    x86_64: "AL2023_x86_64_STANDARD",
    arm64: "AL2023_ARM_64_STANDARD",
    gpu: "AL2023_x86_64_NVIDIA",
  },
  AL2023: { x86_64: "AL2023_x86_64_STANDARD", arm64: "AL2023_ARM_64_STANDARD", gpu: "AL2023_x86_64_NVIDIA" },
  AL2: { x86_64: "AL2_x86_64", arm64: "AL2_ARM_64", gpu: "AL2_x86_64_GPU" },
  Bottlerocket: { x86_64: "BOTTLEROCKET_x86_64", arm64: "BOTTLEROCKET_ARM_64", gpu: "BOTTLEROCKET_x86_64_NVIDIA" },
};

/**
 * The AMI type for an operating system of @pulumi/eks on these instance types.
 *
 * @throws InputPropertyError for instance types that do not share an architecture or are none
 */
export function amiTypeFor(operatingSystem: string, gpu: boolean, instanceTypes: string[]): string {
  const types = amiTypes[operatingSystem];
  if (!types) {
    throw new pulumi.InputPropertyError({
      propertyPath: "operatingSystem",
      reason: `Unknown operating system: ${operatingSystem}`,
    });
  }
  const architecture = architectureOf(instanceTypes);
  return gpu && architecture === "x86_64" ? types.gpu : types[architecture];
}

function architectureOf(instanceTypes: string[]): Architecture {
  const found = new Set(instanceTypes.map((type): Architecture => (isGraviton(type) ? "arm64" : "x86_64")));
  if (found.size > 1) {
    throw new pulumi.InputPropertyError({
      propertyPath: "instanceTypes",
      reason:
        "Cannot determine architecture of instance types. The provided instance types do not share a common architecture",
    });
  }
  return [...found][0] ?? "x86_64";
}

/** Family, generation, processor family, further letters, size: `c7gn.large`. Processor family g is Graviton. */
function isGraviton(instanceType: string): boolean {
  const match = /([a-z]+)([0-9]+)([a-z])?-?([a-z]+)?\.([a-zA-Z0-9-]+)/.exec(instanceType);
  if (!match) {
    throw new pulumi.InputPropertyError({
      propertyPath: "instanceTypes",
      reason: `Invalid EC2 instance type: ${instanceType}`,
    });
  }
  return match[3] === "g";
}

import { formatCidr, parseCidr, sizeOf } from "../cidr.ts";
import type { Props } from "../resource.ts";
import { UNKNOWN } from "../validate.ts";

/** The real provider's complaint about a malformed block, or undefined. */
export function blockProblem(value: unknown): string | undefined {
  if (value === undefined || value === UNKNOWN || (typeof value === "string" && parseCidr(value))) return undefined;
  const hint = typeof value === "string" ? masked(value) : undefined;
  return `"${String(value)}" is not a valid CIDR block${hint ? `; did you mean "${hint}"?` : ""}`;
}

/** VPCs and subnets have /16 to /28. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export function checkNetworkBlock(inputs: Props, refuse: (property: string, reason: string) => void): void {
  const value = inputs["cidrBlock"];
  const problem = blockProblem(value);
  if (problem) refuse("cidrBlock", problem);
  const prefix = typeof value === "string" ? parseCidr(value)?.prefix : undefined;
  if (prefix !== undefined && (prefix < 16 || prefix > 28)) {
    refuse(
      "cidrBlock",
      `expected "cidrBlock" to contain a network Value with between 16 and 28 significant bits, got: ${prefix}`,
    );
  }
}

/** "10.0.0.1/16" -> "10.0.0.0/16" */
function masked(text: string): string | undefined {
  const [address, bits] = text.split("/");
  const host = parseCidr(`${address ?? ""}/32`);
  const prefix = Number(bits);
  if (!host || !(prefix >= 0 && prefix <= 32)) return undefined;
  return formatCidr({ base: host.base - (host.base % sizeOf(prefix)), prefix });
}

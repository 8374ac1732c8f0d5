/** IPv4 blocks. Addresses are unsigned 32-bit numbers inside, dotted text outside. */
export interface Cidr {
  base: number;
  prefix: number;
}

const BLOCK = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The block, or undefined when the text is none or has bits set after its prefix ("10.0.0.1/16"). */
export function parseCidr(text: string): Cidr | undefined {
  const match = BLOCK.exec(text);
  if (!match) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  const base = octets.reduce((address, octet) => address * 256 + octet, 0);
  return base % sizeOf(prefix) === 0 ? { base, prefix } : undefined;
}

/** Like parseCidr, for text that was checked before. Throws a RangeError otherwise. */
export function cidr(text: string): Cidr {
  const block = parseCidr(text);
  if (!block) throw new RangeError(`"${text}" is not an IPv4 CIDR block`);
  return block;
}

/** How many addresses a prefix has. */
export function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}

export function formatIp(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

export function formatCidr({ base, prefix }: Cidr): string {
  return `${formatIp(base)}/${prefix}`;
}

export function parseIp(text: string): number {
  return cidr(`${text}/32`).base;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + sizeOf(b.prefix) && b.base < a.base + sizeOf(a.prefix);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && overlaps(outer, inner);
}

/** Whether an address lies in one of the blocks. */
export function within(ip: string, blocks: string[]): boolean {
  const address = { base: parseIp(ip), prefix: 32 };
  return blocks.some((block) => contains(cidr(block), address));
}

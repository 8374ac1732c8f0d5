/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE]([+-]?\d+))?$/;

const multipliers: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Fields whose values are quantities: `limits.cpu`, `requests.memory`, `hard.pods`, and so on. */
const quantityParents = new Set([
  "limits",
  "requests",
  "capacity",
  "hard",
  "overhead",
  "default",
  "defaultRequest",
  "max",
  "min",
]);

/** Whether a path of a built-in kind leads to a quantity, which a server writes in its own canonical form. */
export function isQuantityPath(path: (string | number)[]): boolean {
  return path.at(-1) === "sizeLimit" || quantityParents.has(String(path.at(-2)));
}

/** Whether two quantities are the same amount, as `1000m` and `1`. What is no quantity equals nothing. */
export function equalQuantities(left: unknown, right: unknown): boolean {
  const [a, b] = [amount(left), amount(right)];
  return a !== undefined && b !== undefined && Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

function amount(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const match = typeof value === "string" ? pattern.exec(value) : null;
  if (!match) return undefined;
  const [, digits, suffix, exponent] = match;
  return Number(digits) * (suffix ? (multipliers[suffix] ?? 1) : 10 ** Number(exponent ?? 0));
}

/** What there is, in a form that two runs share: the account, the API servers and Pulumi's state, without chance. */
import assert from "node:assert/strict";
import { runDir } from "../paths.ts";
import { callCloud, cloudSocket } from "../plugins/aws/transport.ts";
import type { Engine } from "./engine.ts";

/** One line for each thing there is, so that what is there twice is two lines. */
export type Inventory = readonly string[];

interface LedgerResource {
  readonly type: string;
  readonly id: string;
  readonly region: string;
  readonly madeBy?: string;
  readonly state: object;
}

export async function account(): Promise<Inventory> {
  const held = (await callCloud("/resources", undefined, cloudSocket(runDir))) as LedgerResource[];
  return held
    .map(({ type, region, madeBy, state }) => {
      // What AWS makes by itself is counted; what the program asked for is compared in every property.
      const rest = madeBy ? `by ${madeBy}` : withoutChance(JSON.stringify(state, sortedKeys));
      return `account: ${region} ${type} ${rest}`;
    })
    .sort();
}

/** Objects that controllers make and remake as they please. */
const transient = /^(events|leases|endpoints|endpointslices|replicasets|controllerrevisions|ipaddresses|pods)(\.|$)/;

export async function clusters(engine: Engine): Promise<Inventory> {
  const lists = await Promise.all(
    (await engine.connect()).map(async (cluster) => {
      const kubectl = `kubectl --context ${cluster}`;
      const kinds = await must(engine, `${kubectl} api-resources --verbs=list,create -o name`);
      const wanted = kinds.split("\n").filter((kind) => kind !== "" && !transient.test(kind));
      const columns = "KIND:.kind,IN:.metadata.namespace,NAME:.metadata.name";
      const text = await must(
        engine,
        `${kubectl} get ${wanted.join(",")} -A --ignore-not-found --no-headers -o custom-columns=${columns}`,
      );
      // A release that failed first has a second revision.
      const lines = text.split("\n").map((line) => line.trim().replace(/\s+/g, " "));
      return [...new Set(lines.map((line) => line.replace(/(sh\.helm\.release\.v1\..*)\.v\d+$/, "$1")))]
        .filter(Boolean)
        .map((line) => `${cluster}: ${withoutChance(line)}`);
    }),
  );
  return lists.flat().sort();
}

/** The resources of the state; one that is not as it should be says so. */
export function recorded(engine: Engine): Inventory {
  const broken = (errors: string[] | undefined) => (errors?.length ? ` FAILED ${errors.join("; ")}` : "");
  return [
    ...engine.resources().map(({ urn, initErrors }) => `state: ${urn}${broken(initErrors)}`),
    ...engine.pending().map(({ urn }) => `state: ${urn} PENDING`),
  ].sort();
}

export async function everything(engine: Engine): Promise<Inventory> {
  return [...recorded(engine), ...(await account()), ...(await clusters(engine))];
}

/** Fails with the lines that only one of the two has, each cut down to where it differs. */
export function assertSame(seen: Inventory, wanted: Inventory): void {
  const found = differences(seen, wanted);
  if (found.length > 0) assert.fail(`not as in the run without faults:\n${found.join("\n")}`);
}

/** Characters that are shown before the place where two lines part, and after it; and of a line that stands alone. */
const context = { before: 40, after: 100, alone: 400 };

/**
 * What differs, one line each: `+` is there too much, `-` is missing, `~` is there otherwise. A surplus line goes with
 * the missing one of the same kind that it resembles most.
 */
export function differences(seen: Inventory, wanted: Inventory): string[] {
  const missing = surplus(wanted, seen);
  const changed = surplus(seen, wanted).map((line) => {
    const shared = (other: string) => (kindOf(other) === kindOf(line) ? commonLength(line, other) : -1);
    const twin = missing.toSorted((left, right) => shared(right) - shared(left))[0];
    if (twin === undefined || kindOf(twin) !== kindOf(line)) return `  + ${line.slice(0, context.alone)}`;
    missing.splice(missing.indexOf(twin), 1);
    const at = commonLength(line, twin);
    return `  ~ ${kindOf(line)}: ${cut(line, at)}\n    instead of ${cut(twin, at)}`;
  });
  return [...changed, ...missing.map((line) => `  - ${line.slice(0, context.alone)}`)];
}

/** `account: <region> <type>`, `<cluster>: <kind> <namespace> <name>` or `state: <URN>`. */
function kindOf(line: string): string {
  return line
    .split(" ")
    .slice(0, line.startsWith("account:") ? 3 : line.startsWith("state:") ? 2 : 4)
    .join(" ");
}

function commonLength(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}

function cut(line: string, at: number): string {
  const from = Math.max(0, at - context.before);
  const to = at + context.after;
  return `${from > 0 ? "…" : ""}${line.slice(from, to)}${line.length > to ? "…" : ""}`;
}

/** Fails when there is more of a type in a region than there should be in the end: something was made twice. */
export function assertNothingTwice(seen: Inventory, wanted: Inventory): void {
  const types = (lines: Inventory) => lines.map((line) => line.split(" ").slice(0, 3).join(" "));
  const twice = surplus(types(seen), types(wanted));
  if (twice.length > 0) assert.fail(`made once more than in the run without faults:\n${twice.join("\n")}`);
}

/** Lines of the first beyond their number in the second. */
export function surplus(lines: Inventory, of: Inventory): string[] {
  const left = new Map<string, number>();
  for (const line of of) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** Ids, random suffixes, addresses, times, keys and certificates come out differently each time. */
export function withoutChance(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replace(/\b\d{1,3}(\.\d{1,3}){3}\b(?!\/)/g, "<address>")
    .replace(/\b(AROA|ANPA)[0-9A-Z]+\b/g, "$1<id>")
    .replace(/\b[0-9A-Fa-f]{7,}\b/g, "<id>")
    .replace(/(?<=\b(?:a|i|eni|igw|vpc|rtb|rtbassoc|subnet|sg|lt|acl|eipalloc|r-rtb)-)[0-9a-z]+/g, "<id>")
    .replace(/(?<="data":")[A-Za-z0-9+/=]{100,}/g, "<data>")
    .replace(/(?<=kube-root-ca\S*)\S+/g, "");
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

async function must(engine: Engine, line: string): Promise<string> {
  const { exitCode, output } = await engine.inside(`${line} 2>/dev/null`);
  assert.equal(exitCode, 0, `${line}\n${output}`);
  return output;
}

/** What two runs depended on, as far as it differs. */
import { sum } from "d3-array";
import type { ClusterInfo, Result } from "../result.ts";
import { clientName, duration, figureLabel, figureLimit, notMeasured } from "./words.ts";

export interface Difference {
  readonly condition: string;
  readonly a: string;
  readonly b: string;
}

/** What a run depended on, in words, in the order in which a reader asks for it. */
type Conditions = ReadonlyMap<string, string>;

/** Empty where the two runs are repeats of each other. */
export function differencesOf(a: Result, b: Result): Difference[] {
  return [
    ...differing(generalConditions(a), generalConditions(b)),
    ...grouped(topologyOf(a), topologyOf(b), "part of it"),
    ...grouped(policyOf(a), policyOf(b), "in force"),
    ...differing(expectationsOf(a), expectationsOf(b)),
  ];
}

function generalConditions({ versions, stack, platform, machine, load, repeats }: Result): Conditions {
  return new Map([
    ...Object.entries(versions).map(([name, version]): [string, string] => [`version of ${name}`, version]),
    ["stack", stack],
    ["platform", platform],
    ["processor", machine.cpu],
    ["cores", String(machine.cores)],
    ["memory", `${machine.memoryGiB} GiB`],
    ["kernel", machine.kernel],
    ["load from each client", `${load.rate} requests/s`],
    ["clients give up after", duration(load.timeout * 1_000)],
    ["clients", load.clients.join(", ")],
    ["not sent in time", String(sum(repeats, ({ dropped }) => sum(Object.values(dropped))))],
    ["repeats", String(repeats.length)],
  ]);
}

/** By cluster. */
function topologyOf({ clusters }: Result): ReadonlyMap<string, Conditions> {
  const factsOf = ({ region, network, roles, kubernetes, nodes, zones }: ClusterInfo): Conditions =>
    new Map(flat({ region, network, roles: roles.join(", "), kubernetes, nodes, zones: zones.join(", ") }));
  return new Map(clusters.map((cluster) => [`cluster ${cluster.name}`, factsOf(cluster)]));
}

/** The limits of each figure: they are fixed before a run, but an experiment may have changed between two. */
function expectationsOf({ verdict }: Result): Conditions {
  const checks = Map.groupBy(verdict.checks, ({ expectation, client }) => {
    return `expected of ${figureLabel(expectation.figure)}, ${clientName(client)}`;
  });
  return new Map([...checks].map(([name, all]) => [name, all.map((each) => figureLimit(each.expectation)).join(", ")]));
}

/** By object. */
const policyOf = ({ policy }: Result): ReadonlyMap<string, Conditions> =>
  new Map(
    policy.map(({ cluster, kind, namespace, name, spec }) => [
      `${kind} ${namespace}/${name} of ${cluster}`,
      new Map(flat({ spec })),
    ]),
  );

/** One line for what only one run has, and one for each condition that differs within what both have. */
function grouped(a: ReadonlyMap<string, Conditions>, b: ReadonlyMap<string, Conditions>, there: string): Difference[] {
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((name) => {
    const [own, other] = [a.get(name), b.get(name)];
    if (own === undefined || other === undefined)
      return [{ condition: name, a: own ? there : "none", b: other ? there : "none" }];
    return differing(own, other).map((each) => ({ ...each, condition: `${name}: ${each.condition}` }));
  });
}

function differing(a: Conditions, b: Conditions): Difference[] {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names
    .map((condition) => ({ condition, a: a.get(condition) ?? notMeasured, b: b.get(condition) ?? notMeasured }))
    .filter((each) => each.a !== each.b);
}

/** Every value that is no object, with its path, such as `spec.trafficPolicy.connectionPool.tcp.maxConnections`. */
function flat(value: unknown, path: readonly string[] = []): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path.join("."), String(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path.join("."), Array.isArray(value) ? "[]" : "{}"]];
  return entries.flatMap(([key, inner]) => flat(inner, [...path, key]));
}

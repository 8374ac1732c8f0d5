/** Which clusters are joined by an arrow, and what the arrow says. */
import type { LabPlan } from "../../../topology/types.ts";
import type { LineKind } from "./shapes.ts";

/** An arrow between two clusters; `a` comes before `b` in the order of names. */
export interface Link {
  readonly kind: LineKind;
  readonly a: string;
  readonly b: string;
  readonly toA: boolean;
  readonly toB: boolean;
  readonly title: string;
}

/** One link per pair of clusters with a remote secret between them: from the API that is read to where it is kept. */
export function secretLinks(lab: LabPlan): Link[] {
  const pairs = Map.groupBy(lab.remoteSecrets, (secret) => JSON.stringify([secret.from, secret.to].toSorted()));
  return [...pairs.values()].map((secrets) => {
    const [a = "", b = ""] = secrets
      .flatMap((secret) => [secret.from, secret.to])
      .toSorted()
      .filter(isFirst);
    const title = secrets
      .map((secret) => `${secret.to} holds a secret with which it reads the API of ${secret.from}`)
      .join("; ");
    const holdsIn = (name: string): boolean => secrets.some((secret) => secret.to === name);
    return { kind: "remote-secret", a, b, toA: holdsIn(a), toB: holdsIn(b), title };
  });
}

/** One link per pair of clusters whose workloads reach each other through east-west gateways: not on one network. */
export function eastWestLinks(lab: LabPlan): Link[] {
  const clusters = lab.clusters.filter((cluster) => cluster.exportedHosts.includes("*.local"));
  return clusters.flatMap((a, index) =>
    clusters
      .slice(index + 1)
      .filter((b) => a.mesh === b.mesh && a.network !== b.network)
      .map((b) => ({
        kind: "east-west" as const,
        a: a.name,
        b: b.name,
        toA: true,
        toB: true,
        title: `Traffic between ${a.network} and ${b.network} goes through the east-west gateways of ${a.name} and ${b.name}, ${eastWest(lab).how} on port ${String(eastWest(lab).port)}`,
      })),
  );
}

/** One link per pair of clusters of which one calls a single service of the other's, through the gateway at its head. */
export function importLinks(lab: LabPlan): Link[] {
  const importing = [
    ...lab.meshes.map(({ clusters, imports }) => ({ clusters, imports })),
    ...lab.clusters.map(({ name, imports }) => ({ clusters: [name], imports })),
  ];
  const calls = importing.flatMap(({ clusters, imports }) =>
    imports.flatMap((service) => service.gateways.flatMap((to) => clusters.map((from) => ({ from, to, service })))),
  );
  const pairs = Map.groupBy(calls, ({ from, to }) => JSON.stringify([from, to].toSorted()));
  return [...pairs.values()].map((group) => {
    const [a = "", b = ""] = group
      .flatMap(({ from, to }) => [from, to])
      .toSorted()
      .filter(isFirst);
    const title = group
      .map(({ from, to, service }) => `${from} calls ${service.host} at the gateway of ${to}, mutual TLS on port 15443`)
      .join("; ");
    const isCalled = (name: string): boolean => group.some(({ to }) => to === name);
    return { kind: "east-west", a, b, toA: isCalled(a), toB: isCalled(b), title };
  });
}

/** What travels between networks: sidecars' own TLS, or ambient's tunnel of it. */
export function eastWest(lab: LabPlan): { readonly how: string; readonly port: number } {
  const ambient = lab.meshes.some(({ dataPlane }) => dataPlane === "ambient");
  return ambient ? { how: "HBONE", port: 15008 } : { how: "mutual TLS", port: 15443 };
}

function isFirst(name: string, index: number, names: readonly string[]): boolean {
  return names.indexOf(name) === index;
}

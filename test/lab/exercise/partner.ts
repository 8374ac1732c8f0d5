/** A partner with many hosts, as a client's proxy lets it be called, and the wrong ways to declare it. */
import { networkingApi } from "../../../istio/object.ts";
import type { Exercise } from "../../../lab/exercise/exercise.ts";
import { serviceEntry } from "../../../lab/exercise/ground.ts";
import { partnerOf, partnerPort } from "../../../lab/exercise/partner.ts";
import { apply, reference, remove } from "../../../lab/exercise/step.ts";
import { objectsOf, requestOf } from "./mesh.ts";
import type { Wrong } from "./trial.ts";
import type { Caller } from "./world.ts";

type Spec = Parameters<typeof serviceEntry>[2];

export function partnerTrial({ name }: Exercise, resolution: NonNullable<Spec["resolution"]>) {
  const { space, suffix, wildcard } = partnerOf(name);
  const entry = (called: string, change: Partial<Spec> = {}) =>
    serviceEntry(space, called, {
      hosts: [wildcard],
      location: "MESH_EXTERNAL",
      ports: [{ number: partnerPort, name: "http", protocol: "HTTP" }],
      resolution,
      ...change,
    });
  const gone = reference(networkingApi, "ServiceEntry", "partner", space);

  /** Hosts that an entry covers pass, by its port; who answers is who was called, or else who the request names. */
  const mesh: Caller = (call, { near }) => {
    const { host, port, path } = requestOf(call);
    const { hostname: called } = new URL(call.url);
    const closed = objectsOf(near, "Sidecar").some(({ spec }) => spec.outboundTrafficPolicy?.mode === "REGISTRY_ONLY");
    const covers = (each: string) => each === host || (each.startsWith("*.") && host.endsWith(each.slice(1)));
    const found = objectsOf(near, "ServiceEntry").find(
      ({ spec }) => spec.hosts.some(covers) && spec.ports?.some(({ number }) => number === port),
    )?.spec;
    if (found === undefined && closed) return 502;
    const looksUp = found?.resolution !== undefined && found.resolution !== "NONE";
    const address = call.options?.[0] === "--connect-to" ? call.options[1]?.split(":")[2] : called;
    const [who = ""] = (looksUp ? host : (address ?? called)).split(".");
    return path === "/hostname" ? { status: 200, body: `{ "hostname": "${who}-pod-1" }` } : 200;
  };

  const wrong: readonly [Wrong, Wrong, Wrong, Wrong] = [
    {
      title: "host by host",
      steps: ({ near }) => [
        ...remove(near.name, gone),
        ...apply(near.name, entry("first", { hosts: [`first${suffix}`, `second${suffix}`], resolution: "DNS" })),
      ],
      says: /^No ServiceEntry .* has the host \*\.[^]*nobody is to write down each host/,
    },
    {
      title: "as a part of the mesh",
      steps: ({ near }) => apply(near.name, entry("partner", { location: "MESH_INTERNAL" })),
      says: /^The entry says that the partner is part of the mesh/,
    },
    {
      title: "on another port",
      steps: ({ near }) =>
        apply(near.name, entry("partner", { ports: [{ number: 80, name: "http", protocol: "HTTP" }] })),
      says: /^curl gets 502 from http:\/\/first.*, 502 from http:\/\/second.*To which port/,
    },
    {
      title: "by declaring everything",
      steps: ({ near }) => apply(near.name, entry("partner", { hosts: [wildcard, "*.example"] })),
      says: /nobody is to write down each host[^]*Only what is declared is to be reached/,
    },
  ];
  return { entry, gone, mesh: { call: mesh }, wrong };
}

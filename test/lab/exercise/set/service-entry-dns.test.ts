import { networkingApi } from "../../../../istio/object.ts";
import { serviceEntry } from "../../../../lab/exercise/ground.ts";
import { serviceEntryDns } from "../../../../lab/exercise/set/service-entry-dns.ts";
import { apply, reference, remove } from "../../../../lab/exercise/step.ts";
import { objectsOf, podsOf, requestOf } from "../mesh.ts";
import { tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [space = "", beyond = ""] = serviceEntryDns.namespaces;
const found = `httpbin.${beyond}.svc.cluster.local`;

/** Who is declared is looked up; who is not has no name, or gets 502 from a proxy that lets nothing out. */
const mesh: Caller = (call, { near }) => {
  const { host, port } = requestOf(call);
  const entry = objectsOf(near, "ServiceEntry").find(({ namespace, spec }) => {
    return namespace === space && spec.hosts.includes(host);
  })?.spec;
  if (entry === undefined) {
    const closed = objectsOf(near, "Sidecar").some(
      ({ namespace, spec }) => namespace === space && spec.outboundTrafficPolicy?.mode === "REGISTRY_ONLY",
    );
    return host === found ? (closed ? 502 : 200) : 0;
  }
  if (entry.ports?.some(({ number }) => number === port) !== true) return 502;
  const address = entry.endpoints?.[0]?.address ?? host;
  return address === found || addresses(near).includes(address) ? 200 : 503;
};

const addresses = (near: World["near"]): string[] =>
  podsOf(near, beyond, { app: "httpbin" }).map((name) => {
    const pod = near.objectOf(reference("v1", "Pod", name, beyond));
    return (pod?.["status"] as { podIP: string }).podIP;
  });
const entry = (change: Partial<Parameters<typeof serviceEntry>[2]>, namespace = space) =>
  serviceEntry(namespace, "outside", {
    hosts: ["outside.example"],
    location: "MESH_EXTERNAL",
    ports: [{ number: 8000, name: "http", protocol: "HTTP" }],
    resolution: "DNS",
    endpoints: [{ address: found }],
    ...change,
  });
const ours = reference(networkingApi, "ServiceEntry", "outside", space);

tries(serviceEntryDns, {
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "as a part of the mesh",
      steps: ({ near }) => apply(near.name, entry({ location: "MESH_INTERNAL" })),
      says: /^The entry says that the host is part of the mesh/,
    },
    {
      title: "with addresses that somebody wrote down",
      steps: ({ near }) =>
        apply(near.name, entry({ resolution: "STATIC", endpoints: addresses(near).map((address) => ({ address })) })),
      says: /Which resolution does that\?$/,
    },
    {
      title: "where nobody answers under the name that is looked up",
      steps: ({ near }) => apply(near.name, entry({ endpoints: [{ address: "nobody.example" }] })),
      says: /^curl gets 503 from/,
    },
    {
      title: "with a port that nobody calls",
      steps: ({ near }) => apply(near.name, entry({ ports: [{ number: 80, name: "http", protocol: "HTTP" }] })),
      says: /^curl gets 502 from/,
    },
    {
      title: "in a namespace that the Sidecar does not look into",
      steps: ({ near }) => [...remove(near.name, ours), ...apply(near.name, entry({}, beyond))],
      says: /^No ServiceEntry in exercise-service-entry-dns has the host.*\ncurl gets no answer from/,
    },
    {
      title: "by letting everything out",
      steps: ({ near }) => remove(near.name, reference(networkingApi, "Sidecar", "default", space)),
      says: /^curl reaches httpbin\.exercise-service-entry-dns-outside.*Only what is declared/,
    },
    {
      title: "by declaring the name behind it as well",
      steps: ({ near }) => apply(near.name, entry({ hosts: ["outside.example", found] })),
      says: /^curl reaches httpbin\.exercise-service-entry-dns-outside.*declare one host/,
    },
  ],
});

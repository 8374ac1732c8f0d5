/** What proxies make of Istio's objects, as far as exercises ask for it: routes, subsets, and who is let in. */
import { networkingApi, securityApi } from "../../../istio/object.ts";
import type { Answer, Call } from "../../../lab/exercise/observe/eye.ts";
import { hello, type PodCluster } from "./world.ts";

interface Text {
  readonly exact?: string;
  readonly prefix?: string;
}

export interface Destination {
  readonly host: string;
  readonly subset?: string;
  readonly port?: { readonly number?: number };
}

interface Match {
  readonly uri?: Text;
  readonly headers?: Readonly<Record<string, Text>>;
  readonly port?: number;
  readonly gateways?: readonly string[];
}

interface HttpRoute {
  readonly match?: readonly Match[];
  readonly route?: readonly { readonly destination: Destination; readonly weight?: number }[];
  readonly rewrite?: { readonly uri?: string };
  readonly fault?: {
    readonly abort?: { readonly httpStatus?: number };
    readonly delay?: { readonly fixedDelay?: string };
  };
  readonly timeout?: string;
  readonly retries?: { readonly attempts?: number; readonly perTryTimeout?: string; readonly retryOn?: string };
}

interface ConnectionPool {
  readonly tcp?: { readonly maxConnections?: number };
  readonly http?: { readonly http1MaxPendingRequests?: number };
}

interface TrafficPolicy {
  readonly connectionPool?: ConnectionPool;
  readonly outlierDetection?: { readonly maxEjectionPercent?: number };
}

interface Source {
  readonly principals?: readonly string[];
  readonly notPrincipals?: readonly string[];
  readonly namespaces?: readonly string[];
}

interface Operation {
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

interface Specs {
  readonly AuthorizationPolicy: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly action?: "ALLOW" | "DENY";
    readonly rules?: readonly {
      readonly from?: readonly { readonly source?: Source }[];
      readonly to?: readonly { readonly operation?: Operation }[];
    }[];
  };
  readonly DestinationRule: {
    readonly host: string;
    readonly trafficPolicy?: TrafficPolicy;
    readonly subsets?: readonly {
      readonly name: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly trafficPolicy?: TrafficPolicy;
    }[];
  };
  readonly Gateway: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly servers?: readonly {
      readonly port: { readonly number: number; readonly protocol: string };
      readonly hosts: readonly string[];
      readonly tls?: { readonly mode?: string; readonly credentialName?: string };
    }[];
  };
  readonly ServiceEntry: {
    readonly hosts: readonly string[];
    readonly ports?: readonly { readonly number: number }[];
    readonly resolution?: string;
    readonly endpoints?: readonly { readonly address?: string }[];
  };
  readonly Sidecar: { readonly outboundTrafficPolicy?: { readonly mode?: string } };
  readonly VirtualService: {
    readonly hosts?: readonly string[];
    readonly gateways?: readonly string[];
    readonly exportTo?: readonly string[];
    readonly http?: readonly HttpRoute[];
  };
}

/** Objects of a kind in whatever namespace. */
export const objectsOf = <Kind extends keyof Specs>({ objects }: PodCluster, kind: Kind) =>
  [...objects.values()]
    .filter(
      (each) =>
        each["kind"] === kind && each["apiVersion"] === (kind === "AuthorizationPolicy" ? securityApi : networkingApi),
    )
    .map(({ metadata: { name, namespace = "" }, spec }) => ({ name, namespace, spec: spec as Specs[Kind] }));

/** A short name is one of the namespace in which it stands. */
const fullName = (host: string, namespace: string): string =>
  host.includes(".") ? host : `${host}.${namespace}.svc.cluster.local`;

export interface Request {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly string[];
  /** The namespace of who asks. */
  readonly from: string;
  /** Where it is looked at. Default: `mesh`, which is the proxy of who asks. */
  readonly gateway?: string;
}

export function requestOf({ url, headers = [], from }: Call): Request {
  const { hostname, port, pathname } = new URL(url);
  const asked = headers.find((header) => header.startsWith("Host: "))?.slice("Host: ".length);
  // As the names of a pod's resolver complete it.
  const host = /^[^.]+\.exercise-[^.]+$/.test(hostname) ? `${hostname}.svc.cluster.local` : hostname;
  return { host: asked ?? host, port: Number(port || 80), path: pathname, headers, from: from.namespace };
}

/** A route, and the namespace of the object that it stands in. */
interface Taken extends HttpRoute {
  readonly namespace: string;
}

/**
 * The route that a request takes: absent where none matches. Where no object names the host, a proxy leads to it as
 * Kubernetes has it, and a gateway nowhere.
 */
export function routeOf(config: PodCluster, request: Request): Taken | undefined {
  const found = objectsOf(config, "VirtualService").find(
    ({ namespace, spec: { hosts = [], gateways = ["mesh"], exportTo = ["*"] } }) =>
      hosts.some((host) => fullName(host, namespace) === request.host) &&
      gateways.includes(request.gateway ?? "mesh") &&
      exportTo.some((each) => each === "*" || (each === "." ? namespace : each) === request.from),
  );
  if (found === undefined)
    return request.gateway === undefined
      ? { namespace: request.from, route: [{ destination: { host: request.host } }] }
      : undefined;
  const taken = found.spec.http?.find(({ match = [{}] }) => match.some((each) => matches(each, request)));
  return taken === undefined ? undefined : { ...taken, namespace: found.namespace };
}

/** How the pods of a gateway take a request in, and where they lead it; absent where no Gateway opens the port for its host. */
export function enters(config: PodCluster, pods: string, request: Request) {
  for (const { name, spec } of objectsOf(config, "Gateway"))
    for (const server of spec.selector?.["istio"] === pods ? (spec.servers ?? []) : [])
      if (server.port.number === request.port && server.hosts.some((host) => host.split("/").at(-1) === request.host))
        return { server, taken: routeOf(config, { ...request, gateway: name }) };
  return undefined;
}

const matches = ({ uri, headers = {}, port, gateways }: Match, request: Request): boolean =>
  isText(uri, request.path) &&
  (port === undefined || port === request.port) &&
  (gateways === undefined || gateways.includes(request.gateway ?? "mesh")) &&
  Object.entries(headers).every(([name, wanted]) =>
    request.headers.some((header) => header.startsWith(`${name}: `) && isText(wanted, header.slice(name.length + 2))),
  );

const isText = (wanted: Text | undefined, text: string): boolean =>
  wanted === undefined || wanted.exact === text || (wanted.prefix !== undefined && text.startsWith(wanted.prefix));

/** The path that the application hears of. */
export function pathBehind({ rewrite, match = [] }: Taken, { path }: Request): string {
  if (rewrite?.uri === undefined) return path;
  const prefix = match.find(({ uri }) => uri?.prefix !== undefined && path.startsWith(uri.prefix))?.uri?.prefix;
  return prefix === undefined ? rewrite.uri : rewrite.uri + path.slice(prefix.length);
}

/** Destinations in turn, each as often as its weight has it. */
export function inTurns({ route = [] }: Taken): Destination[] {
  const weights = route.map(({ weight }) => weight ?? (route.length === 1 ? 1 : 0));
  const common = weights.reduce((a, b) => gcd(a, b), 0) || 1;
  return route.flatMap(({ destination }, at) => Array.from({ length: (weights[at] ?? 0) / common }, () => destination));
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Rules for a host, of its own namespace: those of others are not looked for. */
export const rulesFor = (config: PodCluster, host: string): Specs["DestinationRule"][] =>
  objectsOf(config, "DestinationRule")
    .filter(({ namespace, spec }) => fullName(spec.host, namespace) === host && host.split(".")[1] === namespace)
    .map(({ spec }) => spec);

/** Versions of the pods that a destination leads to: none where its subset is not there, or has no pod. */
export function versionsBehind({ host, subset }: Destination, namespace: string, config: PodCluster, home = config) {
  const whole = fullName(host, namespace);
  const [app = "", space = ""] = whole.split(".");
  const subsets = rulesFor(config, whole).flatMap((rule) => rule.subsets ?? []);
  const labels = subset === undefined ? {} : subsets.find(({ name }) => name === subset)?.labels;
  if (labels === undefined) return [];
  return podsOf(home, space, { app, ...labels }).map((name) => /-(v\d+)-pod-\d+$/.exec(name)?.[1] ?? "?");
}

/** Names of the pods in a namespace that have the labels. */
export const podsOf = ({ objects }: PodCluster, space: string, labels: Readonly<Record<string, string>>): string[] =>
  [...objects.values()]
    .filter(
      ({ kind, metadata }) =>
        kind === "Pod" &&
        metadata.namespace === space &&
        Object.entries(labels).every(([name, value]) => metadata.labels?.[name] === value),
    )
    .map(({ metadata }) => metadata.name)
    .sort();

/** As helloworld answers, which has one path: a cluster holds what is followed, and one the pods. */
export function asHelloworld(call: Call, config: PodCluster, home = config): Partial<Answer>[] {
  const request = requestOf(call);
  const taken = routeOf(config, request);
  const turns = taken === undefined ? [] : inTurns(taken);
  return Array.from({ length: call.times ?? 1 }, (_, at): Partial<Answer> => {
    if (taken === undefined) return { status: 404 };
    const versions = versionsBehind(turns[at % turns.length]!, taken.namespace, config, home);
    const version = versions[Math.floor(at / turns.length) % versions.length];
    if (version === undefined) return { status: 503 };
    return pathBehind(taken, request) === "/hello" ? hello(1, version)[0]! : { status: 404 };
  });
}

/** Who asks a workload for what. */
interface Asking {
  /** Absent without mutual TLS. */
  readonly principal?: string;
  readonly method?: string;
  readonly path: string;
}

/** Whether the AuthorizationPolicies for a workload let a request in. */
export function isLetIn(cluster: PodCluster, at: { namespace: string; app: string }, asking: Asking): boolean {
  const policies = objectsOf(cluster, "AuthorizationPolicy")
    .filter(({ namespace, spec: { selector } }) => {
      const labels = Object.entries(selector?.matchLabels ?? {});
      return namespace === at.namespace && labels.every(([name, value]) => name === "app" && value === at.app);
    })
    .map(({ spec }) => spec);
  const named = (action: "ALLOW" | "DENY") => policies.filter((policy) => (policy.action ?? "ALLOW") === action);
  const holds = ({ rules = [] }: Specs["AuthorizationPolicy"]): boolean =>
    rules.some(
      ({ from, to }) =>
        (from === undefined || from.some(({ source }) => isFrom(source, asking))) &&
        (to === undefined || to.some(({ operation }) => isTo(operation, asking))),
    );
  if (named("DENY").some(holds)) return false;
  return named("ALLOW").length === 0 || named("ALLOW").some(holds);
}

const isFrom = ({ principals, notPrincipals, namespaces }: Source = {}, { principal }: Asking): boolean =>
  (principals === undefined || oneOf(principals, principal)) &&
  (notPrincipals === undefined || !oneOf(notPrincipals, principal)) &&
  (namespaces === undefined || oneOf(namespaces, principal?.split("/")[2]));

const isTo = ({ methods, paths }: Operation = {}, { method = "GET", path }: Asking): boolean =>
  (methods === undefined || oneOf(methods, method)) && (paths === undefined || oneOf(paths, path));

/** Whole, or beginning or ending with a star. */
const oneOf = (patterns: readonly string[], text: string | undefined): boolean =>
  text !== undefined &&
  patterns.some((pattern) =>
    pattern.endsWith("*")
      ? text.startsWith(pattern.slice(0, -1))
      : pattern.startsWith("*")
        ? text.endsWith(pattern.slice(1))
        : text === pattern,
  );

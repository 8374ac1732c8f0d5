import { virtualService } from "../../../../lab/exercise/ground.ts";
import { faultsAndRetries } from "../../../../lab/exercise/set/faults-and-retries.ts";
import type { Answer } from "../../../../lab/exercise/observe/eye.ts";
import { apply } from "../../../../lab/exercise/step.ts";
import { pathBehind, requestOf, routeOf } from "../mesh.ts";
import { tries } from "../trial.ts";
import type { Caller, World } from "../world.ts";

const [space = ""] = faultsAndRetries.namespaces;

const seconds = (duration: string | undefined): number => Number(/^(\d+)s$/.exec(duration ?? "")?.[1] ?? Infinity);

/** httpbin waits, fails every other time or says what it is asked to; its callers' proxies do what the routes say. */
const mesh: Caller = (call, { near }) => {
  // Envoy adds a header where it waited for somebody behind it.
  const shown = (headers: string): string => (call.options?.includes("-i") ? `HTTP/1.1 0 \n${headers}` : "");
  const answered = (status: number, seconds = 0.01, late = 0): Partial<Answer> => ({
    ...{ status, seconds: seconds + late },
    body: shown(`x-envoy-upstream-service-time: ${String(seconds * 1_000)}\n`),
  });
  const request = requestOf(call);
  const taken = routeOf(near, request);
  if (taken === undefined) return 404;
  const { fault, timeout, retries } = taken;
  if (fault?.abort?.httpStatus !== undefined)
    return [{ status: fault.abort.httpStatus, body: shown("content-type: text/plain\n") }];
  const late = fault?.delay === undefined ? 0 : seconds(fault.delay.fixedDelay);
  const path = pathBehind(taken, request);
  const again = retries?.retryOn?.includes("5xx") ? (retries.attempts ?? 2) : 0;
  if (path.startsWith("/delay")) {
    const wait = Number(path.split("/")[2]);
    const limit = Math.min(seconds(timeout), seconds(retries?.perTryTimeout) * (again + 1));
    return limit < wait || seconds(retries?.perTryTimeout) < wait
      ? [{ status: 504, seconds: limit }]
      : [answered(200, wait, late)];
  }
  const status = Number(/^\/status\/(\d+)$/.exec(path)?.[1] ?? 200);
  const times = call.times ?? 1;
  const failing = path.startsWith("/unstable") ? Math.round(times / 2 ** (again + 1)) : 0;
  return Array.from({ length: times }, (_, at) => answered(at < failing ? 500 : status, 0.01, late));
};

type Http = NonNullable<NonNullable<Parameters<typeof virtualService>[2]>["http"]>[number];
const route = [{ destination: { host: "httpbin" } }];
const isTester = [{ headers: { "x-tester": { exact: "yes" } } }];
const isSlow = [{ headers: { "x-tester": { exact: "slow" } } }];
const right = {
  testers: { match: isTester, fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }, route },
  late: { match: isSlow, fault: { delay: { fixedDelay: "2s", percentage: { value: 100 } } }, route },
  slow: { match: [{ uri: { prefix: "/delay" } }], timeout: "1s", route },
  unstable: { match: [{ uri: { prefix: "/unstable" } }], retries: { attempts: 5, retryOn: "5xx" }, route },
  rest: { route },
} satisfies Record<string, Http>;
const routes =
  (change: Partial<Record<keyof typeof right, Http>>, order = Object.keys(right) as (keyof typeof right)[]) =>
  ({ near }: World) =>
    apply(
      near.name,
      virtualService(space, "httpbin", {
        hosts: ["httpbin"],
        http: order.map((name) => ({ ...right, ...change })[name]),
      }),
    );

tries(faultsAndRetries, {
  before: { call: mesh },
  solved: { call: mesh },
  wrong: [
    {
      title: "without the fault",
      steps: routes({}, ["late", "slow", "unstable", "rest"]),
      says: /with 418.*it is 200\.$/,
    },
    {
      title: "with the fault behind what everybody takes",
      steps: routes({}, ["late", "slow", "unstable", "rest", "testers"]),
      says: /with 418.*it is 200\.$/,
    },
    {
      title: "by asking httpbin for the status",
      steps: routes({ testers: { match: isTester, rewrite: { uri: "/status/418" }, route } }),
      says: /^With the header "x-tester: yes" .* without reaching httpbin; it is 418, and httpbin was asked\.$/,
    },
    {
      title: "without the delay",
      steps: routes({}, ["testers", "slow", "unstable", "rest"]),
      says: /2 s late; it is 200 after 0\.0 s\.$/,
    },
    {
      title: "by asking httpbin to wait",
      steps: routes({ late: { match: isSlow, rewrite: { uri: "/delay/2" }, route } }),
      says: /through no fault of httpbin; httpbin took 2 s\.$/,
    },
    {
      title: "with a delay that ends in a fault",
      steps: routes({
        late: { match: isSlow, fault: { delay: { fixedDelay: "2s" }, abort: { httpStatus: 503 } }, route },
      }),
      says: /the answer is to be 200, 2 s late; it is 503/,
    },
    {
      title: "without an end to waiting",
      steps: routes({}, ["testers", "late", "unstable", "rest"]),
      says: /with 200 after 3\.0 s/,
    },
    {
      title: "where the end comes with the third try",
      steps: routes({
        slow: {
          match: [{ uri: { prefix: "/delay" } }],
          retries: { attempts: 2, perTryTimeout: "1s", retryOn: "5xx" },
          route,
        },
      }),
      says: /with 504 after 3\.0 s/,
    },
    {
      title: "with Istio's own retries",
      steps: routes({}, ["testers", "late", "slow", "rest"]),
      says: /30 requests to \/unstable 15/,
    },
    {
      title: "with retries for connections that fail",
      steps: routes({
        unstable: {
          match: [{ uri: { prefix: "/unstable" } }],
          retries: { attempts: 5, retryOn: "connect-failure,refused-stream" },
          route,
        },
      }),
      says: /30 requests to \/unstable 15/,
    },
    {
      title: "with one more try",
      steps: routes({
        unstable: { match: [{ uri: { prefix: "/unstable" } }], retries: { attempts: 1, retryOn: "5xx" }, route },
      }),
      says: /30 requests to \/unstable 22/,
    },
    {
      title: "where everybody meets the fault",
      steps: routes({ testers: { fault: right.testers.fault, route } }),
      says: /as before; it is 418/,
    },
    {
      title: "where nobody else has a route",
      steps: routes({}, ["testers", "late", "slow", "unstable"]),
      says: /as before; it is 404/,
    },
  ],
});

import { exercise } from "../exercise.ts";
import { clientIn, serverAndClient, spaceOf, virtualService } from "../ground.ts";
import { apply } from "../step.ts";

const space = spaceOf("faults-and-retries");
const at = (path: string): string => `http://httpbin.${space}:8000${path}`;
const header = "x-tester";
const teapot = 418;
const delay = 2;
const tries = 30;
/** Each request fails with a probability of one half; with five retries one of 64 does. */
const enough = 26;

/** Envoy says how many milliseconds it waited for who is behind it (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-upstream-service-time). */
const upstreamTime = /^x-envoy-upstream-service-time: (\d+)/im;

/** In seconds; undefined where nobody was asked. */
function waitedForHttpbin(headers: string): number | undefined {
  const milliseconds = upstreamTime.exec(headers)?.[1];
  return milliseconds === undefined ? undefined : Number(milliseconds) / 1_000;
}

export const faultsAndRetries = exercise({
  name: "faults-and-retries",
  title: "Faults on purpose, an end to waiting, and another try: what a route can do for who calls",
  stack: "single",
  needs: {},
  namespaces: [space],
  start: (stage) => apply(stage.near.name, ...serverAndClient(stage, stage.near, space, "httpbin")),
  async observe({ near }, eye) {
    const from = clientIn(near, space);
    const tests = (value: string) =>
      eye.call({ from, url: at("/status/200"), headers: [`${header}: ${value}`], options: ["-i"] });
    const [tester] = await tests("yes");
    const [delayed] = await tests("slow");
    const [slow] = await eye.call({ from, url: at("/delay/3") });
    const unstable = await eye.call({ from, url: at("/unstable"), times: tries });
    const [plain] = await eye.call({ from, url: at("/status/200") });
    return { tester, delayed, slow, unstable: unstable.filter(({ status }) => status === 200).length, plain };
  },
  judge: ({ tester, delayed, slow, unstable, plain }) => [
    [
      tester?.status === teapot,
      `With the header "${header}: yes" every request is to be answered with ${String(teapot)}, without reaching httpbin; it is ${String(tester?.status ?? 0)}.`,
    ],
    [
      tester?.status !== teapot || waitedForHttpbin(tester.body) === undefined,
      `With the header "${header}: yes" every request is to be answered without reaching httpbin; it is ${String(teapot)}, and httpbin was asked.`,
    ],
    [
      delayed?.status === 200 && delayed.seconds > delay - 0.1 && delayed.seconds < delay + 1,
      `With the header "${header}: slow" the answer is to be 200, ${String(delay)} s late; it is ${String(delayed?.status ?? 0)} after ${(delayed?.seconds ?? 0).toFixed(1)} s.`,
    ],
    [
      (waitedForHttpbin(delayed?.body ?? "") ?? 0) < delay / 2,
      `With the header "${header}: slow" the answer is to be late through no fault of httpbin; httpbin took ${String(waitedForHttpbin(delayed?.body ?? "") ?? 0)} s.`,
    ],
    [
      slow?.status === 504 && slow.seconds < 2.5,
      `A request to /delay/3 is to be given up after a second; it was answered with ${String(slow?.status ?? 0)} after ${(slow?.seconds ?? 0).toFixed(1)} s. Istio itself waits for ever.`,
    ],
    [
      unstable >= enough,
      `Of ${String(tries)} requests to /unstable ${String(unstable)} succeeded, and ${String(enough)} are to. Half of its answers, by chance, are a 500: is that among what is tried again, and often enough?`,
    ],
    [plain?.status === 200, `Other requests are to be answered as before; it is ${String(plain?.status ?? 0)}.`],
  ],
  solve: ({ near }) => {
    const route = [{ destination: { host: "httpbin" } }];
    return apply(
      near.name,
      virtualService(space, "httpbin", {
        hosts: ["httpbin"],
        http: [
          {
            match: [{ headers: { [header]: { exact: "yes" } } }],
            fault: { abort: { httpStatus: teapot, percentage: { value: 100 } } },
            route,
          },
          {
            match: [{ headers: { [header]: { exact: "slow" } } }],
            fault: { delay: { fixedDelay: `${String(delay)}s`, percentage: { value: 100 } } },
            route,
          },
          { match: [{ uri: { prefix: "/delay" } }], timeout: "1s", route },
          { match: [{ uri: { prefix: "/unstable" } }], retries: { attempts: 5, retryOn: "5xx" }, route },
          { route },
        ],
      }),
    );
  },
});

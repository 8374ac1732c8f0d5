/** Finished experiments that nobody ran: the same requests each time, with the figures that follow from them. */
import { figuresOf, type Mark } from "../../../lab/experiment/measure/figures.ts";
import type { Request } from "../../../lab/experiment/measure/request.ts";
import { judge, summaryOf, type Expectation, type FiguresByClient } from "../../../lab/experiment/measure/verdict.ts";
import type { Repeat, Result } from "../../../lab/experiment/result.ts";

export interface SampleOptions {
  readonly clients?: readonly string[];
  /** Failed requests of the first client at the fault, one by one in each repeat. */
  readonly failures?: readonly number[];
  /** Whether nobody answers anybody from the fault to the undo. */
  readonly outage?: boolean;
  /** Whether the fault is undone. */
  readonly undo?: boolean;
  readonly expectations?: readonly Expectation[];
  /** Replaces what the result would hold. */
  readonly with?: Partial<Result>;
}

export interface Sample {
  readonly result: Result;
  /** Of each repeat. */
  readonly requests: readonly (readonly Request[])[];
}

/** Milliseconds since 1970. */
export const origin = Date.parse("2026-11-28T10:00:00.000Z");
const perSecond = 200;

/** Milliseconds after the origin. */
const times = { fault: 15_000, undo: 35_000, undone: 36_200, back: 38_000, end: 50_000 } as const;

const zeroFailed: Expectation = { figure: "failed", atMost: 0, because: "every request may be sent a second time" };

/**
 * The first client's own cluster loses its service; the next cluster answers in its place until a while after the undo.
 */
export function sample(options: SampleOptions = {}): Sample {
  const { clients = ["east", "west"], failures = [3], undo = true, expectations = [zeroFailed] } = options;
  const requests = failures.map((failed, index) => requestsOf({ ...options, clients }, failed, index));
  const marks = marksOf(clients[0] ?? "east", undo);
  const end = origin + times.end;
  const figures = requests.map((all): FiguresByClient => {
    const own = Map.groupBy(all, ({ client }) => client);
    return Object.fromEntries(clients.map((client) => [client, figuresOf(own.get(client) ?? [], marks, end)]));
  });
  const repeats = figures.map((each, index): Repeat => ({
    log: `requests-${index + 1}.csv`,
    origin,
    end,
    marks,
    dropped: Object.fromEntries(clients.map((client) => [client, 0])),
    figures: each,
  }));
  const result = resultOf(clients, repeats, {
    verdict: judge(expectations, figures, true),
    summary: summaryOf(figures),
  });
  return { result: { ...result, ...options.with }, requests };
}

/** As k6 prints it, and the log keeps it. */
const logged = (latency: number): number => Number(latency.toFixed(2));

/** The requests of a repeat, in the order in which they were sent. */
function requestsOf({ clients = [], outage = false, undo = true }: SampleOptions, failures: number, seed: number) {
  const random = randomFrom(seed + 1);
  const step = 1_000 / perSecond;
  const back = undo ? times.back : times.end;
  return Array.from({ length: times.end / step }, (_, at) => at * step).flatMap((at) =>
    clients.map((client, index): Request => {
      const lost = at >= times.fault && at < (undo ? times.undone : times.end);
      const asked = { client, start: origin + at };
      const quick = 1.5 + random() * 2 + (random() > 0.98 ? 8 : 0);
      const number = (at - times.fault) / step;
      const fails = outage ? lost : index === 0 && number >= 0 && number < failures;
      if (fails) return { ...asked, latency: logged(outage ? 2_000 : quick + 4), status: outage ? 0 : 503 };
      const away = index === 0 && at >= times.fault && at < back && !outage;
      const cluster = (away ? clients[1] : undefined) ?? client;
      const answered = { cluster, zone: `${cluster}-a`, pod: `helloworld-${cluster}-0` };
      return { ...asked, latency: logged(away ? quick + 60 : quick), status: 200, answered };
    }),
  );
}

function marksOf(cluster: string, undo: boolean): Mark[] {
  const at = (milliseconds: number): number => origin + milliseconds;
  const fault: Mark = {
    what: "fault",
    says: `helloworld of ${cluster} to 0 replicas`,
    begin: at(times.fault),
    end: at(times.fault),
  };
  const undone: Mark = {
    what: "undo",
    says: `helloworld of ${cluster} back to 1 replica`,
    begin: at(times.undo),
    end: at(times.undone),
  };
  return undo ? [fault, undone] : [fault];
}

function resultOf(
  clients: readonly string[],
  repeats: readonly Repeat[],
  measured: Pick<Result, "verdict" | "summary">,
): Result {
  return {
    experiment: "scale-to-zero",
    title: "the service of one cluster to 0 replicas",
    control: false,
    stack: "multi",
    started: "2026-11-28T09:59:12.345Z",
    platform: "local cloud",
    versions: { istio: "1.31.1", envoy: "1.39.0", k6: "1.4.0", lab: "0.1.0" },
    machine: { cpu: "Imagined CPU @ 2.50GHz", cores: 2, memoryGiB: 24, kernel: "Linux 6.12.0" },
    clusters: clients.map((name, index) => ({
      name,
      region: ["us-east-1", "us-west-2", "eu-west-1"][index] ?? "eu-north-1",
      network: `network-${name}`,
      roles: ["primary"],
      kubernetes: "1.36.3",
      nodes: 2,
      zones: [`${name}-a`, `${name}-b`],
    })),
    policy: [
      {
        cluster: "east",
        kind: "DestinationRule",
        namespace: "sample",
        name: "helloworld",
        spec: {
          host: "helloworld.sample.svc.cluster.local",
          trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1, maxEjectionPercent: 100 } },
        },
      },
    ],
    load: { rate: perSecond, timeout: 10, clients, skew: {} },
    repeats,
    ...measured,
  };
}

/** Numbers from 0 to 1 that look random and are the same each time: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The raw log of an experiment: every request that its load sent, as the client saw it. */
import { bisector } from "d3-array";

export interface Request {
  /** The cluster whose client asked; `outside` for one that stands in no cluster. */
  readonly client: string;
  /** When it was sent, in milliseconds since 1970 by the client's clock. */
  readonly start: number;
  /** Milliseconds until the answer was complete, or until the client gave up. */
  readonly latency: number;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Who answered: absent where nobody did, or where what answered was a proxy. */
  readonly answered?: Answerer;
}

export interface Answerer {
  readonly cluster: string;
  readonly zone: string;
  readonly pod: string;
}

export const succeeded = ({ status }: Request): boolean => status >= 200 && status < 300;

/** When the client had its answer, in milliseconds since 1970. */
export const ended = ({ start, latency }: Request): number => start + latency;

/** Finds a time in requests that are sorted by `start`. */
export const byStart = bisector<Request, number>(({ start }) => start);

const header = "start,latency,status,client,cluster,zone,pod";

/** As comma-separated values with a header; `start` is in milliseconds after `origin`, so that people can read it. */
export function toCsv(requests: readonly Request[], origin: number): string {
  const rows = requests.map(({ start, latency, status, client, answered }) =>
    [
      (start - origin).toFixed(0),
      latency.toFixed(2),
      status,
      client,
      answered?.cluster,
      answered?.zone,
      answered?.pod,
    ].join(","),
  );
  return [header, ...rows, ""].join("\n");
}

/**
 * Reads what `toCsv` wrote.
 * @throws Error that names the line, where it is something else
 */
export function fromCsv(text: string, origin: number): Request[] {
  const [first, ...lines] = text.trimEnd().split("\n");
  if (first !== header) throw new Error(`line 1: expected the columns ${header}, found: ${first ?? "nothing"}`);
  return lines.map((line, index) => {
    const [start, latency, status, client, cluster, zone, pod, ...more] = line.split(",");
    const numbers = [start, latency, status].map((field) => (field === "" ? Number.NaN : Number(field)));
    const [at = Number.NaN, took = Number.NaN, code = Number.NaN] = numbers;
    if (!client || pod === undefined || more.length > 0 || [at, took, code].some(Number.isNaN))
      throw new Error(`line ${index + 2}: expected ${header}, found: ${line}`);
    const answered = pod === "" ? {} : { answered: { cluster: cluster ?? "", zone: zone ?? "", pod } };
    return { client, start: origin + at, latency: took, status: code, ...answered };
  });
}

/** Requests by curl in a pod, and its output as answers. The pods have a shell and curl, and little else. */
import type { Answer, Call } from "./eye.ts";

/** Ends what one request has printed. */
const mark = "== istio-lab ==";

/** Seconds after which a request is given up. */
const patience = 10;

/**
 * The command that sends the requests. Each answer is printed in one piece, so that those which are sent at once do not
 * mix: the body, a line with status and seconds, a line with curl's exit code, and the mark.
 */
export function callCommand({ url, times = 1, parallel, headers = [], options = [] }: Omit<Call, "from">): string[] {
  const curl = [
    ...["curl", "-s", "--max-time", String(patience), "-w", String.raw`\n%{http_code} %{time_total}`],
    ...headers.flatMap((header) => ["-H", header]),
    ...options,
    url,
  ];
  const one = `answer=$(${curl.map(quoted).join(" ")}); printf '%s\\n%s\\n${mark}\\n' "$answer" "$?"`;
  const each = parallel ? `( ${one} ) &` : one;
  const script = `i=0; while [ "$i" -lt ${String(times)} ]; do ${each}\ni=$((i+1)); done; wait`;
  return ["/bin/sh", "-c", script];
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** What the command printed. */
export function answersIn(printed: string): Answer[] {
  return printed
    .split(`${mark}\n`)
    .slice(0, -1)
    .map((text) => {
      const lines = text.trimEnd().split("\n");
      const failure = Number(lines.pop());
      const [status = "0", seconds = "0"] = lines.pop()?.split(" ") ?? [];
      return { status: Number(status), seconds: Number(seconds), body: lines.join("\n").trim(), failure };
    });
}

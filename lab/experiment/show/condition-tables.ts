/** What was done and what the figures depend on, in tables. */
import type { Mark } from "../measure/figures.ts";
import type { Result } from "../result.ts";
import { fileLink, plain, tableSection, yamlBlock } from "./markdown.ts";
import { spanOf } from "./picture/bins.ts";
import * as words from "./words.ts";

export const conditionSections = (result: Result): string[] => [
  ...markSection(result),
  ...conditionSection(result),
  ...clusterSection(result),
  ...policySection(result),
  ...logSection(result),
];

function markSection({ repeats }: Result): string[] {
  const rows = repeats.flatMap((repeat, index) => {
    const { zero } = spanOf(repeat);
    return repeat.marks.map((mark) => markRow(mark, zero, index + 1));
  });
  return tableSection("What was done", ["repeat", "mark", "began", "after the fault began", "took", "what"], rows);
}

function markRow({ what, says, begin, end }: Mark, zero: number, repeat: number): string[] {
  return [
    String(repeat),
    what,
    words.instant(begin),
    words.duration(begin - zero),
    words.duration(end - begin),
    plain(says),
  ];
}

const conditionSection = (result: Result): string[] =>
  tableSection("Conditions", ["what", "value"], conditionRows(result));

/** What a run depended on, each with its value. */
export function conditionRows(result: Result): string[][] {
  const { versions, machine, load, platform, stack, started } = result;
  const skews = Object.entries(load.skew).map(([client, { ahead, within }]) => [
    `clock of the ${plain(words.clientName(client))}`,
    `${words.duration(Math.abs(ahead))} ${ahead < 0 ? "behind" : "ahead"}, to within ${words.duration(within)}`,
  ]);
  return [
    ["stack", plain(stack)],
    ["platform", plain(platform)],
    ["started", words.minute(started)],
    [
      "versions",
      plain(
        Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(", "),
      ),
    ],
    ["machine", plain(words.machineName(machine))],
    ["load", `${words.count(load.rate)} requests/s from each client, sent whether earlier ones were answered or not`],
    ["clients give up after", words.duration(load.timeout * 1_000)],
    ["not sent in time", droppedWords(result)],
    ...(skews.length === 0 ? [["clocks", "all clients and the command have one clock"]] : skews),
  ];
}

function clusterSection({ clusters }: Result): string[] {
  const rows = clusters.map(({ name, roles, network, region, zones, kubernetes, nodes }) =>
    [name, roles.join(", "), network, region, zones.join(", "), kubernetes, String(nodes)].map(plain),
  );
  return tableSection("Clusters", ["cluster", "roles", "network", "region", "zones", "Kubernetes", "nodes"], rows);
}

/** What the load did not send is no figure of the mesh, but with any of it the rate was no constant one. */
function droppedWords(result: Result): string {
  const dropped = words
    .droppedOf(result)
    .map(({ repeat, client, requests }) => `${words.count(requests)} of the ${client} in repeat ${repeat}`);
  return dropped.length === 0 ? "none" : plain(`${dropped.join(", ")}: the rate was not constant`);
}

function policySection({ policy }: Result): string[] {
  const text = policy.length === 0 ? ["There was none for the service under load."] : yamlBlock(policy);
  return ["## Policy in force", "", ...text, ""];
}

function logSection({ repeats }: Result): string[] {
  const rows = repeats.map(({ log, origin }, index) => [String(index + 1), fileLink(log), words.instant(origin)]);
  return [
    ...tableSection("Raw logs", ["repeat", "every request", "counted from"], rows),
    "All figures, in full precision, and all conditions are in [result.json](result.json).",
    "",
  ];
}

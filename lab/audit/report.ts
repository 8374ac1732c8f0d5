/** An audit as people read it. */
import { labIdTag } from "../../topology/names.ts";
import type { Colours } from "../plan/colours.ts";
import { plural } from "../plan/words.ts";
import { pulumiCommand } from "../stack/typed.ts";
import { type Identity, type Leftover, unclaimedBy } from "./leftovers.ts";
import type { Unasked } from "./resource.ts";

export interface Audit {
  readonly of: string;
  /** The stack, where Pulumi says that it stands: what is found is in use, and not left over. */
  readonly up?: string;
  /** The stack, and how many resources Pulumi has of it, where it is not up: an `up` or a `destroy` ended half way. */
  readonly halfway?: { readonly stack: string; readonly resources: number };
  /** Why Pulumi could not say whether the stack stands. */
  readonly unread?: string;
  /** Why nobody was asked at all. */
  readonly notAsked?: string;
  /** What has to be known before anything is removed; see `notesOn`. */
  readonly notes: readonly string[];
  readonly left: readonly Leftover[];
  readonly unasked: readonly Unasked[];
}

/** Nothing is left, and everybody was asked. */
export const isClean = ({ left, unasked }: Audit): boolean => left.length === 0 && unasked.length === 0;

export function notesOn(
  { left, halfway, unread }: Pick<Audit, "left" | "halfway" | "unread">,
  { labId, stack }: Identity,
): string[] {
  const ids = [...new Set(left.flatMap(({ tags }) => tags[labIdTag] ?? []))].sort();
  return [
    ...(left.length > 0 && halfway !== undefined ? [halfwayNote(halfway)] : []),
    ...(left.length > 0 && unread !== undefined ? [`Whether the stack is up is not known: ${unread}`] : []),
    ...(stack !== undefined && labId === undefined && ids.length > 1
      ? [
          `${ids.length} labs have a stack of the name ${stack}: ${ids.join(", ")}. One may be somebody else's, and in ` +
            `use. Before you remove anything, ask for yours alone: npm run lab -- audit ${stack} --lab-id ${ids[0] ?? ""}`,
        ]
      : []),
    ...(left.some(({ by }) => by === unclaimedBy)
      ? [
          "A log group carries no tag. Look into those whose cluster is gone before you remove them: they may be another lab's.",
        ]
      : []),
  ];
}

const halfwayNote = ({ stack, resources }: NonNullable<Audit["halfway"]>): string =>
  `The last \`pulumi up\` or \`destroy\` of the stack ${stack} ended half way, or still runs: Pulumi has ${plural(resources, "resource")} of it. ` +
  `Let it remove them before you do: ${pulumiCommand("destroy", stack)}. What the next audit finds is left over.`;

const ofLab = (id: string | undefined): string => (id === undefined ? "" : `, lab ${id}`);

export function auditLines(audit: Audit, { bold, dim, red, green }: Colours): string[] {
  const { of, up, notAsked, notes, left, unasked } = audit;
  const gaps = unasked.map(({ what, why }) => red(`✘ ${what} could not be asked: ${why}`));
  if (notAsked !== undefined) return [`Nothing was asked about ${of}: ${notAsked}`];
  if (isClean(audit)) return [...notes, green(`✔ AWS has nothing of ${of}.`)];
  const head =
    left.length === 0
      ? `Nothing of ${of} was found, but not everything was asked.`
      : `AWS still has ${plural(left.length, "resource")} of ${of}, in the order in which they can go:`;
  const lines = left.flatMap(({ kind, region, id, name, by, tags, command }) => [
    `${kind}${region === "" ? "" : ` in ${region}`}: ${name === undefined || name === id ? id : `${name} (${id})`}  ${dim(`${by}${ofLab(tags[labIdTag])}`)}`,
    `  ${command}`,
  ]);
  const use =
    up === undefined ? [] : [`The stack ${up} is up, so this is in use. To remove it: ${pulumiCommand("destroy", up)}`];
  return [...gaps, ...notes, ...use, bold(head), ...lines];
}
